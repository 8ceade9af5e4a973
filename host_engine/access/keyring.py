"""The tokens that open a running channel: those of its file, as it is now, and one of this run."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from host_engine.access.token import LONGEST, Token, hashed
from host_engine.access.token_file import BadTokens, read
from host_engine.alarms import Alarms

log = logging.getLogger(__name__)

ALARM = "access/tokens"
SPELLED = {"good": "is good", "revoked": "was revoked", "expired": "has expired"}


class Keyring:
    """The file is read again whenever it changed: who is revoked is out with the next request.

    A look costs some microseconds, reading the largest file a millisecond. A file that cannot be read opens nothing.
    """

    def __init__(
        self, path: Path, alarms: Alarms | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.path, self.now = path, now
        self.changed: Callable[[str], None] = lambda sentence: None  # told of each token that came or went
        self._alarms = alarms
        self._own: Token | None = None
        self._kept: dict[str, Token] = {}  # by hash
        self._seen: tuple[int, ...] | None = None
        self._read()

    @property
    def some(self) -> bool:
        """Whether the file has a token that opens anything."""
        self.look()
        now = self.now()
        return any(each.state(now) == "good" for each in self._kept.values())

    def add(self, token: Token) -> None:
        """The token of this run, which is in no file."""
        self._own = token

    def find(self, secret: str) -> Token | None:
        """The token with that secret, in whatever state.

        Finding it by its hash tells nothing to who measures the time: hashes cannot be steered.
        """
        return self.get(hashed(secret)) if len(secret) <= LONGEST else None

    def get(self, hash: str) -> Token | None:
        """The token with that hash, in whatever state."""
        self.look()
        if self._own is not None and hash == self._own.hash:
            return self._own
        return self._kept.get(hash)

    def good(self, hash: str) -> Token | None:
        """The token with that hash, if it opens anything now."""
        token = self.get(hash)
        return token if token and token.state(self.now()) == "good" else None

    def named(self, name: str) -> Token | None:
        """The token of that name, if it opens anything now."""
        self.look()
        now = self.now()
        tokens = [*self._kept.values(), *([self._own] if self._own else [])]
        return next((each for each in tokens if each.name == name and each.state(now) == "good"), None)

    def look(self) -> None:
        """Read the file again if it changed."""
        if self._identity() != self._seen:
            before = self._kept
            self._read()
            for sentence in _differences(before, self._kept, self.now()):
                log.info("%s", sentence)
                self.changed(sentence)

    def _read(self) -> None:
        self._seen = self._identity()
        problem = None
        try:
            self._kept = {each.hash: each for each in read(self.path)}
        except (BadTokens, OSError) as error:
            self._kept = {}
            problem = f"{error}. No token of that file opens anything until it is mended."
            log.error("%s", problem)
        if self._alarms:
            self._alarms.check(ALARM, problem)

    def _identity(self) -> tuple[int, ...] | None:
        try:
            found = os.stat(self.path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode


def _differences(before: dict[str, Token], after: dict[str, Token], now: datetime) -> list[str]:
    sentences = [f"The token '{each.name}' was made, for the role {each.role}." for hash, each in after.items()
                 if hash not in before]  # fmt: skip
    sentences += [f"The token '{each.name}' was taken away." for hash, each in before.items() if hash not in after]
    for hash, each in after.items():
        if hash in before and before[hash].state(now) != each.state(now):
            sentences.append(f"The token '{each.name}' {SPELLED[each.state(now)]}.")
        elif hash in before and before[hash] != each:
            sentences.append(f"The token '{each.name}' was changed: its role is {each.role}.")
    return sentences
