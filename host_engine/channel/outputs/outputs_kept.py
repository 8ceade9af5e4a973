"""What operators did to the outputs, for the next start; no stream key and nothing that may be one is written down."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from host_engine.channel.outputs.output_requests import Wanted
from host_engine.channel_file.sending import holds_key

LONGEST = 24  # signs of a part of an address that is surely no key
HIDDEN = "-"  # in the place of the path that was not written down
SECRET = "key", "key_env"
NO_ADDRESS = (
    "Its address may hold a key, and keys are kept nowhere: since the channel was started anew it waits. Remove it, and"
    " add it again."
)
NO_KEY = (
    "Its {what} was typed in, and keys are kept nowhere: since the channel was started anew it waits. Give it its"
    " {what} again."
)


class Added(NamedTuple):
    """An output that was added on air, as it is written down."""

    written: Mapping[str, Any]  # as it was asked for, without its key
    typed: bool  # its key was typed in, or is a part of its address
    hidden: bool  # its address is not written down


class Done(NamedTuple):
    """What was done to the outputs of the channel file, and what was added to them."""

    added: Sequence[Added] = ()
    removed: Mapping[str, str] = {}  # by name, what the channel file wanted then
    stopped: Sequence[str] = ()
    keys: Mapping[str, str] = {}  # of outputs of the file, the variable that holds the key now; "": it was typed in


def fingerprint(wanted: Wanted) -> str:
    """What tells an output of the channel file from what somebody makes of it later; no secret can be read off it."""
    return hashlib.sha256(wanted.model_dump_json().encode()).hexdigest()[:16]


def noted(written: Mapping[str, Any]) -> Added:
    """What may be written down of what was asked for."""
    fields = {name: value for name, value in written.items() if value is not None and name not in SECRET}
    variable, typed, hidden = written.get("key_env"), bool(written.get("key")), False
    if variable:
        fields["key_env"] = variable
    addressed = [name for name in ("url", "backup") if fields.get(name)]
    if fields.get("kind") == "rtmp" and not typed and not variable:  # its stream key ends the address
        typed = bool(addressed)
        fields |= {name: _with_path(str(fields[name]), keyless) for name in addressed}
    for name in addressed:
        if holds_secret(str(fields[name])):
            fields[name], hidden = _with_path(str(fields[name]), lambda path: f"/{HIDDEN}"), True
    if holds_secret(str(fields.get("watch") or "")):
        del fields["watch"]
    return Added(fields, typed, hidden)


def rekeyed(added: Added, variable: str) -> Added:
    """The same with another key: that of a variable, or one that was typed in."""
    fields = {name: value for name, value in added.written.items() if name not in SECRET}
    return Added(fields | ({"key_env": variable} if variable else {}), not variable, added.hidden)


def lacks(added: Added) -> str:
    """Why an output that was added cannot go on by itself; "" where it can."""
    if added.hidden:
        return NO_ADDRESS
    return NO_KEY.format(what="token" if added.written.get("kind") == "whip" else "stream key") if added.typed else ""


def holds_secret(url: str) -> bool:
    """Whether an address has a part so long that it may be a key, or one behind the question mark."""
    parts = urlsplit(url)
    return holds_key(parts.query) or any(len(part) > LONGEST for part in parts.path.split("/"))


def to_file(done: Done) -> dict[str, Any]:
    """As it is kept in a file."""
    return {**done._asdict(), "added": [each._asdict() for each in done.added]}


def from_file(fields: Mapping[str, Any]) -> Done:
    """What was kept; what nobody of ours has written is left out."""
    added, stopped = fields.get("added"), fields.get("stopped")
    return Done(
        [found for each in (added if isinstance(added, list) else []) if (found := _added(each))],
        _texts(fields.get("removed")),
        [each for each in (stopped if isinstance(stopped, list) else []) if isinstance(each, str)],
        _texts(fields.get("keys")),
    )


def _added(each: Any) -> Added | None:
    written = each.get("written") if isinstance(each, dict) else None
    if not isinstance(written, dict) or not isinstance(written.get("name"), str):
        return None
    return Added(written, bool(each.get("typed")), bool(each.get("hidden")))


def _texts(found: Any) -> dict[str, str]:
    given = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in given if isinstance(name, str) and isinstance(value, str)}


def _with_path(url: str, change: Callable[[str], str]) -> str:
    """The address with another path, and nothing behind it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, change(parts.path), "", ""))


def keyless(path: str) -> str:
    """The path of an RTMP address without the stream key that ends it."""
    return path.rstrip("/").rpartition("/")[0]
