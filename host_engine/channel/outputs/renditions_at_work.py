"""The streams that targets send beside the programme: renditions and delays, made only while a target wants them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from host_engine.channel.outputs.outputs_at_work import Outputs
from host_engine.channel.outputs.targets_checked import speaks
from host_engine.channel.studio.record import both
from host_engine.channel_file.config import Channel, RtmpTarget, WhipTarget
from host_engine.host.other_label import OtherLabel
from host_engine.media import Coding, Format, Frame
from host_engine.outputs.borders import Borders
from host_engine.outputs.delay import Delay
from host_engine.outputs.encoder import usual_bitrate
from host_engine.outputs.fanout import Fanout, Watches
from host_engine.outputs.rendition import Rendition
from host_engine.outputs.rendition_encoder import RenditionEncoder, Shot
from host_engine.outputs.source import Source
from host_engine.playout.report import Report
from host_engine.show.utterance import Utterance
from host_engine.supervise import Jobs, supervise

if TYPE_CHECKING:
    from host_engine.channel.studio.studio import Studio

log = logging.getLogger(__name__)

LONGEST = 3.0  # seconds between two tries of a stream
Target = RtmpTarget | WhipTarget


class Wish(NamedTuple):
    """What a target's pictures are to be like; None: as the programme's."""

    size: tuple[int, int] | None = None
    kbps: int | None = None
    label: str | None = None
    language: str | None = None


@dataclass
class Stream:
    """One stream that is made of another, and who sends it."""

    source: Source
    run: Callable[[], Awaitable[None]]
    before: Stream | None = None
    rendition: Rendition | None = None
    used: bool = False
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Renditions:
    """Gives each target its source. Two targets with the same wishes share one encode, and one delay.

    Belongs to the event loop, but for `take`, which the thread that draws calls with each picture.
    """

    def __init__(self, channel: Channel, studio: Studio, fanout: Fanout, watch: Watches, jobs: Jobs) -> None:
        """`fanout`: of the programme. `watch`: is told who reads and what leaves, as that of the programme."""
        self.borders = Borders()
        self.programme = Source(fanout, studio.program.force_key, channel.media, channel.encoding.kbps)
        self._channel, self._studio, self._watch, self._jobs = channel, studio, watch, jobs
        self._streams: dict[tuple[Wish, float], Stream] = {}
        self._users: dict[str, Source] = {}
        self._at_work: tuple[Rendition, ...] = ()
        self._running = self._failed = False
        studio.program.drawn = self.take

    def join(self, outputs: Outputs, report: Report) -> None:
        """Follow what becomes of the outputs, and where lines end."""
        for each in outputs:
            self.follow(each.name, each)
        outputs.hooks.append(self.follow)
        outputs.requests.silent = self._silent
        report.told = both(report.told, self.said)

    @property
    def sources(self) -> list[Source]:
        """All streams of other pictures than the programme's that are sent now."""
        used = (each for each in self._streams.values() if each.rendition and each.used)
        return [each.source for each in used]

    @property
    def encoded(self) -> list[tuple[str, Source, Wish]]:
        """The same, each with the names of its targets, and with what they wish."""
        used = [(wish, each.source) for (wish, _), each in self._streams.items() if each.rendition and each.used]
        return [("+".join(self._targets(source)) or source.about, source, wish) for wish, source in used]

    def of(self, wanted: Target) -> Source:
        """What this target is to send."""
        wish = self._wish(wanted)
        stream = self._stream((wish, 0.0)) if any(wish) else None
        if wanted.delay:
            stream = self._stream((wish, wanted.delay), stream)
        return stream.source if stream else self.programme

    def follow(self, name: str, output: object | None) -> None:
        """The target of that name is another one now, or there is none: for `Outputs.hooks`."""
        source = getattr(output, "source", None)
        if source is None:
            self._users.pop(name, None)
        else:
            self._users[name] = source
        self._settle()

    def said(self, said: Utterance) -> None:
        """A line has gone off the air."""
        if said.cut != "pause":
            self.borders.ended(said.last + 1)

    async def run(self) -> None:
        """Make what is wanted until cancelled."""
        self._running = True
        try:
            self._settle()
            await asyncio.Event().wait()
        finally:
            self._running = False
            tasks = [each.task for each in self._streams.values() if each.task]
            for each in self._streams.values():
                self._end(each)
            await asyncio.gather(*tasks, return_exceptions=True)

    def take(self, frame: Frame) -> None:
        """A picture is finished: hand it to the renditions. Costs a copy where there are any; never raises."""
        renditions = self._at_work
        if not renditions:
            return
        try:
            shot = Shot(frame.n, frame.picture.copy(), self._studio.picture.seen)
            for each in renditions:
                each.take(shot)
            self._failed = False
        except Exception:
            if not self._failed:
                log.exception("frame %d: the renditions go without it", frame.n)
            self._failed = True

    def status(self) -> list[dict[str, Any]]:
        """For /status: each stream, who sends it, and how many pictures the machine had no time for."""
        return [
            {
                "stream": each.source.about,
                "targets": self._targets(each.source),
                "left_out": each.rendition.left_out if each.rendition else 0,
            }
            for each in self._streams.values()
            if each.used
        ]

    def _silent(self, language: str) -> str | None:
        """Why a target cannot have the scenes' own label in that language."""
        plan = self._studio.picture.plan
        without = [name for name in plan.labels() if not speaks(plan.scene(name).label, language)]
        return f"The AI label of {', '.join(without)} has no words in '{language}'" if without else None

    def _targets(self, of: Source) -> list[str]:
        return [name for name, source in self._users.items() if source.fanout is of.fanout]

    def _wish(self, wanted: Target) -> Wish:
        """What differs from the programme: what is the same by other words costs no encode."""
        channel, language = self._channel, self._studio.show.catalog.language
        label = None if wanted.label == channel.label else wanted.label
        spoken = wanted.language or language
        same = spoken == language and label is None
        return Wish(
            None if wanted.size == (channel.format.width, channel.format.height) else wanted.size,
            None if wanted.kbps == channel.encoding.kbps else wanted.kbps,
            label,
            None if same else spoken,
        )

    def _stream(self, key: tuple[Wish, float], before: Stream | None = None) -> Stream:
        if key not in self._streams:
            wish, seconds = key
            self._streams[key] = self._delayed(before, seconds) if seconds else self._rendition(wish)
        return self._streams[key]

    def _delayed(self, before: Stream | None, seconds: float) -> Stream:
        delay = Delay(before.source if before else self.programme, seconds, self._watch)
        return Stream(delay.source, delay.run, before)

    def _rendition(self, wish: Wish) -> Stream:
        channel, format = self._channel, self._channel.media
        to = replace(format, width=wish.size[0], height=wish.size[1]) if wish.size else format
        kbps = wish.kbps or (min(channel.encoding.kbps, usual_bitrate(to) // 1000) if wish.size else None)
        kbps = kbps or channel.encoding.kbps
        plan = self._studio.picture.plan
        paint = OtherLabel(wish.label, wish.language, plan).paint if wish.language else None
        words = f"labelled '{wish.label}'" if wish.label else f"labelled in {wish.language}" if wish.language else ""
        about = ", ".join(filter(None, (f"{to.width}x{to.height}", f"{kbps} kbit/s", words)))
        fanout = self.programme.fanout
        make = partial(self._encoder, format, to, kbps * 1000, paint)
        rendition = Rendition(about, fanout, format.fps, make, self._watch)
        source = Source(rendition.fanout, rendition.force_key, to, kbps, made=True, about=about)
        return Stream(source, rendition.run, rendition=rendition)

    def _encoder(self, format: Format, to: Format, bitrate: int, paint: Any) -> RenditionEncoder:
        """Opened on the rendition's thread, as the programme is encoded now."""
        codec, mark = self._studio.program.encoder.coding.codec, self._studio.stamp
        return RenditionEncoder(format, to, Coding(codec, self._channel.encoding.preset), bitrate, paint, mark)

    def _settle(self) -> None:
        """Begin what is wanted, end what nobody wants any more."""
        used = {id(source.fanout) for source in self._users.values()}
        needed = [each for each in self._streams.values() if id(each.source.fanout) in used]
        needed += [each.before for each in needed if each.before]
        for key, stream in list(self._streams.items()):
            if any(stream is each for each in needed):
                stream.used = True
                self._begin(stream)
            elif stream.used:  # one that was made a moment ago is wanted by who is told next
                del self._streams[key]
                self._end(stream)
        self._at_work = tuple(each.rendition for each in self._streams.values() if each.used and each.rendition)

    def _begin(self, stream: Stream) -> None:
        if self._running and stream.task is None:
            name = f"stream {stream.source.about}"
            stream.task = asyncio.create_task(supervise(name, stream.run, longest=LONGEST, jobs=self._jobs), name=name)

    def _end(self, stream: Stream) -> None:
        task, stream.task = stream.task, None
        if task is not None:
            task.cancel()
            task.add_done_callback(lambda _: self._ended(f"stream {stream.source.about}"))

    def _ended(self, name: str) -> None:
        if any(job.name == name for job in self._jobs.all):
            self._jobs.ended(name)
