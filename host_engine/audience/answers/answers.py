"""Answers from the catalog in force, worded by templates: true at their instant, each fact with its evidence."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.answers.cues import intents
from host_engine.audience.answers.entries import masked
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.kept_vectors import KeptVectors, Understands
from host_engine.audience.answers.known_facts import facts_about
from host_engine.audience.answers.reading import Nearness, Reading, read, wanted
from host_engine.audience.answers.reply import Ground
from host_engine.audience.answers.replying import answered
from host_engine.audience.answers.tongue import LANGUAGES
from host_engine.audience.answers.understanding import understood
from host_engine.audience.answers.wording import Speaks, Wording
from host_engine.audience.answers.worker import Worker
from host_engine.audience.meaning import MeaningError
from host_engine.audience.message import Kind
from host_engine.show.catalog import Catalog
from host_engine.show.evidence import Evidence

log = logging.getLogger(__name__)

EAGER = 1000  # phrases of the catalog whose meaning is computed unasked; the rest when their product is asked about
_AT_ONCE = 8  # texts between which other work has its turn


def _utc() -> datetime:
    return datetime.now(UTC)


class TemplateAnswers:
    """Answers questions from one catalog; `swap` puts the next one in force while the old one goes on answering.

    All work is done on two threads that stand back: one answers, one builds indexes and learns meanings. Without
    `meaning`, or as long as it is not learnt, words alone decide.
    """

    def __init__(
        self,
        catalog: Catalog,
        persona: Speaks | None = None,
        meaning: Understands | None = None,
        *,
        cache: Path | None = None,
        now: Callable[[], datetime] = _utc,
    ) -> None:
        """`cache`: folder for the vectors of the catalog's questions. `now` must give instants with a time zone."""
        self._persona, self._meaning, self._now = persona, meaning, now
        self._catalog = catalog
        self._answering, self._building = Worker("answers"), Worker("answers-index")
        self._wanted: deque[tuple[str, ...]] = deque()
        self._lock, self._learning = threading.Lock(), False
        self._urgent: set[int] = set()  # products whose questions are learnt, or wanted, out of turn
        self._kept: KeptVectors | None = None
        self._silent = "" if meaning else "not asked for"
        self._first: Future[Index] = self._building.submit(Index, catalog)
        self._index: Index | None = None
        self._begun = self._building.submit(self._begin, cache)

    @property
    def catalog(self) -> Catalog:
        """The catalog in force, or the first one while its index is being built."""
        return self._catalog

    async def answer(self, asking: Asking) -> Answer:
        """The answer, in 5 to 50 ms on a thread. Never raises for anything that a viewer wrote."""
        return await asyncio.wrap_future(self._answering.submit(self.answer_now, asking))

    async def courtesy(self, kind: Kind, asking: Asking) -> Answer:
        """The short reply to a greeting, to thanks or to a follow, whatever its text is."""
        return await asyncio.wrap_future(self._answering.submit(self._courtesy, kind, asking))

    async def facts(self, asking: Asking) -> tuple[Evidence, ...]:
        """What the catalog knows about the question: the only source of whoever words an answer freely."""
        return await asyncio.wrap_future(self._answering.submit(self._facts, asking))

    async def swap(self, catalog: Catalog) -> None:
        """Answer from another catalog as soon as its index is built: 10 000 products take some 2 s on a thread."""
        await asyncio.wrap_future(self._building.submit(self._swap, catalog))

    def prepare(self, catalog: Catalog, changed: Collection[str] | None = None) -> Callable[[], None]:
        """Make the index of another catalog ready, on the calling thread; what is given back puts it in force at once.

        `changed`: the products (ids) in which it differs, if it is the same one; those that are gone are spoken of no
        more.
        """
        index = self._in_force().successor(catalog, changed or ())

        def commit() -> None:
            before, self._index, self._catalog = [self._index], index, catalog
            self._building.submit(before.clear)  # there: to let a large one go takes a moment
            self._urgent.clear()
            if changed is None:
                self._building.submit(self._want_anew)

        return commit

    def attend(self, products: Iterable[str]) -> None:
        """Learn the questions of these products next: they come on air. Returns at once."""
        self._building.submit(self._want_products, list(products))

    async def ready(self) -> None:
        """Wait until the catalog's index is built and what is learnt unasked is learnt."""
        await asyncio.wrap_future(self._first)
        while self._wanted or self._learning or not self._begun.done():
            await asyncio.wrap_future(self._building.submit(lambda: None))

    def status(self) -> dict[str, Any]:
        """For /status."""
        index = self._index
        return {
            "products": len(index.catalog.products) if index else 0,
            "removed": len(index.removed) if index else 0,
            "by_meaning": not self._silent and self._kept is not None and len(self._kept) > 0,
            "meaning": self._silent or ("learning" if self._wanted else "learnt"),
            "vectors": len(self._kept) if self._kept else 0,
        }

    def close(self) -> None:
        """End both threads."""
        self._wanted.clear()
        self._answering.close()
        self._building.close()

    def answer_now(self, asking: Asking) -> Answer:
        """As `answer`, on the calling thread."""
        try:
            return answered(self._ground(asking))
        except Exception:  # whatever a viewer wrote: it must not end the show
            log.exception("A question could not be answered; it gets the answer of an unknown one")
            return self._at_a_loss(asking)

    def _ground(self, asking: Asking) -> Ground:
        index = self._in_force()
        now = self._now()
        reading = read(asking, index, self._real)
        near = self._nearness(reading)
        asked = understood(asking, index, reading, near, now)
        if asked.subject is not None:
            self._want_product(index, asked.subject)
        words = Wording(self._persona, index.catalog.shop, asked.language, asked.text)
        return Ground(asking, asked, index, words, now)

    def _real(self, word: str) -> bool:
        """Whether it is an English word, as far as the network tells."""
        tells = getattr(self._meaning, "is_word", None)
        try:
            return bool(tells is not None and not self._silent and tells(word))
        except MeaningError as wrong:
            self._be_silent(wrong)
            return False

    def _nearness(self, reading: Reading) -> Nearness | None:
        if self._meaning is None or self._kept is None or self._silent or reading.language != "en":
            return None
        if not reading.text.strip():
            return None
        try:
            question, masked = self._meaning.vectors([" ".join(reading.tokens), reading.masked])
        except MeaningError as wrong:
            self._be_silent(wrong)
            return None
        return Nearness(question, masked, self._kept.known)

    def _courtesy(self, kind: Kind, asking: Asking) -> Answer:
        index = self._in_force()
        reading = read(asking, index)
        language = wanted(asking) or reading.language
        words = Wording(self._persona, index.catalog.shop, language, asking.text or "".join(asking.names))
        return Answer(words.phrase(kind, asking.names), language, kind)

    def _facts(self, asking: Asking) -> tuple[Evidence, ...]:
        ground = self._ground(asking)
        return facts_about(ground)

    def _at_a_loss(self, asking: Asking) -> Answer:
        language = asking.language if asking.language in LANGUAGES else self._in_force().language
        words = Wording(self._persona, self._in_force().catalog.shop, language, "")
        return Answer(words.phrase("unknown"), language, "unknown", score=0.0)

    def _in_force(self) -> Index:
        if self._index is None:
            self._index = self._first.result()
        return self._index

    def _swap(self, catalog: Catalog) -> None:
        self._index = self._in_force().successor(catalog)
        self._catalog = catalog
        self._urgent.clear()
        self._want_anew()

    def _want_anew(self) -> None:
        self._wanted.clear()
        self._want_all()

    def _begin(self, cache: Path | None) -> None:
        if self._meaning is None:
            return
        self._kept = KeptVectors(self._meaning, cache)
        self._want_all()

    def _want_all(self) -> None:
        """The phrases of intents, then the shop's questions, then those of the first products."""
        index = self._in_force()
        self._want([phrase for intent in intents("en").values() for phrase in intent.like])
        if index.entries.language != "en":
            return  # the network knows English only
        phrases: list[str] = []
        for entry in index.entries.all():
            phrases += masked(entry)
            if len(phrases) >= EAGER:
                break
        self._want(phrases)

    def _want_products(self, ids: list[str]) -> None:
        index = self._in_force()
        for id in ids:
            if (place := index.place(id)) is not None:
                self._want_product(index, place)

    def _want_product(self, index: Index, place: int) -> None:
        """Have the questions of a product learnt out of turn, once."""
        if index.entries.language == "en" and place not in self._urgent:
            self._urgent.add(place)
            self._want([phrase for entry in index.entries.of(place) for phrase in masked(entry)], urgent=True)

    def _want(self, phrases: Sequence[str], urgent: bool = False) -> None:
        """Have phrases learnt, the urgent ones first."""
        if self._kept is None or self._silent or not phrases:
            return
        if self._kept.knows_all(phrases):
            return
        parts = [tuple(phrases[at : at + _AT_ONCE]) for at in range(0, len(phrases), _AT_ONCE)]
        with self._lock:
            if urgent:
                self._wanted.extendleft(reversed(parts))
            else:
                self._wanted.extend(parts)
            if self._learning:
                return
            self._learning = True
        self._building.submit(self._learn_some)

    def _learn_some(self) -> None:
        """Learn the next few phrases, then let others have their turn."""
        with self._lock:
            texts = self._wanted.popleft() if self._wanted and not self._silent else ()
            self._learning = bool(texts)
        if not texts or self._kept is None:
            return
        try:
            self._kept.learn(texts)
        except MeaningError as wrong:
            self._be_silent(wrong)
        self._building.submit(self._learn_some)

    def _be_silent(self, wrong: Exception) -> None:
        if not self._silent:
            log.warning("Questions are understood by their words only: %s", wrong)
        self._silent = str(wrong) or "away"
        self._wanted.clear()
