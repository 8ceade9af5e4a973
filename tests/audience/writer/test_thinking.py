"""What a model thinks is not said, wherever its pieces end."""

import pytest

from host_engine.audience.writer.thinking import Unthinking


def said(pieces):
    thinking = Unthinking()
    return "".join([*(thinking.feed(piece) for piece in pieces), thinking.end()]), thinking.betrayed


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_thoughts_are_taken_out(size):
    text = "<think>\nThey ask. 3 < 4 </th ink>\n</think>Yes. <Reasoning depth='2'>hm</REASONING>No, 2 < 3 <b>so</b>."
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert said(pieces) == ("Yes. No, 2 < 3 <b>so</b>.", False)


def test_a_thought_without_end_is_not_said():
    assert said(["Yes. <think>I wonder. ", "And wonder."]) == ("Yes. ", False)


def test_what_only_looks_like_a_tag_is_said():
    assert said(["a <", "thin> b <thi"]) == ("a <thin> b <thi", False)


def test_thoughts_that_nothing_opened_are_noticed():
    thinking = Unthinking()
    assert thinking.feed("I wonder. ") == "I wonder. "
    assert thinking.feed("Hm.</think>Yes.") == "Yes."
    assert thinking.betrayed


def test_endless_thoughts_take_no_memory():
    thinking = Unthinking()
    thinking.feed("<think>")
    for _ in range(1000):
        assert thinking.feed("x" * 1000) == ""
    assert len(thinking._held) < 100
