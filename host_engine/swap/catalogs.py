"""What operators and shops may do with the catalog of a channel that is on air."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from host_engine.access.who import Who
from host_engine.document import Problem

Border = Literal["sentence", "segment", "now"]


class NotDone(ValueError):
    """An order that changes nothing: a sentence says why. `status` is the HTTP status to answer."""

    def __init__(self, sentence: str, status: int = 409, problems: Sequence[Problem] = ()) -> None:
        super().__init__(sentence)
        self.status, self.problems = status, tuple(problems)


class WhichOne(NotDone):
    """Several products may be meant, or one that was not named in full: {id, title, price} of each, to choose from."""

    def __init__(self, sentence: str, candidates: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(sentence, 409)
        self.candidates = tuple(candidates)


@dataclass(frozen=True)
class Diff:
    """What a swap would change. All values are plain, ready for JSON."""

    name: str  # of the catalog that would come
    version: str
    added: tuple[Mapping[str, Any], ...] = ()  # products: {id, title, price}
    removed: tuple[Mapping[str, Any], ...] = ()  # {id, title, on_air: bool}
    changed: tuple[Mapping[str, Any], ...] = ()  # {id, title, fields: {field: [before, after]}}
    segments: Mapping[str, Sequence[str]] = field(default_factory=dict)  # {added, removed, moved, changed}: ids
    lines: Mapping[str, int] = field(default_factory=dict)  # {added, removed, changed}: how many
    on_air: Mapping[str, Any] = field(default_factory=dict)  # what the border means: {line, goes_on_with, product}
    warnings: tuple[str, ...] = ()  # sentences for the operator, before the button
    counts: Mapping[str, int] = field(default_factory=dict)  # {added, removed, changed}: the lists may be cut to 200


@dataclass(frozen=True)
class Swapped:
    """A change that is in force."""

    id: int  # of the version in force, counted up: what `rollback` goes back from
    name: str
    version: str
    n: int  # frame at which it came in force
    what: str = "swap"  # swap, rollback, recall, change
    products: tuple[str, ...] = ()
    note: str = ""  # what was taken for granted, in a sentence


class Catalogs(Protocol):
    """All of it is called on the event loop; what takes long is done beside it. Raises NotDone; then nothing changed.

    One at a time: a second swap while one is under way raises NotDone (409); changes and recalls wait their turn.
    """

    def listed(self) -> list[dict[str, Any]]:
        """The catalogs beside the one in force: {name, folder, version, in_force, products, saved}."""

    async def check(self, name: str) -> list[Problem]:
        """Everything that is wrong with a catalog."""

    async def diff(self, name: str) -> Diff:
        """What a swap to it would change."""

    async def swap(self, name: str, who: Who, border: Border = "sentence") -> Swapped:
        """Put it in force at the next border; comes back when it is."""

    async def rollback(self, who: Who, border: Border = "sentence") -> Swapped:
        """Put the version before in force."""

    async def recall(self, product: str, who: Who) -> Swapped:
        """Take a product out of everything at once; it stays out, through swaps and restarts, until `restore`.

        `product`: its id, or the whole title of one product. Raises WhichOne for less, and nothing is recalled.
        """

    async def restore(self, product: str, who: Who) -> Swapped:
        """Let a recalled product come back."""

    async def change(self, changes: Mapping[str, Mapping[str, Any]], who: Who, why: str = "") -> Swapped:
        """Change fields of products, as a catalog file writes them: {"tea-1": {"price": "12.00 EUR"}}; None unsets.

        From the call on, nothing that speaks of the old values of these fields is begun; what is on air and does is
        cut. It outlives restarts, until the files themselves are saved anew. A price without a currency is taken in
        the only one that the catalog has.
        """

    def versions(self) -> list[dict[str, Any]]:
        """Those that were in force, newest first: {id, name, version, what, who, when, n}."""

    def status(self) -> dict[str, Any]:
        """For /status."""
