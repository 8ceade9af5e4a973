"""The chat of the viewer page: what viewers write, and what everybody is told of it."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from host_engine.audience.event import Event
from host_engine.audience.message import Receipt
from host_engine.control.pace import Pace
from host_engine.control.visitor import Saying, Visitor, frame

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

PUBLIC = ("asked", "answering", "answered")
KEPT = 30  # events that who comes later is shown
ASKERS = 2000  # of so many messages it is known who wrote them
EVERY = 0.25  # seconds between two frames to everybody
SHOWN = 8  # questions in one of those: more could not be read, and each costs every connection
AT_ONCE = 25  # visitors who are sent to before the tick has its turn
HEARTBEAT = 15.0  # seconds
RATE, BURST = 2.0, 20.0  # questions a second of one address, and at once: behind one may be many viewers

TOO_OFTEN = Receipt("", "refused", "rate", "Your address asks too often. Please wait a moment.")

Take = Callable[[Visitor, Saying], Receipt]


class Chat:
    """Everybody who has the page open. Lives on the event loop; who reads too slowly is dropped.

    take: hands a question on. product: what is shown of a product, by its id. viewers: how many are watching.
    longest: seconds that a viewer may speak. most: visitors at once; each: of one address.
    """

    def __init__(
        self,
        take: Take,
        product: Callable[[str], Mapping[str, Any] | None],
        viewers: Callable[[], int],
        *,
        longest: float = 20.0,
        most: int = 500,
        each: int = 20,
    ) -> None:
        self._take, self._product, self._viewers = take, product, viewers
        self._longest, self._most, self._each = longest, most, each
        self._visitors: set[Visitor] = set()
        self._kept: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._waiting: list[dict[str, Any]] = []  # for everybody, until the next frame
        self._askers: OrderedDict[str, str] = OrderedDict()  # id of a message -> id of who wrote it
        self._teller: asyncio.Task[None] | None = None
        self._pace = Pace(RATE, BURST)
        self.counts: Counter[str] = Counter()

    @property
    def visitors(self) -> int:
        return len(self._visitors)

    def name(self, viewer: str) -> str | None:
        """The name of a viewer who has the page open, "" for one without; None where there is no such viewer."""
        return next((each.name for each in self._visitors if each.viewer == viewer), None)

    async def welcome(self, socket: WebSocket, address: str) -> None:
        """One visitor, from the first to the last word."""
        await socket.accept()
        here = sum(each.address == address for each in self._visitors)
        if len(self._visitors) >= self._most or here >= self._each:
            self.counts["full"] += 1
            return await socket.close(1013, "Too many are here. Please try again in a moment.")
        visitor = Visitor(socket, address, self._receive, self.counts)
        visitor.put([self._hello(visitor), *self._kept])
        self._visitors.add(visitor)
        if self._teller is None or self._teller.done():
            self._teller = asyncio.create_task(self._tell_everybody())
        try:
            await visitor.stay()
        finally:
            self._visitors.discard(visitor)

    def happened(self, event: Event) -> None:
        """Tell what happened: to everybody, or to the one who asked. A hook of the desk."""
        told = event._asdict() | {"product": self._product(event.product) if event.product else None}
        if event.what not in PUBLIC:
            return self.tell(self._askers.get(event.id, ""), told)
        self._kept.append(told)
        if event.what == "asked" and sum(each["what"] == "asked" for each in self._waiting) >= SHOWN:
            self.counts["not shown"] += 1
        else:
            self._waiting.append(told)
        return None

    def heard(self, viewer: str, text: str, receipt: Receipt | None, reason: str = "") -> None:
        """Tell who spoke what was heard, and what became of it; `reason` says why it is no question."""
        told: dict[str, Any] = {"what": "heard", "text": text, "state": "refused", "reason": reason, "said": ""}
        if receipt:
            self._remember(receipt, viewer)
            told |= vars(receipt)
        self.tell(viewer, told)

    def tell(self, viewer: str, told: Mapping[str, Any]) -> None:
        """Tell one viewer, on all the pages that they have open."""
        for each in self._visitors:
            if viewer and each.viewer == viewer:
                each.put([told])

    def status(self) -> Mapping[str, Any]:
        """For /status: how many are here, and what became of their messages."""
        return {"visitors": self.visitors, **self.counts}

    def _hello(self, visitor: Visitor) -> dict[str, Any]:
        return {"what": "hello", "viewer": visitor.viewer, "viewers": self._viewers(), "longest": self._longest}

    def _receive(self, visitor: Visitor, saying: Saying) -> None:
        if saying.text is None:
            return self._introduced(visitor) if saying.viewer else None
        too_often = self._pace.take(visitor.address)
        receipt = TOO_OFTEN if too_often else self._take(visitor, saying)
        self._remember(receipt, visitor.viewer)
        self.counts[receipt.reason if receipt.state == "refused" else receipt.state] += 1
        return visitor.put([{"what": "receipt", "ref": saying.ref} | vars(receipt)])

    def _introduced(self, visitor: Visitor) -> None:
        """Tell who comes back which of the questions that are shown are theirs."""
        ids = [each["id"] for each in self._kept if each["what"] == "asked"]
        if own := [id for id in ids if self._askers.get(id) == visitor.viewer]:
            visitor.put([{"what": "yours", "ids": own}])

    def _remember(self, receipt: Receipt, viewer: str) -> None:
        if receipt.id:
            self._askers[receipt.id] = viewer
        if len(self._askers) > ASKERS:
            self._askers.popitem(last=False)

    async def _tell_everybody(self) -> None:
        """One frame for all at a time, while anybody is here; some visitors at once, then the tick has its turn."""
        loop = asyncio.get_running_loop()
        viewers, alive = -1, loop.time()
        while self._visitors:
            await asyncio.sleep(EVERY)
            told, self._waiting = self._waiting, []
            if self._viewers() != viewers or loop.time() - alive > HEARTBEAT:
                viewers, alive = self._viewers(), loop.time()
                told.append({"what": "viewers", "count": viewers})
            if not told:
                continue
            text = frame(told)
            for n, each in enumerate(list(self._visitors)):
                each.put_text(text)
                if n % AT_ONCE == AT_ONCE - 1:
                    await asyncio.sleep(0.004)
        self._waiting.clear()
