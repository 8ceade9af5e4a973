"""What the items of a YouTube live chat mean for us.

By the reference of liveChatMessages (developers.google.com/youtube/v3/live/docs/liveChatMessages).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from host_engine.audience.source import Heard

REPLY = 200  # characters of a message, by YouTube
# Those who pay for the channel; what they write to it may be a question. None of them is a buyer of the shop.
COMMENTED = {"superChatEvent": "superChatDetails", "memberMilestoneChatEvent": "memberMilestoneChatDetails"}
FOLLOWS = frozenset({"newSponsorEvent", "superStickerEvent", "membershipGiftingEvent", *COMMENTED})
FIELDS = (
    "nextPageToken,pollingIntervalMillis,items(id,snippet(type,publishedAt,displayMessage,"
    "superChatDetails/userComment,memberMilestoneChatDetails/userComment),authorDetails(channelId,displayName))"
)


def heard_in(item: Any) -> Heard | None:
    """The event of the chat in an item of the list, or None where it is none, or no item at all."""
    snippet, author = part(item, "snippet"), part(item, "authorDetails")
    kind, id = _text(snippet.get("type")), _text(item.get("id")) if isinstance(item, Mapping) else ""
    who = _text(author.get("channelId")), _text(author.get("displayName"))
    sent = published(item)
    if kind == "textMessageEvent":
        return Heard(_text(snippet.get("displayMessage")), *who, sent=sent, reply_to=id, id=id)
    if kind not in FOLLOWS:
        return None
    comment = _text(part(snippet, COMMENTED.get(kind, "")).get("userComment")).strip()
    if comment:
        return Heard(comment, *who, sent=sent, reply_to=id, id=id)
    return Heard("", *who, kind="follow", sent=sent, id=id)


def part(owner: Any, name: str) -> Mapping[str, Any]:
    """An object inside another one; empty where there is none."""
    found = owner.get(name) if isinstance(owner, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def published(item: Any) -> float | None:
    """UNIX seconds at which it was written."""
    try:
        return datetime.fromisoformat(str(part(item, "snippet").get("publishedAt"))).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def reply_text(name: str, text: str) -> str:
    """One line of at most 200 characters that names whom it answers: the chat has no threads."""
    line = re.sub(r"\s+", " ", f"@{name} {text}" if name else text).strip()
    return line if len(line) <= REPLY else line[: REPLY - 1].rsplit(" ", 1)[0].rstrip() + "…"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
