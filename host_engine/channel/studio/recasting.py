"""Who speaks and who appears, changed while on air: other voices, and another drawn host."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar

from host_engine.access.who import Audit, Who
from host_engine.channel.studio.build import Wrap, as_it_is, draw_avatar, gender
from host_engine.channel.studio.studio import Studio
from host_engine.channel_file.config import Channel
from host_engine.direction.director import SOMEBODY, nothing, unkept
from host_engine.direction.refusals import NotDone
from host_engine.host.drawing import HOSTS
from host_engine.host.kept import Kept
from host_engine.host.voice import Voice, VoiceError, Voices, list_voices, open_voices

T = TypeVar("T")
PLAIN = re.compile(r"auto|(espeak|flite)(:[A-Za-z0-9+_-]{1,60})?")
MOST = 5  # voices in a chain


class Cast:
    """What takes long is done on a thread, and put on air between two frames; one change at a time.

    Voices change for lines that are not made ready yet. Each change is audited and told.
    """

    def __init__(self, channel: Channel, studio: Studio, threads: Executor, wrap: Wrap = as_it_is) -> None:
        """`threads`: at most one change at a time is made on them. `wrap`: as in `build`."""
        self._channel, self._studio, self._threads, self._wrap = channel, studio, threads, wrap
        self.tell: Callable[..., object] = nothing
        self.audit: Audit = unkept
        self._kept = Kept(channel.path(channel.cache) / "drawn")
        avatar = channel.avatar
        self._use = list(channel.voice.use)
        self._gender = gender(channel)
        self._host = avatar.host
        self._outfit = avatar.outfit or (HOSTS[avatar.host][0] if avatar.host in HOSTS else "")
        self._changing = asyncio.Lock()

    async def voices(self) -> dict[str, Any]:
        """Who may speak, and who does: {speaks, use, fallen, voices: [{name, here, about}]}."""
        there = [each._asdict() for each in await self._beside(list_voices)]
        own = [each for each in self._channel.voice.use if each.startswith("coqui:")]
        there += [{"name": each, "here": True, "about": "of the channel file"} for each in own]
        speaks = self._studio.voices
        return {"speaks": speaks.name, "use": self._use, "fallen": dict(speaks.fallen), "voices": there}

    async def speak_with(self, use: list[str], who: Who = SOMEBODY) -> dict[str, Any]:
        """Have these voices speak from the next line on that is made ready, in order of preference. Raises NotDone."""
        try:
            self._check(use)
            async with self._changing:
                await self._recast(use, self._gender)
        except NotDone as error:
            self.audit(who, "voice", str(error), use=use)
            raise
        self.audit(who, "voice", use=use)
        self.tell("order", order="voice", use=use, by=who.name)
        return await self.voices()

    def hosts(self) -> dict[str, Any]:
        """Who may appear, and who does: {host, outfit, filmed, hosts: [{host, outfits, voice}], why}. `why`: a sentence
        where nobody else may."""
        found = [{"host": name, "outfits": list(outfits), "voice": _gender(name)} for name, outfits in HOSTS.items()]
        filmed = self._channel.avatar.footage.name if self._channel.avatar.footage else None
        return {
            "host": self._host,
            "outfit": self._outfit,
            "filmed": filmed,
            "hosts": found,
            "why": self._why(),
        }

    async def appear(self, host: str, outfit: str | None = None, who: Who = SOMEBODY) -> dict[str, Any]:
        """Have another drawn host, or other clothes, from a frame on when they are drawn: some seconds. The voice
        changes with her. Raises NotDone."""
        try:
            outfit = self._known(host, outfit)
            async with self._changing:
                await self._dress(host, outfit)
        except NotDone as error:
            self.audit(who, "host", str(error), host=host[:40], outfit=outfit and outfit[:40])
            raise
        self.audit(who, "host", host=host, outfit=outfit)
        self.tell("order", order="host", host=host, outfit=outfit, by=who.name)
        return self.hosts()

    def _check(self, use: list[str]) -> None:
        for each in use:
            if not PLAIN.fullmatch(each) and each not in self._channel.voice.use:
                said = "Choose auto, espeak, espeak:NAME, flite, flite:NAME, or a voice that the channel file names."
                raise NotDone(said, 422)

    async def _recast(self, use: list[str], kind: str) -> None:
        language = self._studio.script.show.catalog.language

        def wrap(voice: Voice) -> Voice:
            return self._wrap("voice", voice.name, voice)

        def opened() -> Voices:
            try:
                return open_voices(use, language, None, kind, wrap=wrap)
            except VoiceError as error:
                raise NotDone(f"{str(error)[:1].upper()}{str(error)[1:300]}.", 422) from error

        self._studio.voices.become(await self._beside(opened))
        self._use, self._gender = use, kind

    def _why(self) -> str | None:
        if self._channel.avatar.footage is not None:
            return (
                "The host of this channel was filmed: put other footage under 'avatar' in the channel file and start "
                "the channel anew; it goes on with the line on air."
            )
        return None

    def _known(self, host: str, outfit: str | None) -> str:
        if why := self._why():
            raise NotDone(why, 409)
        if host not in HOSTS:
            raise NotDone(f"There is no host '{host[:40]}'; there are {', '.join(HOSTS)}.", 404)
        if outfit is not None and outfit not in HOSTS[host]:
            raise NotDone(f"{host} has no outfit '{outfit[:40]}'; there are {', '.join(HOSTS[host])}.", 404)
        return outfit or HOSTS[host][0]

    async def _dress(self, host: str, outfit: str) -> None:
        avatar = self._channel.avatar.model_copy(update={"host": host, "outfit": outfit})
        channel = self._channel.model_copy(update={"avatar": avatar})
        put_on_air = await self._beside(
            self._studio.picture.recast, lambda w, h: draw_avatar(channel, w, h, self._kept)
        )
        put_on_air()
        before, self._host, self._outfit = self._host, host, outfit
        if _gender(before) != _gender(host) and self._use == list(self._channel.voice.use):
            await self._recast(self._use, _gender(host))

    async def _beside(self, call: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)


def _gender(host: str) -> str:
    """Which kind of voice suits a host, as in `build.gender`."""
    return "man" if host == "leo" else "woman"
