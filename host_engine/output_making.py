"""From what the channel file wants to the output that is to be kept running."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from host_engine.alarms import Alarms
from host_engine.config import Channel, Recording, RtmpTarget, WhipTarget
from host_engine.outputs.disk_room import Disk
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.recorder import Keep, Recorder
from host_engine.outputs.rtmp import RtmpOutput
from host_engine.outputs.source import Source
from host_engine.outputs.whip import WhipPublisher

if TYPE_CHECKING:
    from collections.abc import Callable

    from host_engine.build import Wrap

Output = RtmpOutput | WhipPublisher | Recorder


def make_output(
    channel: Channel,
    fanout: Fanout,
    force_key: Callable[[], None],
    alarms: Alarms,
    wrap: Wrap,
    wanted: RtmpTarget | WhipTarget | Recording,
    key: str = "",
) -> Output:
    """An output of the channel. `key`: the stream key or bearer token of a target, from the environment."""
    if isinstance(wanted, RtmpTarget):
        return RtmpOutput(
            wanted.name,
            wanted.url,
            key,
            fanout,
            force_key,
            format=channel.media,
            ca=channel.path(wanted.ca) if wanted.ca else None,
            insecure=wanted.insecure,
            open_connection=wrap("connection", wanted.name, asyncio.open_connection),
        )
    if isinstance(wanted, WhipTarget):
        return WhipPublisher(
            wanted.name,
            wanted.url,
            key,
            Source(fanout, force_key, channel.media, channel.encoding.kbps),
            ca=channel.path(wanted.ca) if wanted.ca else None,
            insecure=wanted.insecure,
        )
    return Recorder(
        channel.path(wanted.path),
        fanout,
        channel.media,
        wanted.name,
        folder=None if wanted.path.is_absolute() else channel.path(Path()),
        segment=wanted.segment,
        keep=Keep(wanted.keep.days, wanted.keep.size) if wanted.keep else None,
        alarms=alarms,
        now=wrap("clock", "", datetime.now),
        disk=wrap("disk", wanted.name, Disk()),
    )
