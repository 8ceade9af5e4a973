"""What the shop tells while the channel is on air, and what becomes of it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from host_engine.access.who import Audit, Who
from host_engine.commerce.changes import OfProducts
from host_engine.commerce.coupons import Coupons, keepsake, saying
from host_engine.commerce.event import AnyEvent, Coupon, CouponOver, Event, FlashSale, Order
from host_engine.commerce.kept import Kept
from host_engine.commerce.newest import Mark
from host_engine.commerce.orders import Orders
from host_engine.commerce.putting import Handed, Older, Putting
from host_engine.commerce.receipt import Receipt, State
from host_engine.commerce.replays import Replays
from host_engine.commerce.saying import Judge, Say
from host_engine.commerce.thanks import Thanks
from host_engine.show.catalog import Catalog
from host_engine.swap.catalogs import NotDone, Swapped

log = logging.getLogger(__name__)

WEBHOOK = Who("webhook")
QUICK = 0.35  # seconds in which an event that is in force by then is answered as such
MOST = 5000  # events that wait to be in force, or for their time
KEPT = 200  # receipts to look at
AHEAD = 86_400.0 * 366  # seconds that a flash sale may begin ahead


@dataclass(frozen=True)
class Parts:
    """What commerce acts on, and whom it tells."""

    catalog: Callable[[], Catalog]  # in force
    putting: Putting
    orders: Orders
    coupons: Coupons
    thanks: Thanks | None
    judge: Judge
    say: Say
    clean: Callable[[str], Coroutine[Any, Any, str]]  # a buyer's name as it may be said, "" for none
    segments: Callable[[], Collection[str]]  # of the rundown
    go_to: Callable[[str], Any]  # have the show go to a segment
    recall: Callable[[str, Who], Coroutine[Any, Any, Swapped]]
    tell: Callable[..., object]  # happenings
    audit: Audit
    refused: Callable[[Who, str, str], None]  # keeps a refusal in the audit log, summed up where it is a flood
    now: Callable[[], datetime]
    kept: Kept | None = None


class Commerce:
    """Takes each event once, and none that is older than what is in force. What is refused raises NotDone with a
    sentence and changes nothing; what is taken gives a receipt, and is told and kept."""

    def __init__(self, parts: Parts, window: float = 300.0) -> None:
        """`window`: seconds that the time of an event may be off."""
        self.receipts: deque[Receipt] = deque(maxlen=KEPT)
        self.taken: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self._last: datetime | None = None  # when something was taken
        self._parts, self._replays = parts, Replays(window)
        self._tasks: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()

    def load(self, found: Mapping[str, Mapping[str, Any]]) -> None:
        """Remember what an earlier run was told, as `Kept` gives it; before the channel is on air."""
        parts, now = self._parts, self._parts.now().timestamp()
        parts.putting.load(found.get("mark", {}))
        parts.coupons.load(found.get("coupon", {}).values(), now)
        for id, at in found.get("id", {}).items():
            for old in self._replays.take(id, float(at), now):
                self._put("id", old, None)

    @property
    def window(self) -> float:
        """Seconds that the time of an event may be off."""
        return self._replays.window

    async def take(self, event: AnyEvent, signed_at: float | None = None, who: Who = WEBHOOK) -> Receipt:
        """Have an event come true. Raises NotDone: 404, 409, 422, 503, each with a sentence.

        `signed_at`: UNIX seconds at which it was sent; an event that does not say when it was so was so then.
        """
        return await self.take_all(event.id, event.type, [event], signed_at, who)

    async def take_all(
        self, id: str, what: str, events: Sequence[AnyEvent | OfProducts], signed_at: float | None, who: Who
    ) -> Receipt:
        """Have all that one message says come true, as one. Of several, those that are older are left out."""
        now = self._parts.now().timestamp()
        at = now if signed_at is None else signed_at
        try:
            if len(self._tasks) >= MOST:
                raise NotDone("More comes than can be put in force; send it again in a minute.", 503)
            if trouble := self._replays.trouble(id, at, now):
                raise NotDone(trouble)
            self._remember(id, at, now)
            try:
                receipt = await self._all(id, what, events, at, now, who)
            except Exception:
                self._forget(id)
                raise
        except NotDone as refused:
            self.refuse(what, str(refused), refused.status, who)
            raise
        return self.told(receipt, who)

    def refuse(self, what: str, sentence: str, status: int, who: Who = WEBHOOK) -> None:
        """Something was not taken: it is counted, told and kept."""
        self.refused[status] += 1
        self._parts.refused(who, f"commerce {what}", sentence)
        self._parts.tell("commerce", event=what, state="refused", detail=sentence)

    def told(self, receipt: Receipt, who: Who) -> Receipt:
        """What became of a message is counted, told and kept."""
        self._keep(receipt, who)
        return receipt

    async def run(self) -> None:
        """End coupons at their end, and have them said again, until cancelled."""
        parts = self._parts
        while True:
            self._news.clear()
            try:
                async with asyncio.timeout(parts.coupons.next(parts.now().timestamp())):
                    await self._news.wait()
            except TimeoutError:
                pass
            for code in await parts.coupons.look(parts.now().timestamp()):
                self._put("coupon", code, None)
                parts.tell("commerce", event="coupon_over", state="in_force", detail=f"The coupon {code} has ended.")

    def status(self) -> dict[str, Any]:
        """For /status: no names, no codes."""
        parts = self._parts
        return {
            "taken": dict(self.taken),
            "refused": {str(status): count for status, count in self.refused.items()},
            "changes": parts.putting.merging.handed,
            "merged": parts.putting.merging.merged,
            "orders": parts.orders.total,
            "thanks": parts.thanks.said if parts.thanks else 0,
            "coupons": len(parts.coupons.codes),
            "last_event_s": self._last and round(max(0.0, (parts.now() - self._last).total_seconds()), 1),
        }

    def plain(self) -> dict[str, Any]:
        """For operators: the last receipts, newest first, and the coupons in force."""
        return {
            **self.status(),
            "coupons": self._parts.coupons.plain,
            "receipts": [each.plain() for each in reversed(self.receipts)],
        }

    async def _all(
        self, id: str, what: str, events: Sequence[AnyEvent | OfProducts], at: float, now: float, who: Who
    ) -> Receipt:
        handed: list[Handed] = []
        older: Older | None = None
        for event in events:
            if isinstance(event, Order):
                return await self._order(event, self._mark(event, at, now).at, now)
            if isinstance(event, Coupon):
                return await self._coupon(event, now)
            if isinstance(event, CouponOver):
                return self._coupon_over(event)
            mark = self._mark(event, at, now)
            self._check_segment(event, now)
            try:
                handed += self._parts.putting.hand_over(event, mark, who)
            except Older as error:
                older = error
                continue
            if isinstance(event, FlashSale) and event.segment:
                self._start(self._go(event.segment, event, now))
        if older and not any(each.fields for each in handed):
            raise older
        receipt = await self._in_force(id, what, handed, who)
        return receipt._replace(detail=f"{receipt.detail} {older}") if older else receipt

    async def _in_force(self, id: str, what: str, handed: Sequence[Handed], who: Who) -> Receipt:
        changed = [each for each in handed if each.fields]
        detail = "; ".join(map(str, changed or handed))[:500]
        products = tuple(dict.fromkeys(each.product for each in handed))
        if not changed:
            return Receipt(id, what, "unchanged", detail, products)
        swapped = await self._parts.putting.settled(changed, QUICK)
        if swapped is None:
            self._start(self._later(id, what, detail, products, changed, who))
            return Receipt(id, what, "accepted", detail, products)
        return Receipt(id, what, "in_force", detail, products, swapped.n)

    async def _later(
        self, id: str, what: str, detail: str, products: tuple[str, ...], changed: Sequence[Handed], who: Who
    ) -> None:
        """What was answered as accepted is in force now, or could not be put in force."""
        try:
            swapped = await self._parts.putting.settled(changed, 600)
        except NotDone as refused:
            self._forget(id)
            self.refuse(what, str(refused), refused.status, who)
            return
        if swapped is not None:
            self._keep(Receipt(id, what, "in_force", detail, products, swapped.n), who)

    async def _order(self, order: Order, at: float, now: float) -> Receipt:
        parts, catalog = self._parts, self._parts.catalog()
        products = frozenset(each.product for each in order.products if catalog.has(each.product))
        name = await parts.clean(order.name) if order.name and order.consent else ""
        if not_counted := parts.orders.take(order, at, now, products, name):
            return Receipt(order.id, "order", "unchanged", not_counted)
        count = parts.orders.burst(now).number
        detail = f"{count} in the last {parts.orders.within:g} seconds."
        if parts.thanks and parts.thanks.due(now):
            self._start(self._thank(parts.thanks, now))
        return Receipt(order.id, "order", "counted", detail, tuple(sorted(products)))

    async def _thank(self, thanks: Thanks, now: float) -> None:
        if said := await thanks.thank(now):
            self._parts.audit(WEBHOOK, "commerce thanks", text=said)
            self._parts.tell("commerce", event="thanks", state="on_air", detail=said)
        elif thanks.refused:
            self.refuse("thanks", thanks.refused, 422)

    async def _coupon(self, coupon: Coupon, now: float) -> Receipt:
        parts = self._parts
        parts.coupons.check(coupon, now)
        told = saying(coupon)
        if wrong := await (parts.say(told, None) if coupon.say else parts.judge(told)):
            raise NotDone(f"The text of the coupon {coupon.code} may not be said: {wrong}", 422)
        parts.coupons.put(coupon, now)
        self._put("coupon", coupon.code, keepsake(coupon))
        self._news.set()
        where = " and ".join(["the ticker"] * coupon.ticker + ["what is said next"] * coupon.say) or "nothing"
        return Receipt(coupon.id, "coupon", "on_air", f"{coupon.code} is in {where} until {coupon.until.isoformat()}.")

    def _coupon_over(self, event: CouponOver) -> Receipt:
        if not self._parts.coupons.over(event.code):
            return Receipt(event.id, "coupon_over", "unchanged", f"No coupon {event.code} is in force.")
        self._put("coupon", event.code, None)
        return Receipt(event.id, "coupon_over", "in_force", f"The coupon {event.code} is over.")

    def _check_segment(self, event: object, now: float) -> None:
        if not isinstance(event, FlashSale):
            return
        if event.segment and event.segment not in self._parts.segments():
            raise NotDone(f"The rundown has no segment '{event.segment}'.", 404)
        if event.since and event.since.timestamp() > now + AHEAD:
            raise NotDone("The flash sale begins more than a year ahead.", 422)

    async def _go(self, segment: str, sale: FlashSale, now: float) -> None:
        """Go to the segment of a flash sale when it begins."""
        if sale.since:
            await asyncio.sleep(max(0.0, sale.since.timestamp() - now))
        try:
            self._parts.go_to(segment)
        except Exception:
            log.exception("the show could not go to the segment %s", segment)
            self._parts.tell("commerce", event="flash_sale", state="refused", detail=f"No way to '{segment}'.")

    def _mark(self, event: Event, signed_at: float, now: float) -> Mark:
        at = event.at.timestamp() if event.at else signed_at
        if at > now + self._replays.window:
            raise NotDone(f"It says that it became so {at - now:.0f} seconds from now; send it when it is so.", 422)
        return Mark(at, event.sequence)

    def _keep(self, receipt: Receipt, who: Who) -> None:
        state: State = receipt.state
        self._last = self._parts.now()
        if state != "in_force" or not any(each.id == receipt.id for each in self.receipts):
            self.taken[receipt.what] += 1
        self.receipts.append(receipt)
        self._parts.audit(who, f"commerce {receipt.what}", state, id=receipt.id, detail=receipt.detail)
        told = {"event": receipt.what, "state": state, "detail": receipt.detail, "products": list(receipt.products)}
        self._parts.tell("commerce", **told)

    def _remember(self, id: str, at: float, now: float) -> None:
        for old in self._replays.take(id, at, now):
            self._put("id", old, None)
        self._put("id", id, at)

    def _forget(self, id: str) -> None:
        self._replays.forget(id)
        self._put("id", id, None)

    def _put(self, kind: str, key: str, value: Any) -> None:
        if self._parts.kept is not None:
            self._parts.kept.put(kind, key, value)

    def _start(self, job: Any) -> None:
        task = asyncio.get_running_loop().create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
