"""From what an operator asks for while on air to the output that is wanted; no path and no secret is repeated."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from host_engine.channel_file.config import Channel, Keep, Recording, RtmpTarget, WhipTarget
from host_engine.direction.refusals import NotDone
from host_engine.outputs.rtmp import Refused
from host_engine.outputs.rtmp_target import Target
from host_engine.outputs.whip_address import WhipAddress

RECORDINGS = Path("recordings")  # where those are kept that are added on air, unless the channel file has a folder
STREAM_KEY = "STREAM_KEY"  # how the environment variables begin that may be named on air

WISHES = "kbps", "label", "language", "delay", "rotate", "backup", "watch"  # of a target's own; and `picture`
LIKE = {"rtmp": "rtmp://HOST/APP or rtmps://HOST/APP", "whip": "https://HOST/PATH"}

Wanted = RtmpTarget | WhipTarget | Recording


class OutputRequests:
    """Recordings go where those of the channel file go, or into a folder of their own: no path comes from a request."""

    def __init__(self, channel: Channel, environment: Mapping[str, str] = os.environ) -> None:
        self._channel, self._environment = channel, environment
        self.may_record: Callable[[], str | None] = lambda: None  # why nothing may be recorded
        self.silent: Callable[[str], str | None] = lambda language: None  # why no AI label is shown in a language
        self.admit: Callable[[Wanted], Wanted] = lambda wanted: wanted  # fills in its platform; may raise NotDone

    def wanted(self, written: Mapping[str, Any], present: Iterable[Wanted]) -> tuple[Wanted, str]:
        """What is to be made, and its key. Raises NotDone with a sentence."""
        wanted = self.without_key(written, present)
        if isinstance(wanted, Recording):
            return wanted, ""
        return wanted, self.key(wanted, str(written.get("key") or ""), str(written.get("key_env") or ""))

    def without_key(self, written: Mapping[str, Any], present: Iterable[Wanted]) -> Wanted:
        """What is to be made. Raises NotDone with a sentence."""
        try:
            if written.get("kind") == "file":
                return self._recording(written, present)
            target = self._target(written)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            if first["loc"] in (("url",), ("backup",)):  # its words may hold a key
                like = LIKE["whip" if written.get("kind") == "whip" else "rtmp"]
                raise NotDone(f"Write the address like {like}, without user, password or key.", 422) from None
            if not first["loc"]:  # of the target as a whole
                raise NotDone(f"{first['msg'].removeprefix('Value error, ').capitalize()}.", 422) from None
            said = first["msg"].removeprefix("Value error, ")
            where = ".".join(map(str, first["loc"])).replace("size", "picture", written.get("kind") != "file")
            raise NotDone(f"'{where}': {said}.", 422) from None
        admitted = self.admit(target)
        assert not isinstance(admitted, Recording)
        if admitted.language and admitted.label is None and (why := self.silent(admitted.language)):
            raise NotDone(f"{why}: give the words of the label as well.", 422)
        return admitted

    def _target(self, written: Mapping[str, Any]) -> RtmpTarget | WhipTarget:
        name, url = written.get("name", ""), str(written.get("url") or "")
        wishes: dict[str, Any] = {each: written[each] for each in WISHES if written.get(each) is not None}
        wishes |= {"size": written["picture"]} if written.get("picture") else {}
        if written.get("kind") == "whip":
            return WhipTarget(kind="whip", name=name, url=url, **wishes)
        wishes |= {"platform": written["platform"]} if written.get("platform") else {}
        return RtmpTarget(kind="rtmp", name=name, **({"url": url} if url or "platform" not in wishes else {}), **wishes)

    def key(self, target: RtmpTarget | WhipTarget, key: str, variable: str) -> str:
        """The stream key or bearer token as it is sent, itself or from the environment. Raises NotDone (422)."""
        if variable:
            known = {each.key_env for each in self._channel.outputs if isinstance(each, RtmpTarget)}
            known |= {each.token_env for each in self._channel.outputs if isinstance(each, WhipTarget)}
            if variable not in known and not variable.startswith(STREAM_KEY):
                said = f"Name a variable that the channel file's outputs name, or one that begins with {STREAM_KEY}."
                raise NotDone(said, 422)
            key = self._environment.get(variable, "")
            if not key:
                raise NotDone("The environment variable named here is not set where the channel runs.", 422)
        try:
            for url in filter(None, (target.url, target.backup)):
                if isinstance(target, WhipTarget):
                    WhipAddress.parse(url, key)
                else:
                    Target.parse(url, key)
        except Refused as error:
            raise NotDone(f"This cannot be sent to: {error}.", 422) from None
        return key

    def _recording(self, written: Mapping[str, Any], present: Iterable[Wanted]) -> Recording:
        if refused := self.may_record():
            raise NotDone(f"Nothing may be recorded: {refused}.", 409)
        name, days, size = str(written.get("name") or ""), written.get("days"), written.get("size")
        folder = next((each.path.parent for each in self._channel.outputs if isinstance(each, Recording)), RECORDINGS)
        path = folder / f"{name}-{{date}}-{{time}}.{written.get('format') or 'mp4'}"
        if any(isinstance(each, Recording) and each.path == path for each in present):
            raise NotDone("Another recording has these files already; choose another name.", 409)
        keep = Keep(days=days, size=size) if days or size else None
        more = {"segment": written["segment"]} if written.get("segment") else {}
        return Recording(kind="file", name=name, path=path, keep=keep, **more)


def wishes(wanted: Wanted) -> dict[str, Any]:
    """What an output wants otherwise than the channel; of addresses only the servers."""
    found: dict[str, Any]
    if isinstance(wanted, Recording):
        keep = wanted.keep
        found = {"segment": wanted.segment, "days": keep and keep.days, "size": keep and keep.size}
    else:
        found = {name: getattr(wanted, name) for name in ("kbps", "label", "language", "delay", "rotate")}
        found |= {"platform": getattr(wanted, "platform", None), "picture": wanted.size and list(wanted.size)}
        found |= {name: _server(url) for name in ("backup", "watch") if (url := getattr(wanted, name))}
    return {name: value for name, value in found.items() if value}


def goes_to(wanted: Wanted) -> str:
    """Where an output goes, for people: never the path on a server, which may hold the key."""
    return wanted.path.name if isinstance(wanted, Recording) else _server(wanted.url)


def _server(url: str) -> str:
    parts = urlsplit(url)
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = ""
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}/..."
