"""What the events of TikTokLive mean for us. Its versions name the same things differently, so all names are tried."""

from __future__ import annotations

from typing import Any

from host_engine.audience.source import Heard

NAMES = ("nickname", "nick_name", "username", "display_id", "unique_id")
IDS = ("unique_id", "display_id", "username", "id_str", "id")


def commented(event: Any) -> Heard | None:
    """A comment; None where it holds no text."""
    text = first(event, ("comment", "content"))
    viewer, name = who(event)
    return Heard(text, viewer, name, language=_language(event), sent=sent(event), id=id_of(event)) if text else None


def followed(event: Any) -> Heard | None:
    """A follow, or a gift. A gift that is repeated is told once, when its row is over; it makes nobody a buyer."""
    try:
        if getattr(event, "streaking", False) is True:
            return None
    except Exception:  # a property of the library over fields that TikTok left out
        return None
    viewer, name = who(event)
    return Heard("", viewer, name, kind="follow", sent=sent(event), id=id_of(event)) if viewer or name else None


def who(event: Any) -> tuple[str, str]:
    """The viewer's id and name."""
    user = part(event, ("user", "user_info"))
    return first(user, IDS), first(user, NAMES)


def sent(event: Any) -> float | None:
    """UNIX seconds at which TikTok made the event; it tells seconds or milliseconds."""
    made = number(part(event, ("common", "base_message", "message")), ("create_time",))
    if not made:
        return None
    return made / 1000 if made > 1e11 else made


def id_of(event: Any) -> str:
    found = number(part(event, ("common", "base_message", "message")), ("msg_id", "message_id"))
    return str(int(found)) if found else ""


def part(owner: Any, names: tuple[str, ...]) -> Any:
    return next((found for name in names if (found := _get(owner, name)) is not None), None)


def first(owner: Any, names: tuple[str, ...]) -> str:
    """The first of these fields that holds something, as text."""
    for name in names:
        found = _get(owner, name)
        if isinstance(found, str) and found.strip():
            return found.strip()
        if isinstance(found, int) and found and not isinstance(found, bool):
            return str(found)
    return ""


def number(owner: Any, names: tuple[str, ...]) -> float:
    for name in names:
        found = _get(owner, name)
        if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 25:
            return float(int(found))
        if isinstance(found, int | float) and found > 0:
            return float(found)
    return 0.0


def _language(event: Any) -> str | None:
    found = first(event, ("content_language",))
    return found if 1 < len(found) < 12 else None


def _get(owner: Any, name: str) -> Any:
    """A field; many are properties of the library that fail where TikTok left something out."""
    try:
        return getattr(owner, name, None)
    except Exception:
        return None
