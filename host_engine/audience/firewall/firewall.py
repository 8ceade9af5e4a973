"""The chat firewall: whether a message may reach a model, a voice or the picture, and what is left of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from host_engine.audience import personal
from host_engine.audience.firewall import disguise, refusals
from host_engine.audience.firewall.flooding import floods
from host_engine.audience.firewall.links import linked
from host_engine.audience.firewall.lists import Reason, wordings
from host_engine.audience.firewall.markup import marked_up, unescaped
from host_engine.audience.firewall.phrasebook import phrasebook
from host_engine.audience.firewall.plain import LONGEST, cleaned, skeleton, tokens, visible

GRAVEST: tuple[Reason, ...] = ("distress", "hate", "sexual", "order", "abuse", "personal", "spam")  # first


class Ruling(NamedTuple):
    """Passed where there is no reason. `text` is cleaned: one line, without emoji, at most 400 characters."""

    reason: str  # "", or "empty", "markup", "personal", "link", "order", "abuse", "hate", "sexual", "spam", "hidden",
    # "distress"
    text: str
    said: str  # of a refusal, a sentence for the viewer


class Firewall:
    """Stops what would harm viewers, the shop or the host. Pure, never raises, and costs less than a millisecond."""

    def __init__(self, own: Collection[str] = ()) -> None:
        """`own`: hosts that may be named, such as the shop's. Raises Problems where a list is wrong."""
        self._own = tuple(own)
        self._book = phrasebook()
        self._strong = frozenset(word for wording in wordings() for word in wording.strong)
        self.rule("Wérden all lists read? 好")  # now, and not when the first viewer writes

    def rule(self, text: str, language: str | None = None) -> Ruling:
        """The ruling on a message; what a viewer is told is said in `language`, or in that of the message."""
        seen = visible(text)
        clean = cleaned(seen)
        reason = self._reason(seen) if any(each.isalnum() for each in clean) else self._wordless(seen)
        return Ruling(reason, clean, refusals.said(reason, language or refusals.likely(clean)) if reason else "")

    def _wordless(self, seen: str) -> str:
        """Letters may be spelt with flags and squares; what else has no word is empty."""
        bare = skeleton(seen)
        return self._wording(seen, bare, tokens(bare)) or ("markup" if marked_up(seen) else "empty")

    def _reason(self, seen: str) -> str:
        plain = unescaped(seen)[:LONGEST]
        if floods(seen):
            return "spam"
        if marked_up(seen) or (plain != seen and marked_up(plain)):
            return "markup"
        if personal.found(seen):
            return "personal"
        return self._of_words(plain) or self._in_code(plain)

    def _of_words(self, seen: str) -> str:
        bare = skeleton(self._book.spelt(seen))
        said = tokens(bare)
        if reason := self._wording(seen, bare, said):
            return reason
        if personal.spelt_out(said):
            return "personal"
        if linked(seen, self._own):
            return "link"
        return "hidden" if disguise.apart(bare) else ""

    def _wording(self, seen: str, bare: str, said: list[str]) -> str:
        found = self._book.reasons(said)
        if not found and (mended := self._book.mended(said)) != said:
            found = self._book.reasons(mended)
        if disguise.strong_word(bare, said, self._strong):
            found.add("abuse")
        for words in () if found else disguise.others(seen, bare, said, self._book.vocabulary):
            if found := self._book.reasons(words):
                break
        return next((reason for reason in GRAVEST if reason in found), "")

    def _in_code(self, seen: str) -> str:
        """What is hidden in a code is judged as if it stood there; if it is harmless it is still not readable."""
        for text in disguise.decoded(seen):
            inside = visible(text)
            return ("markup" if marked_up(inside) else self._of_words(inside)) or "hidden"
        return ""
