import pytest
from opentimelineio.schema import Marker

from diffava_foley.timeline.captions import caption_of


def marker(name="", comment="", colour="RED", **metadata) -> Marker:
    return Marker(name, color=colour, comment=comment, metadata=metadata)


def text_and_field(marker, *rule):
    caption = caption_of(marker, *rule)
    return caption and (caption.text, caption.field)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        # Kdenlive keeps the text in OpenTimelineIO's own field
        (marker(comment="rain", kdenlive={"type": 0}), ("rain", "comment")),
        # Resolve
        (
            marker("Marker 1", Resolve_OTIO={"Keywords": [], "Note": "glass breaks"}),
            ("glass breaks", "Resolve note"),
        ),
        (marker("door", Resolve_OTIO={"Note": ""}), ("door", "name")),
        # Premiere through FCP7 XML; the comment may be null
        (marker("m", fcp_xml={"comment": "steps"}), ("steps", "Premiere comment")),
        (marker("steps", fcp_xml={"comment": None}), ("steps", "name")),
        # Avid through AAF
        (marker("cat", AAF={"Comment": "cat purrs"}), ("cat purrs", "Avid comment")),
        (marker("", AAF={"UserComments": {"Comment": "saw"}}), ("saw", "Avid comment")),
        # Hiero
        (marker("Check", note="a door slams", label="Check"), ("a door slams", "note")),
        # everybody else
        (marker("ANIM FIX NEEDED", cmx_3600={"color": "RED"}), ("ANIM FIX NEEDED", "name")),
        (marker("  two \n  lines "), ("two lines", "name")),
    ],
)
def test_the_text_is_found_wherever_an_editor_keeps_it(made, expected):
    assert text_and_field(made) == expected


@pytest.mark.parametrize(
    "made",
    [
        marker(),
        marker(" \n\t"),
        marker("Marker 12", Resolve_OTIO={"Note": "", "Keywords": []}),
        marker("AYONData", Resolve_OTIO={"Note": '{"resolve_sub_products": {"a": 1}}'}),
        marker("tag", json_metadata='{"hiero_sub_products": {}}', note="AYON data container"),
        marker("openpypeData", id="pyblish.avalon.instance", note="OpenPype data container"),
        marker("AYONdata_1fa7d197"),
        marker("comp", note="Compositing", label="comp", family="task", type="Compositing"),
        marker("DiffAVA Foley", Resolve_OTIO={"Note": "3 of 5 sounds were placed"}),
    ],
)
def test_a_marker_without_words_of_a_person_has_no_caption(made):
    assert caption_of(made) is None


def test_words_in_braces_are_a_caption():
    assert text_and_field(marker("{soft} rain")) == ("{soft} rain", "name")


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (marker("foley: rain"), ("rain", "name")),
        (marker("FOLEY:rain"), ("rain", "name")),
        (marker("foley rain"), None),
        (marker("foley: rain", comment="ask Ann"), ("rain", "name")),
        (marker("Foley", Resolve_OTIO={"Note": "rain"}), ("rain", "Resolve note")),
        (marker("rain"), None),
        (marker("foley:"), None),
    ],
)
def test_with_a_prefix_only_what_follows_it_counts(made, expected):
    assert text_and_field(made, "foley:") == expected


def test_a_prefix_is_a_whole_word():
    assert text_and_field(marker("SFX – rain"), "sfx") == ("rain", "name")
    assert text_and_field(marker("sfxs rain"), "sfx") is None


def test_with_colours_only_markers_of_these_count():
    chosen = frozenset({"green", "Mint"})

    assert caption_of(marker("rain", colour="GREEN"), None, chosen)
    assert caption_of(marker("rain", colour="MINT"), None, chosen)
    assert caption_of(marker("rain", colour="RED"), None, chosen) is None
    assert caption_of(marker("rain", colour=""), None, chosen) is None
