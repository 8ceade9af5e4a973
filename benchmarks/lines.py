"""The demo channel's own lines as beats, for benchmarks that need real input."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from host_engine.channel.studio.build import build
from host_engine.channel.studio.studio import Studio
from host_engine.channel_file import config
from host_engine.channel_file.config import Channel
from host_engine.media import Beat

ROOT = Path(__file__).parent.parent


def demo() -> Channel:
    return config.load(ROOT / "channel.yaml")


def demo_on_air(folder: Path, name: str, **fields: Any) -> Path:
    """A channel file in `folder`, of the demo's catalog and with a cache of its own; `fields` are further ones."""
    channel = {
        "name": name,
        "catalog": str(ROOT / "product_catalogs" / "tea"),
        "scenes": str(ROOT / "scenes"),
        "cache": str(folder / "cache"),
        "encoding": {"preset": "superfast"},
        **fields,
    }
    path = folder / "channel.yaml"
    path.write_text(json.dumps(channel))
    return path


def studio(encoder_threads: int = 1) -> Studio:
    """The demo channel, built."""
    return build(demo(), encoder_threads)


async def beats(of: Studio, count: int) -> list[Beat]:
    """The first `count` beats of the show, without idling."""
    out = []
    for _ in range(count):
        await of.playout.settled()
        out.append(of.playout.pull())
    return out


def first_beats(of: Studio, count: int) -> list[Beat]:
    return asyncio.run(beats(of, count))
