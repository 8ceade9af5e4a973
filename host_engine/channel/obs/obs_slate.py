"""The slate as a picture file that OBS shows while the engine is away: the same that the engine itself would show."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from host_engine.channel_file.config import Channel
from host_engine.show.catalog import Catalog
from host_engine.show.scene import load_scenes

if TYPE_CHECKING:
    from host_engine.host.avatar import Avatar


def slate_file(channel: Channel) -> Path:
    """Where the slate's picture is kept."""
    media = channel.media
    return (channel.path(channel.cache) / "obs" / f"slate-{media.width}x{media.height}.png").absolute()


def slate_for_obs(channel: Channel) -> Path | None:
    """The slate's picture where OBS can read it: it runs on this machine, and `obs setup` has drawn it."""
    path = slate_file(channel)
    return path if channel.obs and is_here(channel.obs.host) and path.exists() else None


def is_here(host: str) -> bool:
    """Whether a host is this machine, by its name alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def draw_slate(channel: Channel, catalog: Catalog) -> Path | None:
    """Draw it; None where the channel has no slate of its size. Takes about a second. Raises Problems and OSError."""
    from host_engine.host.compositor import Compositor
    from host_engine.host.perform import Performer

    media, path = channel.media, slate_file(channel)
    scenes = load_scenes(channel.path(channel.scenes))
    size = media.width, media.height
    slates = {name: each for name, each in scenes.items() if each.kind == "slate" and each.fits(*size)}
    if not slates:
        return None
    picture = Compositor(
        media,
        slates,
        next(iter(slates)),
        _nobody,
        Performer(media.fps),
        label=channel.label,
        language=catalog.language,
        shop=catalog.shop,
        logo=catalog.file(catalog.logo),
    )
    try:
        drawn = cv2.cvtColor(picture.draw_slate(0, at_once=True), cv2.COLOR_YUV2BGR_I420)
    finally:
        picture.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new.png")
    fresh.write_bytes(cv2.imencode(".png", drawn)[1].tobytes())
    os.replace(fresh, path)
    return path


def _nobody(width: int, height: int) -> Avatar:
    raise ValueError("there is no host in a slate")
