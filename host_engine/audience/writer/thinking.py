"""What a model thinks aloud between tags is taken out of what it says, while it streams."""

from __future__ import annotations

import re

_NAMES = "think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad"
_OPEN = re.compile(rf"<\s*({_NAMES})\b[^<>]{{0,40}}>", re.IGNORECASE)
_CLOSE = re.compile(rf"<\s*/\s*(?:{_NAMES})\s*>", re.IGNORECASE)
_STARTED = re.compile(r"</?(?:[A-Za-z][^<>]{0,60})?$")  # what may become a tag
_LONGEST_TAG = 64


class Unthinking:
    """Lets through what stands outside of thinking tags; the start of what may be a tag is held back until it is known.

    A closing tag that nothing opened ends thoughts that began with the answer: `betrayed` is then True, and what was
    let through so far was thought, not said.
    """

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self.betrayed = False

    def feed(self, text: str) -> str:
        """What is said of the text so far, and was not let through before."""
        self._held += text
        said = ""
        while True:
            if self._inside:
                close = _CLOSE.search(self._held)
                if close is None:
                    self._held = self._held[-_LONGEST_TAG:]
                    return said
                self._held, self._inside = self._held[close.end() :], False
                continue
            found = min(filter(None, (_OPEN.search(self._held), _CLOSE.search(self._held))), default=None, key=_start)
            if found is None:
                break
            self._inside = found.re is _OPEN
            self.betrayed = self.betrayed or not self._inside
            said += self._held[: found.start()] if self._inside else ""
            self._held = self._held[found.end() :]
        started = _STARTED.search(self._held)
        cut = started.start() if started else len(self._held)
        said, self._held = said + self._held[:cut], self._held[cut:]
        return said

    def end(self) -> str:
        """What was held back and is said after all; an open thought is not."""
        rest, self._held = ("" if self._inside else self._held), ""
        return rest


def _start(found: re.Match[str]) -> int:
    return found.start()
