"""The catalogs of a channel that is on air: checked, compared, swapped, rolled back, changed, recalled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from host_engine.access.who import Who
from host_engine.document import Problem
from host_engine.show.change import NOTHING
from host_engine.show.rundown import Line
from host_engine.show.script import Show
from host_engine.swap.airing import Air, committed
from host_engine.swap.catalogs import Border, Diff, NotDone, Swapped
from host_engine.swap.considering import considered
from host_engine.swap.doubts import Asked
from host_engine.swap.keeping import Keeping
from host_engine.swap.last_read import LastRead
from host_engine.swap.library import marks
from host_engine.swap.long_lived import let_go, long_lived
from host_engine.swap.opening import Opened
from host_engine.swap.part import Change, Part
from host_engine.swap.products import Derived, Products
from host_engine.swap.reading import Read
from host_engine.swap.telling import Telling
from host_engine.swap.under_way import GivenUp, UnderWay
from host_engine.swap.version import Version, What

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
NOBODY_ELSE = Asked()


class CatalogsOnAir:
    """Implements `Catalogs`. What is in force changes in two ways: a swap puts another catalog's files in force, one at
    a time and at a border; changes and recalls, which never wait for a swap, are brought in by `products`.
    """

    def __init__(
        self,
        opened: Opened,
        keeping: Keeping,
        parts: Sequence[Part],
        air: Air,
        threads: Executor,
        telling: Telling,
        now: Callable[[], datetime],
        asked: Asked = NOBODY_ELSE,
        border: Border = "sentence",
        quick: Executor | None = None,
    ) -> None:
        """`threads`: at least two, which stand back. `border`: where no order says another one. `quick`: threads that
        read no catalog, so that no disk that hangs holds up a recall or a price."""
        self._keeping, self._parts, self._air, self._threads = keeping, tuple(parts), air, threads
        self._telling, self._now, self._asked, self.border = telling, now, asked, border
        self.products = Products(opened, parts, air, quick or threads, self._of_products, keeping.save)
        self.invalid: str | None = None  # what is wrong with the files that were saved last
        self._busy: UnderWay | None = None
        self._free = asyncio.Event()
        self._free.set()
        self._read = LastRead(keeping, threads)
        self._gone: list[Show] = []  # what was in force before

    @property
    def show(self) -> Show:
        """What is in force."""
        return self.products.show

    @property
    def version(self) -> Version:
        """The one whose files are in force."""
        return self._keeping.here

    def listed(self) -> list[dict[str, Any]]:
        """See `Catalogs`. Versions and numbers of products are there once `look` has seen the files."""
        here = self.version.name
        return [{**each, "in_force": each["name"] == here} for each in self._keeping.library.listed()]

    async def look(self) -> None:
        """Look into the catalogs that were saved since the last time."""
        await self._off(self._keeping.library.look)

    def versions(self) -> list[dict[str, Any]]:
        """See `Catalogs`; `back` marks the one that a rollback goes to."""
        state = self._keeping.state
        back = state.before.id if state.before else -1
        return [{**each.shown(), "back": each.id == back} for each in reversed(state.versions)]

    def recalled(self) -> list[dict[str, Any]]:
        """The products that are out: {id, title, who, when}."""
        return [{"id": id, **each._asdict()} for id, each in self.products.overlay.recalled.items()]

    def status(self) -> dict[str, Any]:
        """See `Catalogs`. No names of people."""
        here, overlay = self.version, self.products.overlay
        changed = overlay.changes.get(here.name)
        return {
            "name": here.name,
            "version": self.show.version,
            "id": self._keeping.state.next - 1,
            "products": len(self.show.catalog.products),
            "recalled": sorted(overlay.recalled)[:50],
            "changed": len(changed.products) if changed and changed.mark == self.products.base.version else 0,
            "under_way": self._busy and self._busy.shown(),
            "invalid": self.invalid,
        }

    async def check(self, name: str) -> list[Problem]:
        """See `Catalogs`."""
        folder = self._keeping.library.find(name)
        try:
            read = await self._off(self._keeping.reader.read, name, folder)
        except OSError as error:
            return [Problem(str(folder), None, "", f"the catalog cannot be read: {error}")]
        await self._off(self._keeping.reader.forget, read)
        return list(read.problems)

    async def diff(self, name: str) -> Diff:
        """See `Catalogs`. Raises NotDone: 404, or 422 with the problems of a catalog that is not sound."""
        read = await self._read.read(name, self._keeping.library.find(name))
        return await self._off(self._considered, read, self.show, self._air.line)

    async def rollback_diff(self) -> Diff:
        """What a rollback would change. Raises NotDone."""
        read = await self._read.before()
        return await self._off(self._considered, read, self.show, self._air.line)

    async def swap(self, name: str, who: Who, border: Border | None = None) -> Swapped:
        """See `Catalogs`. Goes on to its end when whoever ordered it goes away."""
        with self._telling.refusing(who, "swap", catalog=name[:80]):
            folder = self._keeping.library.find(name)
            return await self._exchange("swap", name, who, border, partial(self._read.read, name, folder))

    async def rollback(self, who: Who, border: Border | None = None) -> Swapped:
        """See `Catalogs`: to the files of the version before. Recalls stay, and so do changes of that catalog."""
        with self._telling.refusing(who, "rollback"):
            return await self._exchange("rollback", self._keeping.before.name, who, border, self._read.before)

    async def saved(self, who: Who) -> Swapped | None:
        """The files in force may have been saved: if so, put them in force. Waits for a swap that is under way.

        Raises NotDone where they are not sound; then `invalid` says so until they are.
        """
        await self._free.wait()
        here, state = self.version, self._keeping.state
        found = await self._off(marks, Path(here.folder))
        if found == here.marks:  # nothing is different, or not any more
            state.seen, self.invalid = found, None
            self._telling.valid()
            return None
        if found == state.seen:
            return None
        state.seen = found
        with self._telling.refusing(who, "save", catalog=here.name):
            try:
                read = partial(self._read.read, here.name, Path(here.folder))
                return await self._exchange("save", here.name, who, None, read)
            except GivenUp:
                raise
            except NotDone as refused:
                self.invalid = str(refused)
                self._telling.invalid(here.name, refused)
                raise

    def give_up(self, who: Who) -> None:
        """Do not go on with the swap that is under way. Raises NotDone where there is none, or it is in force."""
        with self._telling.refusing(who, "give up swap"):
            if (busy := self._busy) is None or not busy.give_up():
                raise NotDone("No swap is under way.")
            self._telling.given_up(busy.what, busy.name, who)

    async def recall(self, product: str, who: Who) -> Swapped:
        """See `Catalogs`."""
        with self._telling.refusing(who, "recall", product=product[:60]):
            return await self.products.recall(await self.products.meant(product), who, self._stamp())

    async def restore(self, product: str, who: Who) -> Swapped:
        """See `Catalogs`."""
        with self._telling.refusing(who, "restore", product=product[:60]):
            return await self.products.restore(product, who)

    async def change(self, changes: Mapping[str, Mapping[str, Any]], who: Who, why: str = "") -> Swapped:
        """See `Catalogs`."""
        with self._telling.refusing(who, "change", products=", ".join(map(str, changes))[:200], why=why[:200]):
            return await self.products.change(changes, who, why)

    async def _exchange(
        self, what: What, name: str, who: Who, border: Border | None, read: Callable[[], Awaitable[Read]]
    ) -> Swapped:
        """Put other files in force."""
        if self._busy is not None:
            raise NotDone(f"A {self._busy.what} to '{self._busy.name}' is under way; wait for it, or give it up.")
        self._busy = busy = UnderWay(what, name, border or self.border)
        self._free.clear()
        work = asyncio.ensure_future(self._exchanged(busy, who, read))
        work.add_done_callback(lambda done: done.cancelled() or done.exception())  # whoever ordered it may be gone
        return await asyncio.shield(work)

    async def _exchanged(self, busy: UnderWay, who: Who, read: Callable[[], Awaitable[Read]]) -> Swapped:
        try:
            found = await busy.read(read())
            await self._keeping.begin()
            busy.go_on("preparing")
            derived, commits = await self._off(self._derived, found), []
            for part in self._parts:
                busy.go_on("preparing")
                commits.append(await self._off(_prepared, part, Change(derived.show)))
            busy.go_on("waiting for its border")
            made: list[Swapped] = []
            commit = partial(self._commit, busy.what, who, found, derived, commits)
            await busy.wait(self._air.at(busy.border, lambda: made.append(commit())))
            self._read.forget()
            await self._keeping.keep(found)
            await self._off(let_go, self._gone)
        except NotDone:
            raise
        except Exception as error:
            log.exception("a swap failed")
            raise NotDone(f"The catalog could not be put in force, and nothing was changed: {error}", 500) from error
        finally:
            self._busy = None
            self._free.set()
        await self.products.settle()
        await self._keeping.save()
        return made[0]

    def _derived(self, read: Read) -> Derived:
        """The show that comes in force. Raises NotDone where nothing would be left to say."""
        derived = self.products.derive(read.sound, read.name, read.marks.catalog)
        if derived.show.rundown.entries == (NOTHING,):
            raise NotDone(f"Nothing of '{read.name}' could be said: all its lines are about recalled products.", 422)
        return derived

    def _commit(
        self, what: What, who: Who, read: Read, derived: Derived, commits: Sequence[Callable[[], None]]
    ) -> Swapped:
        """Between two frames, on the loop: everything follows at once."""
        committed(commits, lambda error: log.error("a part does not follow the swap", exc_info=error))
        state, before = self._keeping.state, self.version.name
        self.products.overlay.saved(read.name, read.marks.catalog, derived.serial)
        version = Version(
            state.next, what, read.name, str(read.folder), read.marks, derived.show.version, who.name, self._stamp(),
            self._air.n,
        )  # fmt: skip
        state.add(version)
        state.stack = [*(state.stack[:-2] if what == "rollback" else state.stack), version.id]
        state.seen, self.invalid = read.there, None
        self._gone += [self.products.base, self.products.show]
        self.products.follow(read.sound, read.name, derived)
        swapped = Swapped(version.id, version.name, version.version, version.n, what)
        committed([partial(self._telling.swapped, swapped, who, before, derived.show)], _untold)
        return swapped

    def _of_products(self, what: What, who: Who, products: tuple[str, ...], why: str) -> Swapped:
        """A change, a recall or a restore is in force."""
        state, here = self._keeping.state, self.version
        version = here._replace(
            id=state.next, what=what, version=self.show.version, who=who.name, when=self._stamp(), n=self._air.n,
            products=products[:20], why=why[:200],
        )  # fmt: skip
        state.add(version)
        swapped = Swapped(version.id, version.name, version.version, version.n, what, products)
        committed([partial(self._telling.changed, swapped, who, why)], _untold)
        return swapped

    def _considered(self, read: Read, before: Show, on_air: Line | None) -> Diff:
        """On a thread."""
        after = self.products.derive(read.sound, read.name, read.marks.catalog).show
        out = [id for id in list(self.products.overlay.recalled) if read.sound.catalog.has(id)]
        return considered(read.name, before, after, on_air, out, self._asked)

    def _stamp(self) -> str:
        return self._now().isoformat(timespec="seconds")

    async def _off(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it beside the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))


def _prepared(part: Part, change: Change) -> Callable[[], None]:
    with long_lived():
        return part.prepare(change)


def _untold(error: BaseException) -> None:
    log.error("what became of a catalog could not be told", exc_info=error)
