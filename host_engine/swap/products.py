"""Single products that are changed or recalled while the channel is on air, without another catalog."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, NamedTuple

from host_engine.access.who import Who
from host_engine.document.wording import nearest
from host_engine.show.catalog import Product
from host_engine.show.change import WrongChange, changed, changed_product, differences
from host_engine.show.script import Show
from host_engine.swap.airing import Air, Touched, committed
from host_engine.swap.bare_amounts import in_its_currency
from host_engine.swap.candidates import candidates
from host_engine.swap.catalogs import NotDone, Swapped, WhichOne
from host_engine.swap.long_lived import long_lived
from host_engine.swap.opening import Opened, versioned
from host_engine.swap.overlay import Recalled
from host_engine.swap.part import Change, Part
from host_engine.swap.version import What

log = logging.getLogger(__name__)

MOST = 10_000  # products of one change

Told = Callable[[What, Who, tuple[str, ...], str], Swapped]


class Derived(NamedTuple):
    """A show, and what makes it differ from its files."""

    show: Show
    products: Mapping[str, Product | None]
    serial: int  # of the last change in it


class Products:
    """From the call on nothing is begun that speaks of old values: the air is told before anything is waited for. What
    is wanted is compared with what is in force again and again until nothing is owed, so that changes that come
    together come in force together, and none is lost when a swap comes in between.
    """

    def __init__(
        self,
        opened: Opened,
        parts: Sequence[Part],
        air: Air,
        threads: Executor,
        told: Told,
        save: Callable[[], Awaitable[None]],
    ) -> None:
        """`told`: of what is in force; what it gives back is the order's result. `save`: keep it for a restart."""
        assert opened.state.in_force
        self.base, self.show, self.name = opened.base, opened.show, opened.state.in_force.name
        self.overlay = opened.state.overlay
        self._parts, self._air, self._threads, self._told, self._save = tuple(parts), air, threads, told, save
        self._wanted = self.overlay.products(self.name, self.base.version, self.base.catalog)
        self._owed: set[str] = set()  # products that are not in force as they are wanted
        self._turn = asyncio.Lock()
        for id, each in self.overlay.recalled.items():
            air.recall(id, each.title)

    async def change(self, changes: Mapping[str, Mapping[str, Any]], who: Who, why: str) -> Swapped:
        """Raises NotDone: 404 for a product that is not there, 422 for a field that is wrong; then nothing changed."""
        changes, note = in_its_currency(changes, self.base.catalog)
        found = self._checked(changes)
        touched: dict[str, frozenset[str] | None] = {}
        for id, product in found.items():
            file = self.base.catalog.product(id)
            before = self._as_changed(id)
            fields = differences(file, product)
            self.overlay.put(self.name, self.base.version, id, {name: each[1] for name, each in fields.items()})
            if id not in self.overlay.recalled and before != product:
                self._want(id, product if fields else None, file)
                touched[id] = frozenset(differences(before, product))
        return replace(await self._carry_out(touched, "change", who, tuple(found), why), note=note)

    async def meant(self, said: str) -> str:
        """The id of the product that somebody means: its id, or the whole title of one product only.

        Raises WhichOne with those that may be meant. What nobody can mean is given back as it is.
        """
        if self.base.catalog.has(said) or said in self.overlay.recalled:
            return said
        here = [each for each in self.base.catalog.products if each.id not in self.overlay.recalled]
        found = await asyncio.get_running_loop().run_in_executor(self._threads, candidates, said, here)
        if found.meant is not None:
            return found.meant.id
        if not found.total:
            return said
        several = "One product fits" if found.total == 1 else f"{found.total} products fit"
        named = ", ".join(f"'{each.title}' is {each.id}" for each in found.products[:3])
        raise WhichOne(
            f"{several} '{_shown(said)}', and nothing was recalled; say which one by its id: {named}"
            f"{' and so on' if found.total > 3 else ''}.",
            [{"id": each.id, "title": each.title, "price": str(each.price)} for each in found.products],
        )

    async def recall(self, id: str, who: Who, when: str) -> Swapped:
        """Raises NotDone: 404 where there is no such product, 409 where it is recalled already."""
        if id in self.overlay.recalled:
            raise NotDone(f"The product '{id}' is recalled already.")
        title = self._known(id).title
        self.overlay.recalled[id] = Recalled(title, who.name, when)
        self.overlay.serial += 1
        self._wanted[id] = None
        self._owed.add(id)
        self._air.recall(id, title)
        return await self._carry_out({id: None}, "recall", who, (id,))

    async def restore(self, id: str, who: Who) -> Swapped:
        """Raises NotDone (404) where it is not recalled."""
        if id not in self.overlay.recalled:
            there = nearest(id[:60], self.overlay.recalled)
            raise NotDone(f"No product '{_shown(id)}' is recalled{there}.", 404)
        product = self._as_changed(id) if self.base.catalog.has(id) else None
        del self.overlay.recalled[id]
        self.overlay.serial += 1
        self._wanted.pop(id, None)
        if product is not None:
            self._want(id, product, self.base.catalog.product(id))
        swapped = await self._carry_out({}, "restore", who, (id,))
        if id not in self.overlay.recalled:
            self._air.restore(id)
        return swapped

    def derive(self, base: Show, name: str, mark: str) -> Derived:
        """A catalog as it would come in force. On a thread."""
        serial = self.overlay.serial
        products = self.overlay.products(name, mark, base.catalog)
        show = changed(base, products, versioned(base, self.overlay)) if products else base
        return Derived(show, products, serial)

    def follow(self, base: Show, name: str, derived: Derived) -> None:
        """Another catalog has come in force; what was changed since it was derived is owed, and `settle` brings it."""
        self.base, self.name, self.show = base, name, derived.show
        wanted = {id: each for id, each in derived.products.items() if each is not None or id in self.overlay.recalled}
        wanted |= {id: None for id in self.overlay.recalled if base.catalog.has(id)}
        if len(wanted) != len(derived.products) or self.overlay.serial != derived.serial:
            wanted |= self._since(derived.serial)
        gone = derived.products.keys() - wanted.keys()
        self._wanted = wanted
        self._owed = {id for id in wanted if wanted[id] is not derived.products.get(id, base)} | gone
        if self._owed:
            self._air.withdraw(dict.fromkeys(self._owed))

    async def settle(self) -> None:
        """Bring in force what is owed."""
        async with self._turn:
            while self._owed:
                ids, base, wanted = frozenset(self._owed), self.base, dict(self._wanted)
                version = versioned(base, self.overlay)
                work = asyncio.get_running_loop().run_in_executor(
                    self._threads, self._prepared, base, wanted, version, ids
                )
                show, commits = await work
                if self.base is not base:
                    continue
                committed(commits, lambda error: log.error("a part does not follow a change", exc_info=error))
                self.show = show
                self._owed = {id for id in self._owed if id not in ids or self._moved(id, wanted)}
                self._air.release(ids - self._owed, show.catalog)

    def _prepared(
        self, base: Show, wanted: Mapping[str, Product | None], version: str, ids: frozenset[str]
    ) -> tuple[Show, list[Callable[[], None]]]:
        """On a thread. A part that fails stays behind: the others must not wait for it."""
        commits = []
        with long_lived(set_aside=any(wanted.get(id, base) is None for id in ids)):
            show = changed(base, wanted, version)
            for part in self._parts:
                try:
                    commits.append(part.prepare(Change(show, ids)))
                except Exception:
                    log.exception("'%s' could not be made ready for a change, and stays behind", part.name)
        return show, commits

    async def _carry_out(self, touched: Touched, what: What, who: Who, ids: tuple[str, ...], why: str = "") -> Swapped:
        """Brought in force, told, and kept with what is told of it, so that no number is given twice after a crash."""
        if touched:
            self._air.withdraw(touched)
        await self.settle()
        swapped = self._told(what, who, ids, why)
        await self._save()
        return swapped

    def _moved(self, id: str, wanted: Mapping[str, Product | None]) -> bool:
        """Whether it is wanted otherwise than it was then."""
        here = (id in self._wanted, self._wanted.get(id))
        return here[0] != (id in wanted) or here[1] is not wanted.get(id)

    def _want(self, id: str, product: Product | None, file: Product) -> None:
        if product is None or product == file:
            self._wanted.pop(id, None)
        else:
            self._wanted[id] = product
        self._owed.add(id)

    def _checked(self, changes: Mapping[str, Mapping[str, Any]]) -> dict[str, Product]:
        if not changes or len(changes) > MOST:
            raise NotDone(f"A change is of one product at least, and of {MOST} at most.", 422)
        found = {}
        for id, fields in changes.items():
            self._known(id)
            catalog = self.base.catalog.model_copy()
            catalog._by_id = {id: self._as_changed(id)}
            try:
                found[id] = changed_product(catalog, id, fields)
            except WrongChange as wrong:
                raise NotDone(f"The product '{id}' stays as it is: {wrong}.", 422) from None
        return found

    def _known(self, id: str) -> Product:
        if not self.base.catalog.has(id):
            like = nearest(id[:60], (each.id for each in self.base.catalog.products)) if len(id) <= 60 else ""
            raise NotDone(f"There is no product '{_shown(id)}' in the catalog in force{like}.", 404)
        return self.base.catalog.product(id)

    def _as_changed(self, id: str) -> Product:
        """A product with what was changed of it, recalled or not."""
        product = self._wanted.get(id)
        if product is not None:
            return product
        file, kept = self.base.catalog.product(id), self.overlay.changes.get(self.name)
        if id not in self.overlay.recalled or not kept or kept.mark != self.base.version or id not in kept.products:
            return file
        try:
            return changed_product(self.base.catalog, id, kept.products[id].fields)
        except WrongChange:
            return file

    def _since(self, serial: int) -> dict[str, Product]:
        """What was changed in the catalog in force since a change of that serial, but for what is recalled."""
        kept, found = self.overlay.changes.get(self.name), {}
        for id, each in (kept.products if kept else {}).items():
            if each.serial > serial and self.base.catalog.has(id) and id not in self.overlay.recalled:
                try:
                    found[id] = changed_product(self.base.catalog, id, each.fields)
                except WrongChange as wrong:
                    log.warning("a change of the product '%s' is over, as its file was saved anew: %s", id, wrong)
        return found


def _shown(id: str) -> str:
    return id if id.isprintable() and len(id) <= 60 else id[:60].encode("unicode_escape").decode()
