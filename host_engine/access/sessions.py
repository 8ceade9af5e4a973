"""Browsers that showed a token once and are known by a cookie since."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from host_engine.access.token import hashed

MOST = 20  # of one token; who logs in once more loses the oldest


class Session(NamedTuple):
    """One browser. It opens what its token opens, as long as that is good."""

    token: str  # hash
    ends: float  # UNIX seconds


class Sessions:
    """Kept in memory, by the hash of their cookie: after a restart everybody shows the token again."""

    def __init__(self, hours: float = 12.0, clock: Callable[[], float] = time.time) -> None:
        self.seconds = round(hours * 3600)
        self._clock = clock
        self._open: OrderedDict[str, Session] = OrderedDict()  # the oldest first

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, token: str) -> str:
        """What the cookie is to hold, for the browser that showed the token with that hash."""
        now = self._clock()
        self._open = OrderedDict((key, each) for key, each in self._open.items() if each.ends > now)
        same = [key for key, each in self._open.items() if each.token == token]
        for key in same[: max(0, len(same) - MOST + 1)]:
            del self._open[key]
        secret = secrets.token_urlsafe(32)
        self._open[hashed(secret)] = Session(token, now + self.seconds)
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of a cookie, unless it is over."""
        found = self._open.get(hashed(secret))
        return found if found and found.ends > self._clock() else None

    def end(self, secret: str) -> None:
        """The browser is known no more."""
        self._open.pop(hashed(secret), None)
