"""From a channel to what its key frames say of themselves."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from host_engine.channel_file.config import Channel
from host_engine.provenance.stamp import Stamp
from host_engine.show.catalog import Catalog


def make_stamp(channel: Channel, catalog: Callable[[], Catalog], now: Callable[[], datetime]) -> Stamp:
    """What the key frames of a channel say. Each start of a channel is content of its own, with a number of its own."""
    stamp = Stamp(channel.name, channel.marking.producer or channel.name, str(uuid.uuid4()), now)
    if channel.avatar.footage is not None or channel.compliance.human_voice:
        stamp.recorded.append(lambda: True)
    stamp.recorded.append(_Pictured(catalog))
    return stamp


class _Pictured:
    """Whether there are pictures or videos of products, which somebody took with a camera."""

    def __init__(self, catalog: Callable[[], Catalog]) -> None:
        self._catalog = catalog
        self._known: tuple[Catalog | None, bool] = None, True

    def __call__(self) -> bool:
        catalog = self._catalog()
        if catalog is not self._known[0]:
            seen = any(each.image_link or each.additional_image_link or each.clip for each in catalog.products)
            self._known = catalog, seen
        return self._known[1]
