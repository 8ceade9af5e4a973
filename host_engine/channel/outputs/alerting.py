"""From the channel file to what watches the outputs and to what tells of their alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from host_engine.alarms import Alarms
from host_engine.channel_file.config import WEBHOOK, Channel
from host_engine.control.webhook import UNREACHABLE, Webhook
from host_engine.outputs.departures import AAC_LEAD, APART, OPUS_LEAD, Watched
from host_engine.outputs.encoder import usual_bitrate
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.limits import Limits
from host_engine.outputs.monitor import Monitor
from host_engine.outputs.picture_watch import Place, Region
from host_engine.outputs.source import Source

VIEWERS = "viewers"
LONGEST = 3.0  # seconds between two tries of an output: one whose server is back is back itself within five


class Output(Protocol):
    name: str

    @property
    def state(self) -> str: ...
    @property
    def error(self) -> str | None: ...


class Pictured(Protocol):
    @property
    def alive(self) -> tuple[Region, tuple[Region, ...]] | None: ...


def make_monitor(
    channel: Channel, fanout: Fanout, outputs: Iterable[Output], alarms: Alarms, picture: Pictured
) -> Monitor:
    """The monitor of these outputs and of the viewers, with the limits of the channel file.

    picture: knows where in it the monitor may expect that something moves.
    """
    wanted = channel.monitor

    def where() -> Place | None:
        return Place(*alive) if (alive := picture.alive) else None

    limits = Limits(
        silence=wanted.silence,
        frozen=wanted.frozen,
        skew=wanted.av_step_ms / 1000,
        behind=wanted.behind,
        stopped=wanted.not_sending,
        kbps=channel.encoding.kbps,
        usable=usual_bitrate(channel.media) / 1000,
        least=wanted.least_bitrate,
        most=wanted.most_bitrate,
    )
    viewers = Watched(VIEWERS, lead=OPUS_LEAD, apart=APART, many="viewer ")
    watched = [*(_watched(each) for each in outputs), viewers]
    return Monitor(fanout, channel.media, watched, alarms, limits, quiet=wanted.quiet, where=where)


def follow(monitor: Monitor) -> Callable[[str, Output | None], None]:
    """What has the monitor watch another output of that name, or none: for `Outputs.hooks`."""

    def changed(name: str, output: Output | None) -> None:
        if output is None:
            monitor.forget(name)
        else:
            monitor.watch(_watched(output))

    return changed


def make_webhook(channel: Channel, keys: dict[str, str], alarms: Alarms) -> Webhook | None:
    """The webhook of the channel file, told of every alarm from now on; None where it names none."""
    wanted = channel.alarms
    if wanted.webhook is None:
        return None
    secret, trouble = keys.get(WEBHOOK, ""), partial(alarms.check, UNREACHABLE)
    webhook = Webhook(channel.name, wanted.webhook, secret, quiet=wanted.quiet, trouble=trouble)
    alarms.hooks.append(webhook.tell)
    return webhook


def _watched(output: Output) -> Watched:
    source: Source | None = getattr(output, "source", None)
    rendition = (source.kbps, usual_bitrate(source.format) / 1000) if source and source.made else None
    return Watched(
        output.name,
        state=lambda: output.state,
        error=lambda: output.error,
        unsent=lambda: getattr(output, "unsent", 0),
        lead=getattr(output, "lead", AAC_LEAD),
        apart=getattr(output, "apart", 0),
        fanout=source.fanout if source else None,
        delay=source.delay if source else 0.0,
        kbps=rendition,
    )
