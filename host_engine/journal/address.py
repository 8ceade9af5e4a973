"""Where a journal is kept: an SQLite file, or a PostgreSQL database by its URL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

POSTGRESQL = ("postgresql", "postgresql+psycopg")
SECRET = frozenset({"password", "sslpassword"})


@dataclass(frozen=True)
class Address:
    """One of `file` and `url` is there; `shown` and no other text may be shown to people."""

    shown: str
    file: Path | None = None
    url: str = ""  # for SQLAlchemy
    secrets: tuple[str, ...] = ()  # what must never reach a log, in every spelling


def address(written: str, folder: Path) -> Address:
    """The address that a channel file gives; a path starts at `folder`. Raises ValueError with a sentence."""
    scheme = written.partition("://")[0] if "://" in written else ""
    if scheme in ("", "sqlite"):
        path = folder / written.removeprefix("sqlite:///")
        return Address(str(path), file=path)
    if scheme not in POSTGRESQL:
        raise ValueError(f"a journal is a path or begins with postgresql+psycopg://, not with {scheme}://")
    parts = urlsplit(written)
    raw = [_password(parts.netloc), *(value for key, value in _pairs(parts.query) if key in SECRET)]
    secrets = {spelling for secret in raw if secret for spelling in (secret, unquote(secret))}
    url = "postgresql+psycopg" + written[len(scheme) :]
    user = parts.netloc.rpartition("@")[0].partition(":")[0]
    shown = f"postgresql://{user + '@' if user else ''}{parts.netloc.rpartition('@')[2]}{parts.path}"
    return Address(shown, url=url, secrets=tuple(sorted(secrets, key=len, reverse=True)))


def _password(netloc: str) -> str:
    return netloc.rpartition("@")[0].partition(":")[2]


def _pairs(query: str) -> list[tuple[str, str]]:
    """Keys and values as they are written, so that a secret is also known in that spelling."""
    written = [(key, value) for each in query.split("&") for key, _, value in [each.partition("=")]]
    return [*written, *parse_qsl(query)]
