"""Commerce with nothing real around it: a catalog in memory, a host who notes what she is to say, a clock to set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from scripted_catalogs import ScriptedCatalogs

from host_engine.access.who import Who
from host_engine.commerce.commerce import Commerce, Parts
from host_engine.commerce.coupons import Coupons
from host_engine.commerce.event import AnyEvent, Told
from host_engine.commerce.kept import Kept
from host_engine.commerce.orders import Orders
from host_engine.commerce.putting import Putting
from host_engine.commerce.saying import Saying
from host_engine.commerce.thanks import Thanks, When

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
THANKS = When(3, 600.0, ("{count} orders in {within}: thank you!",))


class ShopDesk:
    """`said`, `shown`, `gone`, `told`, `kept`: what was done, told and kept. `wrong`: what the gate says of a text."""

    def __init__(
        self, catalogs: ScriptedCatalogs | None = None, when: When | None = THANKS, kept: Kept | None = None
    ) -> None:
        self.catalogs = catalogs or ScriptedCatalogs()
        self.now, self.wrong = NOON, ""
        self.said: list[str] = []
        self.trials: list[str] = []
        self.sayings: list[Saying] = []
        self.shown: list[str] = []
        self.gone: list[str] = []
        self.told: list[dict[str, Any]] = []
        self.rows: list[tuple[str, str]] = []  # action, outcome
        orders = Orders(60.0)
        self.putting = Putting(lambda: self.catalogs.catalog, self.catalogs.change, lambda: self.now, kept)
        self.commerce = Commerce(
            Parts(
                lambda: self.catalogs.catalog,
                self.putting,
                orders,
                Coupons(self._show, self._say),
                Thanks(when, orders, lambda: self.catalogs.catalog, self._say) if when else None,
                self._judge,
                self._say,
                self._clean,
                lambda: ["green", "black"],
                self.gone.append,
                self.catalogs.recall,
                lambda what, **data: self.told.append({"what": what, **data}),
                lambda who, action, outcome="done", **facts: self.rows.append((action, outcome)),
                lambda who, action, sentence: self.rows.append((action, sentence)),
                lambda: self.now,
                kept,
            )
        )

    async def take(self, type: str, **fields: Any) -> Any:
        """The receipt of an event; `id` may be left out."""
        return await self.commerce.take(event(type, **fields))

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def _say(self, saying: Saying, trial: Saying | None) -> str:
        if not self.wrong:
            self.said.append(saying.text)
            self.sayings.append(saying)
            self.trials += [trial.text] if trial else []
        return self.wrong

    async def _judge(self, saying: Saying) -> str:
        return self.wrong

    async def _clean(self, name: str) -> str:
        return name.title()

    def _show(self, texts: Any) -> None:
        self.shown = list(texts)


_count = 0


def event(type: str, **fields: Any) -> AnyEvent:
    """An event as JSON would bring it."""
    global _count
    _count += 1
    return Told.model_validate({"id": f"e-{_count}", "type": type, **fields}).root


SOMEBODY = Who("anna")
