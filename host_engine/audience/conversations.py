"""What each viewer asked a moment ago, so that "and how much is that one?" is understood."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from host_engine.audience.answer import Answer, Earlier
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.words import words
from host_engine.audience.message import Cluster, Message
from host_engine.audience.waiting import Who, who

LAST = 180.0  # seconds in which a question may hang on the one before
REMEMBERED = 1000  # viewers
_LONGEST = 300  # signs of a question that are looked at
_HAN = ("那", "它", "呢")
_OPENINGS = ("what about", "how about", "was ist mit", "wie sieht es mit", "wie ist es mit", "che ne dici", "qu en est")
_TONGUES = ("de", "it", "fr", "es")  # whose pronouns are articles as well


class _Last(NamedTuple):
    earlier: Earlier | None  # None until it is answered
    at: float


class Conversations:
    """Never waits and never raises; bounded. Belongs to the event loop."""

    def __init__(self, clock: Callable[[], float], on_air: Callable[[], str | None] = lambda: None) -> None:
        """`on_air`: id of the product that is being presented."""
        self._clock, self._on_air = clock, on_air
        self._last: OrderedDict[Who, _Last] = OrderedDict()

    def asked(self, message: Message) -> str:
        """Note that a viewer asks; what the question hangs on, "" where it stands for itself.

        A question that hangs on another is joined to no other viewer's: the same words mean something else there.
        """
        viewer = who(message)
        if viewer is None or message.kind != "question":
            return ""
        last = self._known(viewer)
        self._keep(viewer, last.earlier if last else None)
        if last is None or not hangs(message.text):
            return ""
        same = last.earlier is not None and last.earlier.product == self._on_air()
        return "" if same else "viewer " + " ".join(viewer)

    def answered(self, cluster: Cluster, answer: Answer) -> None:
        """Note what those who asked were answered."""
        for message in cluster.messages:
            if (viewer := who(message)) is not None:
                self.note(viewer, message.text, answer)

    def note(self, viewer: Who, text: str, answer: Answer) -> None:
        """Note what a viewer was answered."""
        self._keep(viewer, Earlier(text[:_LONGEST], answer.kind, answer.product))

    def earlier(self, viewer: Who | None, text: str) -> Earlier | None:
        """What a question of a viewer hangs on; None where it stands for itself."""
        last = self._known(viewer) if viewer is not None and hangs(text) else None
        return last.earlier if last else None

    def _known(self, viewer: Who) -> _Last | None:
        last = self._last.get(viewer)
        return last if last and self._clock() - last.at <= LAST else None

    def _keep(self, viewer: Who, earlier: Earlier | None) -> None:
        self._last[viewer] = _Last(earlier, self._clock())
        self._last.move_to_end(viewer)
        while len(self._last) > REMEMBERED:
            self._last.popitem(last=False)


def hangs(text: str) -> bool:
    """Whether a question may hang on the one before, in any language; told at once, without a catalog."""
    tokens = words(text[:_LONGEST], "en")
    if not tokens:
        return False
    if tokens[0] in particles("leading") or " ".join(tokens[:4]).startswith(_OPENINGS):
        return True
    if any(sign in text for sign in _HAN):
        return True
    return any(_points(tokens, place) for place, word in enumerate(tokens) if word in particles("that_one"))


def _points(tokens: list[str], place: int) -> bool:
    """Whether a word stands for a thing alone, not before its name."""
    if tokens[place] not in particles("articles") or place + 1 == len(tokens):
        return True
    return any(tokens[place + 1] in small_words(language) for language in _TONGUES)
