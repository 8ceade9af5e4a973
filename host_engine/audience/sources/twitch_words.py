"""What Twitch's commands mean for us: questions, followers, refusals, and how a reply must look."""

from __future__ import annotations

import re
from collections.abc import Mapping

from host_engine.audience.source import Heard
from host_engine.audience.sources.irc import Line

REPLY = 500  # characters of a message, by Twitch
# USERNOTICE: those who pay for the channel. None of them is a buyer of the shop.
FOLLOWS = frozenset({"sub", "resub", "subgift", "submysterygift", "giftpaidupgrade", "primepaidupgrade"})
NOT_LET_IN = frozenset({"403", "405", "471", "473", "474", "475", "477"})
LOGIN = ("login authentication failed", "improperly formatted auth", "login unsuccessful", "invalid nick")
CLOSED = frozenset({"msg_channel_suspended", "tos_ban", "msg_banned"})
NOT_SENT = {
    "msg_ratelimit": "too many messages were sent",
    "msg_duplicate": "the same was sent within 30 seconds",
    "msg_slowmode": "the channel is in slow mode",
    "msg_followersonly": "only followers may write",
    "msg_followersonly_followed": "only those who have followed for longer may write",
    "msg_followersonly_zero": "only followers may write",
    "msg_subsonly": "only subscribers may write",
    "msg_emoteonly": "only emotes may be written",
    "msg_rejected": "Twitch's moderation holds the message back",
    "msg_rejected_mandatory": "Twitch's moderation refuses the message",
    "msg_requires_verified_phone_number": "the account has no verified phone number",
    "msg_verified_email": "the account has no verified e-mail address",
    "msg_timedout": "the account may not write for a while",
    "msg_bad_characters": "the message holds signs that are not allowed",
}


def heard_in(line: Line, channel: str, own: str) -> Heard | None:
    """The event of the chat that is in a line, or None. What we wrote ourselves is none."""
    if not line.params or line.params[0].lower() != channel or line.nick.lower() == own:
        return None
    if line.command == "PRIVMSG" and len(line.params) > 1:
        return _message(line, line.last)
    if line.command == "USERNOTICE" and line.tags.get("msg-id") in FOLLOWS:
        if len(line.params) > 1:  # somebody who stays a subscriber wrote something to it
            return _message(line, line.last)
        return _message(line, "")._replace(kind="follow", reply_to="")  # there is no thread under a notice
    return None


def _message(line: Line, text: str) -> Heard:
    tags = line.tags
    login = tags.get("login") or line.nick
    said = text.removeprefix("\x01ACTION ").removesuffix("\x01") if text.startswith("\x01ACTION ") else text
    id = tags.get("id", "")
    # A reply within a thread names the thread's first message: the answer belongs there, too.
    thread = tags.get("reply-thread-parent-msg-id") or tags.get("reply-parent-msg-id") or id
    name = tags.get("display-name", "").strip() or login
    return Heard(said, tags.get("user-id") or login, name, sent=_seconds(tags), reply_to=thread, id=id)


def _seconds(tags: Mapping[str, str]) -> float | None:
    sent = tags.get("tmi-sent-ts", "")
    return int(sent) / 1000 if re.fullmatch(r"[0-9]{10,16}", sent) else None


def refusal(line: Line, joined: bool) -> str:
    """Why the server refuses us or a reply, "" where it does not."""
    text = line.last.lower()
    if line.command == "464" or (not joined and line.command == "ERROR" and "password" in text):
        return "the server refuses the password: see to the value of the variable that key_env names"
    if line.command == "433":
        return "another one has this name already"
    if line.command != "NOTICE":
        return ""
    if not joined and any(each in text for each in LOGIN):
        return (
            "Twitch refuses the login: make a new token with chat:read and chat:edit for this account and put it into"
            " the variable that key_env names"
        )
    reason = line.tags.get("msg-id", "")
    if reason in CLOSED:
        return f"the channel or the account is closed: {line.last[:200]}"
    if not reason.startswith("msg_"):
        return ""
    return f"Twitch did not take the reply: {NOT_SENT.get(reason, line.last[:200])}"


def reply_text(text: str) -> str:
    """One line of at most 500 characters that is no command of the chat, whatever name stands in it."""
    line = re.sub(r"[\x00-\x20\x7f]+", " ", text).strip().lstrip("/.! ")
    return line if len(line) <= REPLY else line[: REPLY - 1].rsplit(" ", 1)[0].rstrip() + "…"
