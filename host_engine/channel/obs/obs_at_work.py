"""OBS joined to the channel: it follows the scenes of the show, and the show never waits for it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from host_engine.access.who import Audit, Who
from host_engine.channel.obs.numbering import number
from host_engine.channel.obs.obs_slate import draw_slate, is_here, slate_file, slate_for_obs
from host_engine.channel_file.config import FEED, OBS, OBS_STREAM, Channel
from host_engine.direction.director import SOMEBODY
from host_engine.direction.refusals import NotDone
from host_engine.obs.client import Client, Lost
from host_engine.obs.collection import slate_of
from host_engine.obs.device import Device
from host_engine.obs.device_state import TROUBLES, State
from host_engine.obs.feed import feed_source
from host_engine.obs.feed_watch import FeedWatch
from host_engine.obs.wanted import Source, Stream, Wanted, wanted_of
from host_engine.priority import stand_back
from host_engine.show.catalog import Catalog
from host_engine.show.obs_scene import Hand
from host_engine.show.scene import Scene, load_scenes

if TYPE_CHECKING:
    from host_engine.channel.on_air.running import Running
    from host_engine.timing import Row

log = logging.getLogger(__name__)

END = 1.0  # seconds that OBS gets to show the slate when the channel ends
ORDER = 8.0  # seconds after which an operator is told that OBS takes too long
Job = Callable[[], Awaitable[None]]


class ObsAtWork:
    """The scene of the picture on air decides which one OBS shows; all else is said by the files.

    Without OBS the show goes on all the same: an alarm says so, and OBS is put right when it is back.
    """

    def __init__(self, running: Running, tell: Callable[..., object], audit: Audit) -> None:
        """May take a second, as the slate for OBS is drawn where it is not there yet."""
        channel, keys, studio = running.channel, running.keys, running.studio
        assert channel.obs
        self.tell, self.audit = tell, audit
        self._alarms, self._picture, self._outputs = running.alarms, studio.picture, running.outputs
        scenes = load_scenes(channel.path(channel.scenes))
        self._feed, self._wanted = _wanted(channel, keys, scenes, _slate(channel, studio.script.show.catalog))
        self._slate = next((name for name in self._wanted if name in scenes and scenes[name].kind == "slate"), None)
        self._by_hand: Hand | None = None  # what an operator has said
        self._shown: tuple[str, int] = studio.picture.shown
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connect = partial(Client, channel.obs.host, channel.obs.port, keys.get(OBS, ""))
        self._runs = 0
        self.device = self._device()
        self._known = self.device.state
        self._brokered = channel.obs.feed.way == "rtmp"
        trouble = partial(self._alarms.check, "obs/feed")
        number(studio.program)
        frame = lambda: running.clock.n  # noqa: E731
        key = studio.program.force_key
        self.feed = FeedWatch(self._feed, channel.format.fps, self.ask, frame, self._sending, trouble, key)
        studio.timings.hooks.append(self._frame)

    @property
    def feed_name(self) -> str:
        """What the engine's picture is called in OBS."""
        return self._feed.name

    @property
    def jobs(self) -> dict[str, Job]:
        """What is to be kept running while the channel is on air."""
        return {"obs": self.run, "obs feed": self.feed.run}

    async def run(self) -> None:
        """Steer OBS until cancelled; then it is left with the slate."""
        self._loop, self._runs = asyncio.get_running_loop(), self._runs + 1
        if self._runs > 1:
            before, self.device = self.device, self._device()
            self.device.watches = before.watches
        done: Future[None] = Future()
        Thread(target=_run, args=(self.device, done), name="obs", daemon=True).start()
        ended = asyncio.wrap_future(done)
        try:
            await asyncio.shield(ended)
        finally:
            self.device.close(self._wanted[self._slate] if self._slate else None)
            await asyncio.wait([ended], timeout=END)

    def ask(self, name: str, **data: Any) -> Future[dict[str, Any]]:
        """Any request of obs-websocket; see `Device.ask`."""
        return self.device.ask(name, **data)

    def status(self) -> dict[str, Any]:
        """For /status, which anybody may read."""
        return self.device.state.brief() | {"feed": self.feed.status()}

    def shown(self) -> dict[str, Any]:
        """For operators."""
        return self.device.state.whole() | {"by_hand": self._by_hand, "feed": self.feed.status()}

    async def put_right(self, who: Who = SOMEBODY) -> dict[str, Any]:
        """Put everything right now, whoever changed it. Raises NotDone where OBS is not there."""
        try:
            async with asyncio.timeout(ORDER):
                await asyncio.wrap_future(self.device.put_right())
        except Lost as lost:
            self._refused(who, str(lost))
        except TimeoutError:
            self._refused(who, "OBS takes too long; look again in a moment.")
        if self.device.state.link != "steered":
            self._refused(who, self.device.state.said or "OBS is not steered at the moment; look again.")
        self.audit(who, "put OBS right")
        self.tell("order", order="put OBS right", by=who.name)
        return self.shown()

    def let(self, by_hand: Hand | None, who: Who = SOMEBODY) -> dict[str, Any]:
        """What becomes of changes by hand in OBS from now on; None: as the files say."""
        self._by_hand = by_hand
        self.device.want(self._now())
        self.audit(who, "changes of OBS by hand", by_hand=by_hand)
        self.tell("order", order="changes of OBS by hand", by_hand=by_hand, by=who.name)
        return self.shown()

    def _refused(self, who: Who, sentence: str) -> None:
        self.audit(who, "put OBS right", sentence)
        raise NotDone(sentence, 503)

    def _sending(self) -> bool:
        """Whether the engine's side of the feed is up. Where OBS listens or fetches, it is OBS that must be ready."""
        return not self._brokered or any(each.name == FEED and each.state == "live" for each in self._outputs)

    def _frame(self, row: Row) -> None:
        """Another scene may be on air since this frame; the render thread puts it there."""
        shown = self._picture.shown
        if shown is not self._shown:
            self._shown = shown
            self.device.want(self._now())

    def _device(self) -> Device:
        return Device(self._connect, self._now(), self._changed)

    def _now(self) -> Wanted:
        wanted = self._wanted.get(self._shown[0]) or next(iter(self._wanted.values()))
        return replace(wanted, by_hand=self._by_hand) if self._by_hand else wanted

    def _changed(self, state: State) -> None:
        """Something is otherwise with OBS; on its thread."""
        troubles = dict(state.troubles)
        for name in TROUBLES:
            self._alarms.check(f"obs/{name}", troubles.get(name))
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told, state)

    def _told(self, state: State) -> None:
        before, self._known = self._known, state
        if before.link != state.link:  # the alarms say why
            self.tell("obs", state=state.link, detail="OBS is steered." if state.link == "steered" else "")
        if state.put_right != before.put_right and state.changes:
            self.tell("obs", state="put right", detail=f"{state.changes[-1].reason} Put right.")
        for sentence in state.drift:
            if sentence not in before.drift:
                self.tell("obs", state="by hand", detail=f"{sentence} Somebody changed it, and it is left so.")


def make_obs(running: Running, tell: Callable[..., object], audit: Audit) -> ObsAtWork | None:
    """OBS at work, or None where the channel file names none."""
    return ObsAtWork(running, tell, audit) if running.channel.obs else None


def _wanted(
    channel: Channel, keys: Mapping[str, str], scenes: Mapping[str, Scene], slate: Path | None
) -> tuple[Source, dict[str, Wanted]]:
    """The engine's picture in OBS, and what is wanted of OBS in each scene of the channel."""
    obs, media = channel.obs, channel.media
    assert obs
    host = channel.http.host.replace("0.0.0.0", "127.0.0.1")
    size, page = (media.width, media.height), f"http://{host}:{channel.http.port}"
    feed = feed_source(obs.feed, page, size, media.fps)
    stream = _stream(obs.stream.url, keys.get(OBS_STREAM, "")) if obs.stream else None
    beneath = slate_of(obs, size, slate)
    return feed, wanted_of(obs, scenes, size, feed, beneath=beneath, stream=stream, own=channel.name)


def _slate(channel: Channel, catalog: Catalog) -> Path | None:
    """A picture of the slate that OBS can read, where it runs on this machine."""
    try:
        if channel.obs and is_here(channel.obs.host) and not slate_file(channel).exists():
            draw_slate(channel, catalog)
    except Exception:  # OBS then shows a dark picture while the engine is away
        log.exception("the slate for OBS could not be drawn")
    return slate_for_obs(channel)


def _stream(url: str, key: str) -> Stream:
    """OBS wants the key apart from the address; without one it is the address's last part."""
    server, _, last = url.rstrip("/").rpartition("/")
    return Stream(url.rstrip("/"), key) if key else Stream(server, last)


def _run(device: Device, done: Future[None]) -> None:
    stand_back()
    try:
        device.run()
    except BaseException as error:
        done.set_exception(error)
    else:
        done.set_result(None)
