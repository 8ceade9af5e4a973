"""Who is told of what becomes of catalogs: the audit log, the as-run log, whoever listens, and the alarms."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from host_engine.access.who import Audit, Who
from host_engine.show.script import Show
from host_engine.swap.catalogs import NotDone, Swapped

log = logging.getLogger(__name__)

INVALID, KEEPING = "catalog/invalid", "catalog/not-kept"  # alarms
LONGEST = 600  # letters of a sentence
DONE = {"swap": "swapped in", "save": "saved anew, and is in force", "rollback": "put back"}
PRODUCTS = {"change": "changed", "recall": "recalled", "restore": "restored"}


class Telling(NamedTuple):
    """audit: see `Audit`. tell: `Happenings.tell`. fact: keeps a fact in the as-run log. alarm: `Alarms.check`."""

    audit: Audit
    tell: Callable[..., object]
    fact: Callable[..., object]
    alarm: Callable[[str, str | None], object]

    @contextmanager
    def refusing(self, who: Who, action: str, **facts: Any) -> Iterator[None]:
        """Keep who was refused what, with the sentence that refused it."""
        try:
            yield
        except NotDone as refused:
            self.audit(who, action, str(refused)[:LONGEST], **facts)
            raise

    def swapped(self, done: Swapped, who: Who, before: str, show: Show) -> None:
        """Another catalog, or another version of it, is in force."""
        shop, count = show.catalog.shop, len(show.catalog.products)
        said = f"The catalog '{done.name}' of {shop} ({done.version}, {count} products) is {DONE[done.what]}."
        log.info("%s", said)
        self.fact("catalog", said, id=done.id, what=done.what, before=before, who=who.name)
        self.audit(who, done.what, catalog=done.name, version=done.version, id=done.id, before=before)
        self.tell("swap", state="done", **_plain(done), who=who.name)
        self.alarm(INVALID, None)

    def changed(self, done: Swapped, who: Who, why: str) -> None:
        """Some products are others now, or are gone, or back."""
        named = ", ".join(done.products[:5]) + (f" and {len(done.products) - 5} more" if len(done.products) > 5 else "")
        self.fact("catalog", f"{PRODUCTS[done.what].capitalize()}: {named}.", id=done.id, who=who.name, why=why[:200])
        self.audit(who, done.what, products=named, version=done.version, id=done.id, why=why[:200])
        what = "swap" if done.what == "change" else "recall"
        self.tell(what, state="done", **_plain(done), who=who.name, why=why[:200])

    def given_up(self, what: str, name: str, who: Who) -> None:
        """A swap was given up before it was in force."""
        self.audit(who, "give up swap", what=what, catalog=name)
        self.tell("swap", state="given up", act=what, name=name, who=who.name)

    def invalid(self, name: str, refused: NotDone) -> None:
        """The files in force were saved, and are not sound: what was in force stays."""
        said = str(refused)[:LONGEST]
        log.error("%s", said)
        self.alarm(INVALID, f"{said}; what was in force stays on air")
        problems = [each._asdict() for each in refused.problems[:20]]
        self.tell("swap", state="refused", act="save", name=name, why=said, problems=problems)

    def valid(self) -> None:
        """They are sound again."""
        self.alarm(INVALID, None)

    def trouble(self, said: str | None) -> None:
        """What is in force cannot be kept for the next start; None: it is kept."""
        self.alarm(KEEPING, said)


def _plain(done: Swapped) -> dict[str, Any]:
    return {name: getattr(done, name) for name in ("id", "name", "version", "n", "products")} | {"act": done.what}
