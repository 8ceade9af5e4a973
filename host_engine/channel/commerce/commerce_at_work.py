"""What shops tell, joined to the channel: to its catalogs, its director, its gate and its ticker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import APIRouter

from host_engine.access.refusals import Refusals
from host_engine.access.who import Who
from host_engine.audience.names import clean_name
from host_engine.channel.gate.vouching import Vouching, judged
from host_engine.channel_file.config import COMMERCE, Channel
from host_engine.commerce.commerce import Commerce, Parts
from host_engine.commerce.coupons import Coupons
from host_engine.commerce.kept import Kept
from host_engine.commerce.orders import Orders
from host_engine.commerce.putting import Putting
from host_engine.commerce.saying import Saying
from host_engine.commerce.shopify import Shopify
from host_engine.commerce.shopify_ids import ShopifyIds
from host_engine.commerce.thanks import Thanks, When
from host_engine.control.operators.commerce import Secrets, commerce_routes
from host_engine.control.operators.guard import Guard
from host_engine.direction.happenings import Happenings
from host_engine.direction.refusals import NotDone as NotSaid
from host_engine.direction.sayable import checked
from host_engine.host.deadline import DaemonThreads
from host_engine.swap.catalogs import Catalogs

if TYPE_CHECKING:
    from host_engine.channel.on_air.running import Running
    from host_engine.channel.studio.studio import Studio

log = logging.getLogger(__name__)

SHOP = Who("the shop")
SHORTEST = 16  # characters of a secret that we sign with
COUNTED = 600.0  # seconds of orders that are counted where nothing else is said

Job = Callable[[], Awaitable[None]]


class Directs(Protocol):
    """The director, as far as a shop is let to direct."""

    async def say(self, text: str, when: Any = ..., who: Who = ...) -> dict[str, Any]: ...
    def go_to(self, entry: str, who: Who = ...) -> dict[str, Any]: ...


class Recalling(Catalogs, Protocol):
    """The catalogs, which also say what is recalled."""

    def recalled(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Around:
    """What commerce is joined to. `ticker` is told the texts that run beside those of the rundown."""

    channel: Channel
    keys: Mapping[str, str]
    studio: Studio
    catalogs: Recalling
    director: Directs
    guard: Guard
    refusals: Refusals
    tell: Callable[..., object]
    ticker: Callable[[Sequence[str]], None]
    now: Callable[[], datetime]


class CommerceAtWork:
    """Nothing where the channel file names no secret: then its routes say so."""

    def __init__(self, around: Around) -> None:
        """Blocks for some milliseconds: what was kept over a restart is read. Raises ValueError for a weak secret."""
        self._around, wanted = around, around.channel.operator.commerce
        self._vouching, self._threads = Vouching(), DaemonThreads(1, "commerce")
        self._secrets = Secrets(self._named("own"), self._named("shopify"), _shops(around.channel))
        if any(len(each) < SHORTEST for each in self._secrets.own):
            raise ValueError(
                f"operator.commerce.secret_env: a secret needs {SHORTEST} characters; openssl rand -hex 32"
            )
        self.commerce: Commerce | None = None
        self._shopify: Shopify | None = None
        self._kept: Kept | None = None
        if not self._secrets.own and not self._secrets.shopify:
            return
        channel = around.channel
        self._kept = Kept(channel.path(channel.cache) / "commerce" / f"{channel.name}.sqlite")
        keeper = around.studio.gatekeeper
        before = keeper.noted
        keeper.noted = lambda gate: self._vouching.beside(before(gate))
        within = wanted.thanks.within if wanted.thanks else COUNTED
        self.commerce = Commerce(self._parts(Orders(within)), wanted.window)
        self._shopify = self._of_shopify(self.commerce) if wanted.shopify else None
        self._load(self.commerce)

    @property
    def jobs(self) -> dict[str, Job]:
        """What is to be kept running while the channel is on air."""
        return {"commerce": self.commerce.run, "commerce kept": self._kept.run} if self.commerce and self._kept else {}

    def routes(self) -> APIRouter:
        """Where shops tell what has changed."""
        around = self._around
        clock = lambda: around.now().timestamp()  # noqa: E731
        refused = around.refusals.refused
        return commerce_routes(self.commerce, self._shopify, self._secrets, around.guard, refused, clock)

    def status(self) -> dict[str, Any]:
        """For /status."""
        return self.commerce.status() if self.commerce else {}

    def _named(self, of: str) -> list[str]:
        return [key.strip() for name, key in sorted(self._around.keys.items()) if name.startswith(f"{COMMERCE}{of}/")]

    def _parts(self, orders: Orders) -> Parts:
        around, thanks = self._around, self._around.channel.operator.commerce.thanks
        script = around.studio.script
        catalog = lambda: script.show.catalog  # noqa: E731
        when = thanks and When(thanks.orders, thanks.pause * 60, thanks.texts)
        return Parts(
            catalog,
            Putting(catalog, around.catalogs.change, around.now, self._kept, self._recalled),
            orders,
            Coupons(around.ticker, self._say),
            Thanks(when, orders, catalog, self._say) if when else None,
            self._may_be_shown,
            self._say,
            self._clean,
            lambda: {each.segment for each in script.show.rundown.entries},
            lambda segment: around.director.go_to(segment, SHOP),
            around.catalogs.recall,
            around.tell,
            around.guard.audit,
            around.refusals.refused,
            around.now,
            self._kept,
        )

    def _recalled(self) -> set[str]:
        return {str(each["id"]) for each in self._around.catalogs.recalled()}

    def _of_shopify(self, commerce: Commerce) -> Shopify:
        around, wanted = self._around, self._around.channel.operator.commerce.shopify
        assert wanted
        catalog = lambda: around.studio.script.show.catalog  # noqa: E731
        return Shopify(
            commerce,
            ShopifyIds(catalog, wanted.products, self._kept, self._recalled),
            catalog,
            around.catalogs.recall,
            lambda: around.now().timestamp(),
            locations=wanted.locations,
            consent=wanted.consent,
            kept=self._kept,
        )

    def _load(self, commerce: Commerce) -> None:
        """What an earlier run was told. A file of another kind costs the memory, not the start."""
        assert self._kept
        found = self._kept.load()
        try:
            commerce.load(found)
            if self._shopify:
                self._shopify.load(found)
        except (ValueError, TypeError, LookupError):
            log.exception("what the shop told before the restart cannot be understood, and is forgotten")

    async def _say(self, saying: Saying, trial: Saying | None) -> str:
        """Have it said after the sentence on air; "" or why not."""
        try:
            saying = saying._replace(text=checked(saying.text))
            if wrong := await self._weighed(saying, trial):
                return wrong
            self._vouching.put(saying, self._around.now().timestamp())
            await self._around.director.say(saying.text, "next", SHOP)
        except NotSaid as refused:
            return str(refused)
        return ""

    async def _may_be_shown(self, saying: Saying) -> str:
        try:
            return await self._weighed(saying._replace(text=checked(saying.text)), None)
        except NotSaid as refused:
            return str(refused)

    async def _weighed(self, saying: Saying, trial: Saying | None) -> str:
        """What the gate has against a saying, or against what must pass with it."""
        return await self._beside(partial(self._against, saying)) or (
            await self._beside(partial(self._against, trial)) if trial else ""
        )

    def _against(self, saying: Saying) -> str:
        around = self._around
        keeper, language = around.studio.gatekeeper, around.studio.script.show.catalog.language
        verdict = judged(keeper.judge, saying, language, around.now())
        return "; ".join(f"'{each.claim}': {each.said}" for each in verdict.findings)

    async def _clean(self, raw: str) -> str:
        """A buyer's first name as it may be said: cleaned as a viewer's is, and no claim by itself."""
        return await self._beside(partial(self._cleaned, raw))

    def _cleaned(self, raw: str) -> str:
        name, around = clean_name(raw), self._around
        language = around.studio.script.show.catalog.language
        judge = around.studio.gatekeeper.judge
        return name if name and judge.check(f"{name}.", language, None, around.now()).passed else ""

    async def _beside(self, work: Callable[[], str]) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def make_commerce(
    running: Running, happenings: Happenings, catalogs: Recalling, director: Directs, guard: Guard, refusals: Refusals
) -> CommerceAtWork:
    """What shops tell, joined to a channel that runs."""
    ticker = running.studio.picture.set_beside
    parts = catalogs, director, guard, refusals, happenings.tell, ticker, running.now
    return CommerceAtWork(Around(running.channel, running.keys, running.studio, *parts))


def _shops(channel: Channel) -> list[str]:
    shopify = channel.operator.commerce.shopify
    return [each.lower() for each in shopify.shops] if shopify else []
