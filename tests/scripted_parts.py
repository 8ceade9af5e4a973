"""Parts of a channel that do what operators ask of them, or refuse it, as a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from host_engine.control.operators.events import Streams
from host_engine.gate.verdict import Verdict
from host_engine.show.script import Show, load_show
from host_engine.swap.catalogs import Diff, NotDone, Swapped

ROOT = Path(__file__).parent.parent
# never refused
LOOKS = {"voices", "hosts", "state", "scenes", "queue", "listed", "rundown", "segments", "status", "kept"}


class Plain(dict[str, Any]):
    """What a part gives back, at once or when it is awaited."""

    refusal: Exception | None = None

    def __await__(self) -> Iterator[Any]:
        if self.refusal:
            raise self.refusal
        return self
        yield


class Part:
    """Does whatever it is asked, and refuses each third time; the arguments must be such as JSON can hold."""

    calls = 0

    def __init__(self, *refusals: Callable[[], Exception], later: bool = False) -> None:
        """later: refuses when what it gave back is awaited."""
        self._refusals, self._later = refusals, later

    def __getattr__(self, name: str) -> Part:
        return Part() if name in LOOKS else Part(*self._refusals, later=self._later)

    def __call__(self, *given: Any, **named: Any) -> Plain:
        json.dumps([given, named], default=repr)
        Part.calls += 1
        done = Plain(id="x")
        if self._refusals and Part.calls % 3 == 0:
            done.refusal = self._refusals[Part.calls % len(self._refusals)]()
            if not self._later:
                raise done.refusal
        return done


class ScriptedCatalogs:
    """Has the demo's catalog in force; of all others it knows only those whose names have an even number of letters."""

    def __init__(self) -> None:
        self.show: Show = load_show(ROOT / "product_catalogs" / "tea")

    async def look(self) -> None: ...

    def listed(self) -> list[dict[str, Any]]:
        return [{"name": "tea", "in_force": True}]

    versions = recalled = listed

    def status(self) -> dict[str, Any]:
        return {}

    async def check(self, name: str) -> list[Any]:
        self._known(name)
        return []

    async def diff(self, name: str) -> Diff:
        return self._known(name)

    async def rollback_diff(self) -> Diff:
        return self._known("tea!")

    def give_up(self, who: Any) -> None:
        raise NotDone("No swap is under way.")

    async def swap(self, name: str, who: Any, border: str = "sentence") -> Swapped:
        self._known(name)
        return Swapped(1, name, "v", 7)

    async def rollback(self, who: Any, border: str = "sentence") -> Swapped:
        raise NotDone("There is nothing to roll back to.")

    async def recall(self, product: str, who: Any) -> Swapped:
        return await self.swap(product, who)

    restore = recall

    async def change(self, changes: Any, who: Any, why: str = "") -> Swapped:
        json.dumps(changes)
        return await self.swap(*changes, who)

    def _known(self, name: str) -> Diff:
        if len(name) % 2:
            raise NotDone(f"There is no catalog '{name}'.", 404)
        return Diff(name, "v")


class ScriptedReview:
    """A desk whose answers wait under ids of an even number of letters."""

    todo: tuple[dict[str, Any], ...] = ()

    def waiting(self) -> list[dict[str, Any]]:
        return []

    def approve(self, id: str) -> bool:
        return len(id) % 2 == 0

    veto = approve

    async def by_hand(self, id: str, text: str) -> Verdict:
        if len(id) % 2:
            raise KeyError(id)
        return Verdict(())


class ShortStreams(Streams):
    """Streams that end soon."""

    async def ended(self) -> None:
        await asyncio.sleep(0.01)
