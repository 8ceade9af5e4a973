"""A token: what somebody shows to act upon a channel. Its secret is nowhere but with them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Literal, NamedTuple

from host_engine.access.who import Role

SECRET = "he_"  # how each secret begins, so that one that leaked into a repository or a log can be searched for
LONGEST = 200  # letters of a secret that are looked at

State = Literal["good", "expired", "revoked"]


class Token(NamedTuple):
    """What is kept of a token. All times carry a zone."""

    name: str
    role: Role
    hash: str  # hex of SHA-256
    made: datetime
    expires: datetime | None = None  # None: never
    revoked: datetime | None = None

    def state(self, now: datetime) -> State:
        """Whether it opens anything now."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= now else "good"


def new_secret() -> str:
    """256 random bits as text."""
    return SECRET + secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """The hash of a secret: SHA-256, hex.

    A slow hash, such as scrypt, protects words that people choose. 256 random bits cannot be guessed, whatever a try
    costs; and each request is hashed on the loop of the tick, which a slow one would hold up.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
