"""Briefs as advertisers write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_engine.document import Problems
from host_engine.scriptwriting.brief import load_brief

BRIEF = """\
audience: people who drink tea in the evening
tone: warm and dry, never pushy
must-say:
  - We post every order within two working days.
  - {text: "You find {title} under the card.", each: true}
must_not_say: [cheap*, guru]
call-to-action: Tap the card.
seconds: 60
prompt: Begin with the pot.
"""


def test_a_brief_is_read(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text(BRIEF)
    brief = load_brief(path)
    assert brief.must_say[0].text.startswith("We post")
    assert brief.must_say[1].each
    assert brief.call_to_action == ("Tap the card.",)
    assert brief.forbidden.found("A cheaper one for gurus") == ("cheap",)


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("must_say: [Buy it cheaper.]\nmust_not_say: [cheap*]", 1, "must be said, and must not be said: cheap"),
        ("call_to_action: [Buy it cheap.]\nmust_not_say: [cheap]", 1, "must not be said, by this brief itself"),
        ("must_not_say: [cheap, Cheap]", 1, "stands here twice"),
        ("tone: warm\nseconds: 2", 2, "seconds"),
        ("must_say: [{text: x, product: a, each: true}]", 1, "either 'product' or 'each'"),
        ("colour: red", 1, "colour"),
        ("must_say: {a: 1}", 1, "must_say"),
        ("language: xx", 1, "not a language"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, sentence: str) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text(text)
    with pytest.raises(Problems) as found:
        load_brief(path)
    assert any(each.line == line and sentence in str(each) for each in found.value.problems), found.value
