"""What hangs on the same viewer's last question is linked to it, for a few minutes, and joined to nobody else's."""

from __future__ import annotations

import pytest

from host_engine.audience.answer import Answer
from host_engine.audience.conversations import LAST, REMEMBERED, Conversations, hangs
from host_engine.audience.message import Cluster, Message, Viewer

ANSWER = Answer("It costs £11.90.", "en", "price", "sencha")


def message(text: str, viewer: str = "ana") -> Message:
    return Message(text, Viewer(viewer), "page", 0.0)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("and how much is that one?", True),
        ("what about the kettle", True),
        ("und was kostet der?", True),
        ("hat die auch einen Deckel?", True),
        ("e quella quanto pesa?", True),
        ("et elle coûte combien ?", True),
        ("¿y el assam?", True),
        ("那个多少钱", True),
        ("what does the kettle cost", False),
        ("was kostet die Teekanne", False),
        ("combien coûte la théière", False),
        ("茶壶多少钱", False),
        ("", False),
        ("🙂", False),
    ],
)
def test_it_is_told_at_once_whether_a_question_hangs_on_another(text: str, does: bool) -> None:
    assert hangs(text) is does


def test_a_question_hangs_on_the_last_one_of_the_same_viewer() -> None:
    clock = Clock()
    talks = Conversations(clock, lambda: "teapot")
    first = message("how much is the sencha?")
    assert talks.asked(first) == ""
    talks.answered(Cluster((first,)), ANSWER)
    assert talks.asked(message("and is that one in stock?")) == "viewer page ana"
    assert talks.asked(message("is it in stock?", "ben")) == ""
    earlier = talks.earlier(("page", "ana"), "is it in stock?")
    assert earlier is not None
    assert (earlier.product, earlier.kind) == ("sencha", "price")
    assert talks.earlier(("page", "ana"), "what does the kettle cost") is None
    assert talks.earlier(("page", "ben"), "is it in stock?") is None


def test_after_some_minutes_nothing_hangs_on_it() -> None:
    clock = Clock()
    talks = Conversations(clock)
    talks.note(("page", "ana"), "how much is the sencha?", ANSWER)
    clock.now = LAST + 1
    assert talks.earlier(("page", "ana"), "and that one?") is None
    assert talks.asked(message("and that one?")) == ""


def test_who_asked_of_what_is_shown_may_be_joined_to_others() -> None:
    talks = Conversations(Clock(), lambda: "sencha")
    talks.note(("page", "ana"), "how much is the sencha?", ANSWER)
    assert talks.asked(message("is it in stock?")) == ""


def test_a_question_that_hangs_on_one_not_answered_yet_waits_for_itself() -> None:
    talks = Conversations(Clock(), lambda: "teapot")
    talks.asked(message("how much is the sencha?"))
    assert talks.asked(message("and is that one in stock?")) != ""


def test_so_many_viewers_are_remembered_and_no_more() -> None:
    talks = Conversations(Clock())
    for number in range(REMEMBERED + 5):
        talks.note(("page", str(number)), "x", ANSWER)
    assert talks.earlier(("page", "4"), "and that one?") is None
    assert talks.earlier(("page", "5"), "and that one?") is not None
