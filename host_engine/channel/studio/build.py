"""From a channel file to everything between the catalog and the encoded frame."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import cv2

from host_engine.alarms import Alarms
from host_engine.channel.gate.gatekeeping import Gatekeeper
from host_engine.channel.hosts.presenting import Presenting
from host_engine.channel.policies.ruling import rule_show
from host_engine.channel.studio.human_voice import let_speak
from host_engine.channel.studio.stamping import make_stamp
from host_engine.channel.studio.studio import Studio
from host_engine.channel_file.casting import NOBODY
from host_engine.channel_file.config import Channel
from host_engine.gate.lists import load_more
from host_engine.host import drawing
from host_engine.host.avatar import Avatar, DrawnAvatar
from host_engine.host.compositor import Compositor
from host_engine.host.drawing import HOSTS, draw_host
from host_engine.host.kept import Kept
from host_engine.host.mouths.chain import Mouths
from host_engine.host.mouths.loud import LoudMouth
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.music import Mixer
from host_engine.host.perform import Performer
from host_engine.host.plates import Plates
from host_engine.host.portfolio import ARTWORK
from host_engine.host.tongues import Tongues
from host_engine.host.voice import open_voices
from host_engine.outputs.encoder import Encoder
from host_engine.playout.ahead import Ahead
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.prepare import Preparation
from host_engine.playout.program import Program, quiet
from host_engine.provenance.stamp import Stamp
from host_engine.show.rundown import Line
from host_engine.show.scene import load_scenes, names
from host_engine.show.script import Script, Show, load_show
from host_engine.timing import Timings
from host_engine.trace import Threads, Trace

T = TypeVar("T")
GPUS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # NVIDIA's, AMD's, and those of Windows below
CODECS = {"auto": "auto", "x264": "libx264", "nvenc": "h264_nvenc"}


class Wrap(Protocol):
    """Puts something around a part when it is built, such as the faults of a plan: the part's kind, its name, itself.

    kind: "voice", "mouth", "picture", "encoder", "clock" (who says what time it is on the wall).
    """

    def __call__(self, kind: str, name: str, part: T, /) -> T: ...


def as_it_is(kind: str, name: str, part: T, /) -> T:
    return part


def utc() -> datetime:
    return datetime.now(UTC)


def build(
    channel: Channel,
    encoder_threads: int = 1,
    alarms: Alarms | None = None,
    wrap: Wrap = as_it_is,
    load: Callable[[Path, Collection[str]], Show] = load_show,
) -> Studio:
    """Load the catalog and the scenes, open the voices, draw the host. Blocks for a few seconds.

    One encoder thread costs the least processor; more make a frame sooner, where only that counts.
    `load` gives the show of the catalog's folder, or another one that is in force instead.

    Raises Problems for what is wrong in the files, VoiceError for a voice that does not exist.
    """
    cv2.setNumThreads(1)  # small pictures: a second thread costs more than it brings
    format, timings, trace = channel.media, Timings(channel.format.fps), Trace()
    scenes = load_scenes(channel.path(channel.scenes))
    show = load(channel.path(channel.catalog), names(scenes))
    cache = channel.path(channel.cache) / "speech"
    kept = Kept(channel.path(channel.cache) / "drawn")
    now = wrap("clock", "", utc)
    voices = open_voices(
        channel.voice.use,
        show.catalog.language,
        cache,
        gender(channel),
        alarms,
        lambda voice: wrap("voice", voice.name, voice),
    )
    filmed = channel.avatar.footage is not None
    mouths = Mouths([wrap("mouth", "visemes", ViseMouth()), LoudMouth()])
    presenting = Presenting(channel, show.catalog, mouths, now, alarms, trace) if filmed else None
    picture = Compositor(
        format,
        scenes,
        channel.scene,
        lambda width, height: make_avatar(channel, width, height, kept, presenting),
        Performer(format.fps),
        ticker=show.ticker,
        label=channel.label,
        language=show.catalog.language,
        shop=show.catalog.shop,
        logo=show.catalog.file(show.catalog.logo),
        now=now,
        kept=kept,
        threads=Threads(2, "pictures", trace),
    )
    ruling = rule_show(channel, scenes, show)
    picture.relabelled(ruling.demand)()
    preparation = Preparation(voices, mouths, format, picture.expect, picture.clip_size)
    tongues = Tongues.of(voices, show.catalog.language, cache, gender(channel))
    preparation.other = tongues.other
    gatekeeper = Gatekeeper(show, load_more(map(channel.path, channel.audience.lists)), alarms, now)
    preparation.judge = gatekeeper.judged
    script = Script(show, now)
    stamp = make_stamp(channel, lambda: script.show.catalog, now)
    operator = Lane("operator", preparation.make, cut=Cut.NOW, fps=format.fps)
    following = Lane("next", preparation.make, fps=format.fps)
    following.ordered = True
    mandatory = Lane("mandatory", preparation.make, fps=format.fps)
    answers = Lane("answers", preparation.make, cut=Cut.PAUSE, fps=format.fps)
    rundown = Lane("rundown", preparation.make, script.next, fps=format.fps)
    rundown.refused = partial(_anew, rundown, script)
    played = Playout(
        [operator, following, mandatory, answers, rundown], Idle(format), round(channel.audience.pause * format.fps)
    )
    playout = Ahead(played, presenting.presenter.shoot, presenting.beats) if presenting else played
    playout.backed = gatekeeper.backed
    picture.draw(0, playout.idle.pull())  # the first picture takes long: it must not be one that is on air
    sound = Mixer(format, channel.voice.music, kept=kept)
    program = Program(
        wrap("picture", "", presenting.picture(picture) if presenting else picture),
        sound,
        lambda: wrap("encoder", "", make_encoder(channel, encoder_threads, stamp)),
        timings,
        alarms.check if alarms else quiet,
    )
    let_speak(preparation, program, ruling.human_voice)
    return Studio(
        show, script, voices, mouths, operator, following, mandatory, answers, rundown, tongues, preparation, playout,
        program, timings, trace, picture, gatekeeper, stamp, ruling, presenting,
    )  # fmt: skip


def _anew(rundown: Lane, script: Script, line: Line) -> None:
    """A line of the script is not true any more: it and those made ready behind it are made anew."""
    rundown.clear()
    script.back(line)


def gender(channel: Channel) -> str:
    """Which kind of voice suits the host: "woman" or "man"."""
    return "man" if channel.avatar.host == "leo" else "woman"


def make_avatar(
    channel: Channel, width: int, height: int, kept: Kept | None = None, presenting: Presenting | None = None
) -> Avatar:
    """The host of the channel in a window of that size, filmed or drawn."""
    if presenting is None:
        return draw_avatar(channel, width, height, kept)
    drawn = None if channel.avatar.host == NOBODY else draw_avatar(channel, width, height, kept)
    return presenting.avatar(width, height, drawn)


def draw_avatar(channel: Channel, width: int, height: int, kept: Kept | None = None) -> Avatar:
    """The drawn host in a window of that size, on the GPU where there is one."""
    host = channel.avatar.host
    outfit = channel.avatar.outfit or HOSTS[host][0]
    of, code = ("host", host, outfit, height), Path(drawing.__file__).parent
    artwork = (kept or Kept()).made(of, code, lambda: draw_host(host, outfit, height), ARTWORK)
    return DrawnAvatar(artwork, (width, height), _gpu())


def _gpu() -> Plates | None:
    """What draws on the GPU, where there is one. torch is asked only where there may be: its import takes 1.5 s."""
    if sys.platform == "linux" and not any(Path(device).exists() for device in GPUS):
        return None
    import torch

    from host_engine.host.torch_plates import TorchPlates

    return TorchPlates("cuda") if torch.cuda.is_available() else None


def make_encoder(channel: Channel, threads: int = 1, mark: Stamp | None = None) -> Encoder:
    encoding = channel.encoding
    return Encoder(channel.media, CODECS[encoding.codec], encoding.kbps * 1000, encoding.preset, threads, mark)
