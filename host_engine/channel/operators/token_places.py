"""Where the tokens of a channel are kept, and whether anybody has one."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from host_engine.access.token_file import BadTokens, read
from host_engine.channel_file.config import Channel

OPEN = (
    "http.host is {host}, and nobody has a token: whoever reaches that address can watch, and nobody can operate the "
    "channel from there; run 'host-engine token make NAME --role operator'"
)


def run_token_file(channel: Channel) -> Path:
    """Where the secret for the commands on this machine is kept while the channel is on air."""
    return channel.path(channel.cache) / f"{channel.name}.desk"


def tokens_file(channel: Channel) -> Path:
    """Where the tokens of a channel are kept, hashed."""
    return channel.path(channel.cache) / f"{channel.name}.tokens"


def nobody_may(channel: Channel, now: datetime) -> str | None:
    """A sentence where the channel is open to other machines and nobody has a token; None else."""
    host = channel.http.host
    with suppress(ValueError):
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return None
    try:
        return None if _some(channel, now) else OPEN.format(host=host)
    except (BadTokens, OSError) as error:
        return f"{error}; until that is mended nobody can operate the channel from another machine"


def has_tokens(channel: Channel, now: datetime) -> bool:
    """Whether anybody can sign in; a file that cannot be read is told elsewhere."""
    with suppress(BadTokens, OSError):
        return _some(channel, now)
    return True


def _some(channel: Channel, now: datetime) -> bool:
    return any(each.state(now) == "good" for each in read(tokens_file(channel)))
