"""The file with the tokens of a channel: read with suspicion, written whole or not at all."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from host_engine.access.token import Token
from host_engine.access.who import Role

LARGEST = 256 * 1024  # bytes
MOST = 200  # tokens: one for each person and each program, not one for each request
NAME = r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,39}$"
SAME = ("name", "role", "made", "expires", "revoked")

Tokens = tuple[Token, ...]


class BadTokens(ValueError):
    """A file that holds no tokens; the sentence says what is wrong, and repeats nothing of it."""


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=NAME)]
    role: Role
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    made: AwareDatetime
    expires: AwareDatetime | None = None
    revoked: AwareDatetime | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    tokens: Annotated[list[_Kept], Field(max_length=MOST)]


def parse(data: bytes) -> Tokens:
    """The tokens in a file's bytes. Raises BadTokens."""
    if len(data) > LARGEST:
        raise BadTokens(f"it is longer than {LARGEST // 1024} KB")
    try:
        found = _File.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(each)[:40] for each in first["loc"])
        raise BadTokens(f"{where + ': ' if where else ''}{first['msg']}") from None
    tokens = tuple(
        Token(each.name, each.role, each.sha256, each.made, each.expires, each.revoked) for each in found.tokens
    )
    if len({each.name for each in tokens}) < len(tokens):
        raise BadTokens("two tokens have the same name")
    if len({each.hash for each in tokens}) < len(tokens):
        raise BadTokens("two tokens have the same hash")
    return tokens


def text(tokens: Sequence[Token]) -> str:
    """What `parse` reads."""
    kept = [_Kept(sha256=each.hash, **{name: getattr(each, name) for name in SAME}) for each in tokens]
    return _File(tokens=kept).model_dump_json(indent=1) + "\n"


def read(path: Path) -> Tokens:
    """The tokens of a file; none where there is no file. Raises BadTokens with the path, OSError."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o022:
                raise BadTokens("others than its owner may write it; run chmod 600 on it")
            return parse(file.read(LARGEST + 1))
    except FileNotFoundError:
        return ()
    except BadTokens as error:
        raise BadTokens(f"{path} holds no tokens that can be trusted: {error}") from None


def change(path: Path, edit: Callable[[Tokens], Tokens]) -> Tokens:
    """Write what `edit` makes of the tokens: whole or not at all, one change after the other, mode 0600.

    Raises BadTokens where the file is none, OSError, and what `edit` raises; then the file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone(path.with_name(f"{path.name}.lock")):
        tokens = edit(read(path))
        parse(text(tokens).encode())
        write_private(path, text(tokens))
        return tokens


def write_private(path: Path, content: str) -> None:
    """A file that only its user can read, whole or not at all. Raises OSError."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """No other process changes the file meanwhile."""
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
