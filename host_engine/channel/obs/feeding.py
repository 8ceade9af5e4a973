"""The feed of a channel that goes through OBS: one more output, and pictures that OBS can be asked about."""

from __future__ import annotations

from host_engine.channel_file.config import FEED, Channel, RtmpTarget
from host_engine.obs.feed import pushed


def with_feed(channel: Channel, keys: dict[str, str]) -> tuple[Channel, dict[str, str]]:
    """The channel and its keys, with the output that OBS is fed by, where the engine sends it.

    It is an output like the others: kept running, watched, and told of. Operators cannot add another of its name.
    """
    if channel.obs is None or not pushed(channel.obs.feed):
        return channel, keys
    feed = channel.obs.feed
    target = RtmpTarget(kind="rtmp", name=FEED, url=feed.url)
    return channel.model_copy(update={"outputs": [*channel.outputs, target]}), keys | {FEED: feed.key}
