import pytest

from diffava_foley.training.embedded import classes


def test_names_are_unique_and_unseen_captions_are_never_taught():
    names = [sound.name for sound in classes.SOUNDS]
    taught = {caption for sound in classes.SOUNDS for caption in sound.captions} | set(names)

    assert len(set(names)) == len(names)
    assert not taught & {caption for sound in classes.SOUNDS for caption in sound.unseen}
    assert all(sound.captions and sound.unseen and sound.judge for sound in classes.SOUNDS)


@pytest.mark.parametrize(
    ("kind", "label", "name"),
    [
        ("wood chop/saw", "chopping wood with an axe [resource lumbering]", "wood chopping"),
        ("wood chop/saw", "mining stone with a pickaxe [resource mining]", "pickaxe"),
        ("wood chop/saw", "hand saw", "sawing"),
        ("chicken/rooster", "rooster", "rooster"),
        ("chicken/rooster", "hen", "hen"),
        ("fire", "crackling fire", "fire"),
        ("footsteps", "walk t gravel [plmove]", "footsteps on gravel"),
        ("footsteps", "walk t concrete [plmove]", "footsteps on a hard floor"),
        ("door", "door wood knock", "knocking"),
        ("door", "close door [close door door wood]", "door"),
    ],
)
def test_a_row_of_the_table_is_the_sound_its_label_says(kind, label, name):
    sound = classes.of(kind, label)

    assert sound is not None
    assert sound.name == name


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("fire", "rifle fire"),
        ("chicken/rooster", "pistol cock"),
        ("car/engine", "car horn"),
        ("other", "can opening"),
        ("door", "tree creak"),
        ("sheep/goat", "ram attack [attack siege]"),
    ],
)
def test_a_row_whose_label_deceives_is_not_learnt(kind, label):
    assert classes.of(kind, label) is None
