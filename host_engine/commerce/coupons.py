"""The coupons in force: in the ticker, and said, until each ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from host_engine.commerce.event import Coupon
from host_engine.commerce.saying import GIVEN, Say, Saying
from host_engine.show.evidence import Evidence
from host_engine.swap.catalogs import NotDone

log = logging.getLogger(__name__)

MOST = 20  # at once: more nobody can read
LONGEST = 400 * 86_400.0  # seconds ahead that a coupon may end


class Coupons:
    """Each code once: a newer event of the same code takes its place. `shown` is told the texts of the ticker."""

    def __init__(self, shown: Callable[[Sequence[str]], None], say: Say) -> None:
        self._shown, self._say = shown, say
        self._coupons: dict[str, Coupon] = {}
        self._again: dict[str, float] = {}  # when a code is said again

    @property
    def codes(self) -> list[str]:
        return list(self._coupons)

    @property
    def plain(self) -> list[Mapping[str, Any]]:
        """For JSON."""
        return [
            {"code": each.code, "text": each.text, "until": each.until.isoformat(), "ticker": each.ticker}
            for each in self._coupons.values()
        ]

    def check(self, coupon: Coupon, now: float) -> None:
        """Raises NotDone (422, 409) for one that cannot come in force."""
        if coupon.until.timestamp() <= now:
            raise NotDone(f"The coupon {coupon.code} ended at {coupon.until.isoformat()}, which is past.", 422)
        if coupon.until.timestamp() > now + LONGEST:
            raise NotDone(f"The coupon {coupon.code} ends more than a year ahead.", 422)
        if coupon.code not in self._coupons and len(self._coupons) >= MOST:
            raise NotDone(f"{MOST} coupons are in force, which is the most; end one with 'coupon_over' first.")

    def put(self, coupon: Coupon, now: float) -> None:
        """From now on it is in force."""
        self._coupons.pop(coupon.code, None)
        self._coupons[coupon.code] = coupon
        if coupon.every:
            self._again[coupon.code] = now + coupon.every * 60
        self._show()

    def over(self, code: str) -> bool:
        """It is not in force any more; whether it was."""
        known = self._coupons.pop(code, None)
        self._again.pop(code, None)
        if known:
            self._show()
        return known is not None

    def next(self, now: float) -> float:
        """Seconds until something is to be done, at most a minute."""
        ends = [each.until.timestamp() for each in self._coupons.values()]
        return min(60.0, *(max(0.0, at - now) for at in (*ends, *self._again.values(), now + 60.0)))

    async def look(self, now: float) -> list[str]:
        """Take off those that have ended, and have those said whose time has come; the codes that ended."""
        ended = [code for code, each in self._coupons.items() if each.until.timestamp() <= now]
        for code in ended:
            self.over(code)
        for code, at in list(self._again.items()):
            if at <= now and (coupon := self._coupons.get(code)):
                self._again[code] = now + (coupon.every or 1440) * 60
                if refused := await self._say(saying(coupon), None):
                    log.warning("the coupon %s is not said: %s", code, refused)
        return ended

    def load(self, kept: Iterable[Any], now: float) -> None:
        """Those of an earlier run that have not ended."""
        for each in kept:
            try:
                coupon = Coupon.model_validate(each)
                self.check(coupon, now)
            except (ValidationError, NotDone):
                continue
            self._coupons[coupon.code] = coupon
            if coupon.every:
                self._again[coupon.code] = now + coupon.every * 60
        if self._coupons:
            self._show()

    def _show(self) -> None:
        self._shown([each.text for each in self._coupons.values() if each.ticker])


def saying(coupon: Coupon) -> Saying:
    """What is said and shown of a coupon: its text, and which claims it is enough for."""
    evidence = Evidence(None, "coupon", f"{coupon.code}, until {coupon.until.isoformat()}: {coupon.text}")
    return Saying(coupon.text, (evidence,), GIVEN, coupon.until.timestamp(), naming=coupon.code)


def keepsake(coupon: Coupon) -> dict[str, Any]:
    """The event as it came, to be taken up again after a restart."""
    return coupon.model_dump(exclude={"at", "until"}) | {"until": coupon.until.isoformat()}
