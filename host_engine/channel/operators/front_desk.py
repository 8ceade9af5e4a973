"""The front desk of a channel: page, chat, API and microphones, put together from its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from host_engine.audience.ears.microphones import Microphones as Ears
from host_engine.audience.ears.upload import LIMITS, decode_upload
from host_engine.channel_file.asking import Audience
from host_engine.channel_file.serving import Http
from host_engine.control.aloud import Aloud
from host_engine.control.api import make_app
from host_engine.control.chat import Chat
from host_engine.control.doors import Doors
from host_engine.control.products import Shelf
from host_engine.control.reception import Desk, Reception, from_page
from host_engine.microphones.microphones import Microphones
from host_engine.show.catalog import Catalog


class FrontDesk:
    """What viewers come through: how many may, what they see of the catalog, and where they ask.

    desk: who takes questions, or None where the channel answers none. deaf: there are no ears. viewers: how many watch.
    """

    def __init__(
        self,
        http: Http,
        audience: Audience,
        desk: Desk | None,
        deaf: bool,
        catalog: Callable[[], Catalog],
        viewers: Callable[[], int],
    ) -> None:
        self.doors = Doors(http.requests, http.connections, http.proxies)
        self.shelf = Shelf(catalog)
        self.microphones: Microphones | None = None
        self._ears: Ears | None = None
        self.reception = self._reception(audience, desk, deaf, viewers) if desk else None
        self.make_app = partial(make_app, reception=self.reception, shelf=self.shelf, doors=self.doors)

    def status(self) -> Mapping[str, Any]:
        """For /status."""
        return {"doors": self.doors.status(), **(self.reception.status() if self.reception else {})}

    async def close(self) -> None:
        """Say goodbye to whoever speaks."""
        if self.microphones:
            await self.microphones.close()
        if self._ears:
            self._ears.close()

    def _reception(self, audience: Audience, desk: Desk, deaf: bool, viewers: Callable[[], int]) -> Reception:
        hearing = audience.ears
        chat = Chat(from_page(desk), self.shelf.title, viewers, longest=hearing.longest) if audience.page else None
        if chat and hearing.microphones and not deaf:
            self._ears = Ears(hearing.longest, 2 * hearing.microphones)  # one may begin before the last words are heard
            listen = Aloud(self._ears.new, desk.hear, chat.heard)
            self.microphones = Microphones(listen, most=hearing.microphones, longest=hearing.longest)
        decode = None if deaf else partial(decode_upload, limits=LIMITS._replace(seconds=hearing.longest))
        return Reception(desk, chat=chat, microphones=self.microphones, decode=decode)
