"""What models answer instead of what they were asked for."""

from __future__ import annotations

import json

import pytest

from host_engine.audience.answer import WriterError
from host_engine.scriptwriting.reply import MOST_LINES, MOST_READ, MOST_VARIANTS, Proposal, proposals

RIGHT = '{"lines": [{"about": "intro", "variants": ["Look at {title}.", "And now {title}"]}]}'
READ = [Proposal("intro", ("Look at {title}.", "And now {title}."))]


@pytest.mark.parametrize(
    "said",
    [
        RIGHT,
        f"```json\n{RIGHT}\n```",
        f"Sure! Here it is:\n{RIGHT}\nI hope you like it.",
        f"<think>They want {{ JSON }}</think>{RIGHT}",
        RIGHT.replace("]}]}", "],}],}"),
        '[{"about": "INTRO", "variants": ["Look at {title}.", "And now {title}", 7, null, {"a": 1}]}]',
        '{"intro": ["Look at {title}.", "**And** now {title} 🎉"]}',
        '{"lines": [{"about": "intro", "variants": ["<b>Look</b> at {title}.", "And\\nnow {title}"]}, {}, 3, null]}',
    ],
)
def test_the_same_lines_in_many_clothes(said: str) -> None:
    assert proposals(said, {}) == READ


@pytest.mark.parametrize(
    "said",
    ["", "I cannot help with that.", "{", "{}", "[]", '{"lines": 3}', '{"lines": [{"variants": [""]}]}', "[" * 5000,
     "x" * (MOST_READ + 1), '{"lines": [{"about": "intro", "variants": ["' + "x" * 2000 + '"]}]}'],
)  # fmt: skip
def test_what_is_no_answer_is_told(said: str) -> None:
    with pytest.raises(WriterError):
        proposals(said, {})


def test_amounts_become_fields_and_other_figures_stay() -> None:
    said = json.dumps({"lines": [{"about": "price", "variants": ["It is £28.00, not £34.00; £128.00 is another."]}]})
    (found,) = proposals(said, {"£28.00": "sale_price", "£34.00": "regular_price"})
    assert found.variants == ("It is {sale_price}, not {regular_price}; £128.00 is another.",)


def test_an_answer_is_bounded() -> None:
    many = {"lines": [{"about": "other", "variants": [f"Line {n} {k}." for k in range(20)]} for n in range(60)]}
    found = proposals(json.dumps(many), {})
    assert len(found) == MOST_LINES
    assert all(len(each.variants) == MOST_VARIANTS and each.about == "point" for each in found)
