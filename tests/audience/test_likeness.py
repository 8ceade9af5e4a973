"""Questions that mean the same in other words."""

from __future__ import annotations

from concurrent.futures import Executor, Future

import numpy as np
import pytest

from host_engine.audience.event import Event
from host_engine.audience.inbox import NEAR, Inbox
from host_engine.audience.likeness import WAITING, Likeness
from host_engine.audience.meaning import Meaning
from host_engine.audience.message import Message, Viewer
from host_engine.channel_file.asking import Limits


class Later(Executor):
    """Work that is done when the test says so."""

    def __init__(self):
        self.work = []

    def submit(self, work, /, *args, **kwargs):
        self.work.append(lambda: work(*args, **kwargs))
        return Future()

    def catch_up(self):
        work, self.work = self.work, []
        for each in work:
            each()


@pytest.fixture(scope="module")
def meaning():
    return Meaning()


def test_it_never_waits_and_is_bounded():
    threads, asked = Later(), []

    def vectors(texts):
        asked.append(texts)
        return np.ones((1, 1), np.float32)

    likeness = Likeness(vectors, threads, clock=lambda: 0.0)
    for k in range(1000):
        likeness.learn(f"question {k}")
        likeness.learn("question 0")
    assert len(threads.work) == WAITING
    assert likeness.near("question 0", "question 1") == 0.0
    threads.catch_up()
    assert likeness.near("question 0", "question 1") == 1.0
    assert len(asked) == WAITING


def test_only_what_is_asked_is_learnt():
    threads = Later()
    likeness = Likeness(lambda texts: np.ones((1, 1), np.float32), threads)
    likeness.heard(Event("answered", "1", 0.0, text="a"))
    assert not threads.work
    likeness.heard(Event("asked", "1", 0.0, text="a"))
    assert len(threads.work) == 1


def test_a_network_that_is_away_makes_everything_different(caplog):
    threads = Later()
    likeness = Likeness(lambda texts: 1 / 0, threads)
    likeness.learn("a")
    threads.catch_up()
    likeness.learn("b")
    assert not threads.work
    assert likeness.near("a", "a") == 0.0
    assert "cannot be compared" in caplog.text


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("how much is the teapot", "what does the teapot cost", True),
        ("how much is the teapot", "price of the teapot?", True),
        ("how much is the teapot", "how much is the kettle", False),
        ("is it available in blue", "is it available in black", False),
        ("can I use it before meals", "can I use it after meals", False),
        ("do you have the large one", "do you have the small one", False),
        ("can it go in the oven at 180", "can it go in the oven at 250", False),
        ("is the serum vegan", "is the cream vegan", False),
    ],
)
def test_the_same_in_other_words_gets_one_answer(meaning, one, other, alike):
    threads = Later()
    likeness = Likeness(meaning.vectors, threads)
    inbox = Inbox(Limits(), lambda: 0.0, likeness.near)
    for k, text in enumerate((one, other)):
        inbox.offer(Message(text, Viewer(str(k)), "page", 0.0))
        likeness.learn(text)
    threads.catch_up()
    assert (likeness.near(one, other) >= NEAR) or not alike
    assert len(inbox.next().messages) == 1 + alike
