"""File names by a template: safe on every system, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffava_foley.errors import FoleyError
from diffava_foley.naming import EXAMPLE, FIELDS, LONGEST_NAME, check_template, file_name


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{timeline}_{track}_{clip}_{take}", "reel-2_V1_sh010.mov_3"),
        ("{shot}_{seed:04}", "V1.2-1_0007"),
        ("FX {caption}", "FX-a-glass-breaks"),
        ("{clip}{{x}}", "sh010.mov-x"),
        ("plain", "plain"),
    ],
)
def test_a_template_names_a_file(template: str, name: str) -> None:
    fields = {"timeline": "reel 2", "track": "V1", "clip": "sh010.mov", "shot": "V1.2/1"}
    more = {"caption": "a glass breaks!", "take": 3, "seed": 7}
    check_template(template)

    assert file_name(template, {**fields, **more}) == name


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{scene}", r"speaks of \{scene\}; there is \{timeline\}"),
        ("{}", r"speaks of \{\}"),
        ("{clip.upper}", r"speaks of \{clip.upper\}"),
        ("{clip[0]}", "speaks of"),
        ("{clip", "cannot be read"),
        ("{take:x<y}", "cannot be read"),
        ("{clip!z}", "cannot be read"),
    ],
)
def test_what_names_no_file_is_refused_in_one_line(template: str, words: str) -> None:
    with pytest.raises(FoleyError, match=words) as refused:
        check_template(template)

    assert "\n" not in str(refused.value)


@given(st.sampled_from(FIELDS[:5]), st.text(max_size=300))
def test_a_name_is_safe_on_every_system(field: str, text: str) -> None:
    name = file_name(f"{{{field}}}", {**EXAMPLE, field: text})

    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n\t ')
    assert name[0] not in ".-"
    assert name[-1] != "."
    assert len(name.encode()) <= LONGEST_NAME


@pytest.mark.parametrize("clip", ["CON", "nul.mov", "..", "", "/", "COM1"])
def test_names_that_systems_keep_for_themselves_are_avoided(clip: str) -> None:
    assert file_name("{clip}", {"clip": clip}).lower() not in {"con", "nul.mov", "..", "", "com1"}
