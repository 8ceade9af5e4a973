"""Making and revoking tokens."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

from host_engine.access.token import Token, hashed, new_secret
from host_engine.access.token_file import MOST, NAME, Tokens, change
from host_engine.access.who import Role
from host_engine.document.quantities import seconds

LONGEST = timedelta(days=3660)


def span(words: str) -> timedelta | None:
    """How long a token lives: "12h" or "30d"; None for "never". Raises ValueError with a sentence."""
    if words == "never":
        return None
    if not re.fullmatch(r"[0-9.dhms ]{1,20}", words) or not words.rstrip().endswith(("d", "h", "m", "s")):
        raise ValueError(f"'{words[:40]}' is no time for a token to live; write it like 12h or 30d, or never")
    lives = timedelta(seconds=min(float(seconds(words)), 1e10))
    if not timedelta() < lives <= LONGEST:
        raise ValueError("a token can live for at most ten years; write it like 12h or 30d, or write never")
    return lives


def make(path: Path, name: str, role: Role, lives: timedelta | None, now: datetime) -> tuple[str, Token]:
    """A new token in the file: its secret, which nobody can find out again, and what is kept.

    Raises ValueError where the name is none or taken by a token that is still good, BadTokens, OSError.
    """
    if not re.fullmatch(NAME, name):
        raise ValueError("this is no name for a token: write up to 40 letters, digits and . _ @ -, such as anna")
    secret = new_secret()
    made = now.replace(microsecond=0)
    fresh = Token(name, role, hashed(secret), made, made + lives if lives else None)

    def edit(tokens: Tokens) -> Tokens:
        if any(each.name == name and each.state(now) == "good" for each in tokens):
            raise ValueError(f"there is a token '{name}' already; revoke it first, or choose another name")
        return (*_room([each for each in tokens if each.name != name], now), fresh)

    change(path, edit)
    return secret, fresh


def revoke(path: Path, name: str, now: datetime) -> Token:
    """Make a token useless, at once. Raises ValueError where there is none of that name, BadTokens, OSError."""

    def edit(tokens: Tokens) -> Tokens:
        if not any(each.name == name for each in tokens):
            raise ValueError(f"there is no token '{name[:40]}'; host-engine token list shows those there are")
        gone = now.replace(microsecond=0)
        return tuple(each._replace(revoked=each.revoked or gone) if each.name == name else each for each in tokens)

    return next(each for each in change(path, edit) if each.name == name)


def _room(tokens: list[Token], now: datetime) -> list[Token]:
    """The tokens, without the oldest that open nothing any more where there are too many. Raises ValueError."""
    useless = sorted((each for each in tokens if each.state(now) != "good"), key=lambda each: each.made)
    while len(tokens) >= MOST and useless:
        tokens.remove(useless.pop(0))
    if len(tokens) >= MOST:
        raise ValueError(f"there are {MOST} tokens already; revoke one that nobody uses")
    return tokens
