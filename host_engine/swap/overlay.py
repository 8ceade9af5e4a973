"""What is in force beside the files: products that were changed while the channel was on air, and recalled ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from host_engine.show.catalog import Catalog, Product
from host_engine.show.change import WrongChange, changed_product

Fields = Mapping[str, Any]


class Recalled(NamedTuple):
    """A product that nobody speaks of until it is restored."""

    title: str
    who: str
    when: str  # UTC, ISO 8601


class Changed(NamedTuple):
    """Fields of a product that are others than in the catalog's file, as such a file writes them; None: unset."""

    fields: Fields
    serial: int  # counts all changes: one that was made after a file was read is newer than the file


class Changes(NamedTuple):
    """What was changed in a catalog, as long as its file is the one it was changed in."""

    mark: str  # of the file
    products: Mapping[str, Changed]


class Overlay:
    """Changes belong to a catalog's file and end when it is saved anew; recalls belong to the channel."""

    def __init__(
        self, recalled: Mapping[str, Recalled] | None = None, changes: Mapping[str, Changes] | None = None
    ) -> None:
        """`changes`: by the names of the catalogs."""
        self.recalled = dict(recalled or {})
        self.changes = dict(changes or {})
        self.serial = max((each.serial for of in self.changes.values() for each in of.products.values()), default=0)

    def products(self, name: str, mark: str, catalog: Catalog, after: int = -1) -> dict[str, Product | None]:
        """The products of a catalog that are others than in its file; None for recalled ones. What cannot be changed
        any more is as in the file. `after`: changes after this serial count, whichever file they were made in."""
        found: dict[str, Product | None] = {}
        kept = self.changes.get(name)
        for id, each in (kept.products if kept else {}).items():
            if catalog.has(id) and kept and (kept.mark == mark or each.serial > after >= 0):
                try:
                    found[id] = changed_product(catalog, id, each.fields)
                except WrongChange:
                    continue
        return found | {id: None for id in self.recalled if catalog.has(id)}

    def put(self, name: str, mark: str, product: str, fields: Fields) -> None:
        """These are all the fields in which a product differs from its file now."""
        self.serial += 1
        kept = self.changes.get(name)
        before = dict(kept.products) if kept and kept.mark == mark else {}
        before.pop(product, None)
        if fields:
            before[product] = Changed(fields, self.serial)
        self.changes[name] = Changes(mark, before)

    def saved(self, name: str, mark: str, after: int) -> None:
        """The catalog's file is another one now: of what was changed, what came after this serial goes on."""
        kept = self.changes.get(name)
        if kept and kept.mark != mark:
            later = {id: each for id, each in kept.products.items() if each.serial > after}
            self.changes[name] = Changes(mark, later)

    def written(self) -> dict[str, Any]:
        """As it is kept in a file."""
        changes = {
            name: [each.mark, {id: [dict(one.fields), one.serial] for id, one in each.products.items()}]
            for name, each in self.changes.items()
            if each.products
        }
        return {"recalled": {id: list(each) for id, each in self.recalled.items()}, "changes": changes}


def read_overlay(fields: Mapping[str, Any]) -> Overlay:
    """The overlay that was written. Raises TypeError, KeyError, ValueError or AttributeError where it is none."""
    recalled = {str(id): Recalled(*map(str, each)) for id, each in fields["recalled"].items()}
    changes = {
        str(name): Changes(str(mark), {str(id): Changed(dict(one), int(serial)) for id, (one, serial) in of.items()})
        for name, (mark, of) in fields["changes"].items()
    }
    return Overlay(recalled, changes)
