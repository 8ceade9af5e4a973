"""From what the channel file wants to the output that is to be kept running."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from host_engine.alarms import Alarms
from host_engine.channel_file.config import Channel, Recording, RtmpTarget, WhipTarget
from host_engine.outputs.borders import Borders
from host_engine.outputs.disk_room import Disk
from host_engine.outputs.recorder import Keep, Recorder
from host_engine.outputs.rtmp import RtmpOutput
from host_engine.outputs.sessions import Publisher, Sessions
from host_engine.outputs.source import Source
from host_engine.outputs.whip import WhipPublisher

if TYPE_CHECKING:
    from host_engine.channel.studio.build import Wrap

Output = Sessions | Recorder
SECOND = "second-address"  # the trouble of a target whose first address cannot be used


class Sources(Protocol):
    """What there is to be sent: the programme, and what targets want otherwise."""

    borders: Borders
    programme: Source

    def of(self, wanted: RtmpTarget | WhipTarget) -> Source: ...


def make_output(
    channel: Channel,
    sources: Sources,
    alarms: Alarms,
    wrap: Wrap,
    wanted: RtmpTarget | WhipTarget | Recording,
    key: str = "",
) -> Output:
    """An output of the channel. `key`: the stream key or bearer token of a target, from the environment."""
    if isinstance(wanted, Recording):
        return _recorder(channel, sources.programme, alarms, wrap, wanted)
    source = sources.of(wanted)
    addresses = [wanted.url, *([wanted.backup] if wanted.backup else [])]
    return Sessions(
        wanted.name,
        [_publisher(channel, source, wrap, wanted, url, key) for url in addresses],
        source,
        sources.borders,
        rotate=wanted.rotate,
        trouble=partial(alarms.check, f"{wanted.name}/{SECOND}"),
    )


def _publisher(
    channel: Channel, source: Source, wrap: Wrap, wanted: RtmpTarget | WhipTarget, url: str, key: str
) -> Publisher:
    """What speaks to one address of a target."""
    ca = channel.path(wanted.ca) if wanted.ca else None
    if isinstance(wanted, WhipTarget):
        return WhipPublisher(wanted.name, url, key, source, ca=ca, insecure=wanted.insecure)
    return RtmpOutput(
        wanted.name,
        url,
        key,
        source.fanout,
        source.force_key,
        format=source.format,
        ca=ca,
        insecure=wanted.insecure,
        open_connection=wrap("connection", wanted.name, asyncio.open_connection),
    )


def _recorder(channel: Channel, source: Source, alarms: Alarms, wrap: Wrap, wanted: Recording) -> Recorder:
    return Recorder(
        channel.path(wanted.path),
        source.fanout,
        channel.media,
        wanted.name,
        folder=None if wanted.path.is_absolute() else channel.path(Path()),
        segment=wanted.segment,
        keep=Keep(wanted.keep.days, wanted.keep.size) if wanted.keep else None,
        alarms=alarms,
        now=wrap("clock", "", datetime.now),
        disk=wrap("disk", wanted.name, Disk()),
    )
