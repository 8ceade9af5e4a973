"""The fact gate at work in a channel: lines are judged when they are made, and looked at again as they go on air."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, NamedTuple

from host_engine.alarms import Alarms
from host_engine.channel.gate.embargo import Embargo, touches
from host_engine.gate.gate import Gate
from host_engine.gate.lists import Lists
from host_engine.gate.verdict import Finding, Judge, Verdict
from host_engine.playout.cue import PassedOver
from host_engine.show.evidence import Evidence
from host_engine.show.fields import fill, product_fields, shop_fields
from host_engine.show.rundown import Card, Line
from host_engine.show.script import Show, make_card
from host_engine.swap.part import Change

log = logging.getLogger(__name__)

ALARM = "gate/stopped"
KEPT = 100  # stopped lines in the operator's list
REMEMBERED = 1000  # lines that passed
SHOWN = 300  # letters of a stopped line
BARRED = "what it says of a product is being changed, or the product is recalled"


@dataclass(frozen=True)
class Stopped:
    """A line that was passed over, for the operator's list."""

    when: datetime  # the last time
    line: str  # id
    text: str
    findings: tuple[Finding, ...]
    times: int = 1

    def status(self) -> dict[str, Any]:
        return {
            "when": self.when.isoformat(timespec="seconds"),
            "line": self.line,
            "text": self.text[:SHOWN],
            "findings": [each._asdict() for each in self.findings],
            "times": self.times,
        }


class Passed(NamedTuple):
    """Under which circumstances a line passed: the catalog's version, which sales held, which day it was; and why."""

    version: str
    epoch: tuple[int, str]
    evidence: tuple[Evidence, ...] = ()


class Gatekeeper:
    """Holds the gate of the committed catalog. A line that does not pass is passed over: the show goes on.

    `judged` may take some milliseconds and is called off the loop; `still_true` costs some microseconds as long as
    nothing has changed since. What is stopped is told in the log, by an alarm, and in the operator's list. What the
    `embargo` bars is passed over in silence: it is made anew.
    """

    def __init__(
        self,
        show: Show,
        more: Sequence[Lists] = (),
        alarms: Alarms | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`more`: a brand's own lists."""
        self._more, self._alarms, self._now = tuple(more), alarms, now
        self._lock = Lock()
        self._stopped: OrderedDict[str, Stopped] = OrderedDict()
        self._failing: dict[str, set[tuple[str, str]]] = {}  # lines, and what was told of each: rule and claim
        self._passed: OrderedDict[tuple[str, str], Passed] = OrderedDict()
        self.lines = self.stops = 0
        self.embargo = Embargo()
        self._show, self.gate = show, Gate(show.catalog, self._more)
        self.noted: Callable[[Judge], Judge] = lambda gate: gate  # the gate, and the host's own notes beside it
        self.gate.check("This is said to have the lists read.", show.catalog.language, None, now())

    @property
    def judge(self) -> Judge:
        """Who judges: the gate of the committed catalog, and what the host's notes say."""
        return self.noted(self.gate)

    @property
    def show(self) -> Show:
        """The committed one."""
        return self._show

    def commit(self, show: Show) -> None:
        """Judge by another show from now on. Takes as long as a `Gate` does to be built: not on the loop."""
        self.prepared(Change(show), ())()

    def prepared(self, change: Change, lines: Iterable[Line]) -> Callable[[], None]:
        """Make the gate of another show, off the loop, and judge `lines` by it; what is given back commits both."""
        show, now = change.show, self._now()
        same = change.products is not None
        gate = self.gate.successor(show.catalog, change.products or ()) if same else self._learnt(show)
        gate.index.range(now)  # takes 20 ms for 10 000 products, which the loop must not
        passed: dict[tuple[str, str], Passed] = {}
        for line in lines:
            verdict = self._verdict(show, gate, line, now)
            if verdict.passed:
                passed[line.id, line.text] = Passed(show.version, gate.epoch(now), verdict.evidence)

        def commit() -> None:
            with self._lock:
                self._show, self.gate = show, gate
                self._passed.update(passed)
                if not same:
                    self._failing.clear()
            if self._alarms and not same:
                self._alarms.clear(ALARM)

        return commit

    def _learnt(self, show: Show) -> Gate:
        """A new gate that need not learn anything more when it is asked on the loop."""
        gate = Gate(show.catalog, self._more)
        _ = gate.index.sentences, gate.index.categories
        gate.check("This is said to have the lists read.", show.catalog.language, None, self._now())
        return gate

    def judged(self, line: Line) -> Line:
        """The line with its evidence. Raises PassedOver, with a sentence, where the catalog does not back it.

        Lines of the script and lines that carry evidence are judged; what an operator says is the operator's.
        """
        now, show, gate = self._now(), self._show, self.gate
        if self.embargo.bars(line):
            raise PassedOver(BARRED)
        if line.place is None and line.mandatory is None and not line.evidence:
            return line
        verdict = self._verdict(show, gate, line, now)
        self.lines += 1
        if verdict.passed:
            if self.embargo.bars(line, verdict.evidence):
                raise PassedOver(BARRED)
            self._pass(line, Passed(show.version, gate.epoch(now), verdict.evidence))
            return replace(line, evidence=tuple(dict.fromkeys((*line.evidence, *verdict.evidence))))
        self._stop(line, verdict, now)
        raise PassedOver("; ".join(f"'{each.claim}': {each.said}" for each in verdict.findings))

    def still_true(self, line: Line, now: datetime) -> bool:
        """Whether a line that passed would pass now; judged anew only where the catalog, a sale or the day changed."""
        known, show, gate = self._passed.get((line.id, line.text)), self._show, self.gate
        if line.until is not None and now >= line.until:
            return False
        if self.embargo.bars(line, known.evidence if known else ()):
            return False
        if line.place is None and line.mandatory is None and not line.evidence:
            return True
        if known and known[:2] == (show.version, gate.epoch(now)):
            return True
        verdict = self._verdict(show, gate, line, now)
        if verdict.passed:
            self._pass(line, Passed(show.version, gate.epoch(now), verdict.evidence))
        else:
            self._stop(line, verdict, now)
        return verdict.passed

    def known(self, line: Line) -> tuple[Evidence, ...] | None:
        """What backed a line when it was judged last; None where it was not, or is not remembered."""
        found = self._passed.get((line.id, line.text))
        return found.evidence if found else None

    def touches(self, line: Line) -> frozenset[str]:
        """Ids of the products that a line is about, as far as it is known."""
        return touches(line, self.known(line) or ())

    def backed(self, line: Line) -> bool:
        """`still_true` at this moment: for the playout, as a cue goes on air."""
        return self.still_true(line, self._now())

    def status(self) -> dict[str, Any]:
        """For /status: how many lines were judged and stopped, and the operator's list, newest first."""
        with self._lock:
            listed = [each.status() for each in reversed(self._stopped.values())]
        return {"judged": self.lines, "stopped": self.stops, "list": listed}

    def _verdict(self, show: Show, gate: Gate, line: Line, now: datetime) -> Verdict:
        if line.product is not None and not show.catalog.has(line.product):
            said = "The catalog has no such product any more."
            return Verdict(findings=(Finding("stock", line.product, said),))
        if line.card is not None and not _true(line.card, show, now):
            said = "The card that is shown with it is not that of the catalog any more."
            return Verdict(findings=(Finding("price", line.card.title, said),))
        return self.noted(gate).check(_backable(show, line, now), line.language, line.product, now)

    def _pass(self, line: Line, passed: Passed) -> None:
        with self._lock:
            self._passed[line.id, line.text] = passed
            if len(self._passed) > REMEMBERED:
                self._passed.popitem(last=False)
            self._failing.pop(line.id, None)
            over = not self._failing
        if over and self._alarms:
            self._alarms.clear(ALARM)

    def _stop(self, line: Line, verdict: Verdict, now: datetime) -> None:
        told = "; ".join(f"'{each.claim}' ({each.rule}): {each.said}" for each in verdict.findings)
        with self._lock:
            before = self._stopped.pop(line.id, None)
            times = before.times + 1 if before else 1
            self._stopped[line.id] = Stopped(now, line.id, line.text, verdict.findings, times)
            if len(self._stopped) > KEPT:
                self._stopped.popitem(last=False)
            self._passed.pop((line.id, line.text), None)
            told_before = self._failing.setdefault(line.id, set())
            wrong = {each[:2] for each in verdict.findings}
            known = wrong <= told_before  # what would be right may be another price by now
            told_before |= wrong
            self.stops += 1
            several = len(self._failing)
        if not known:  # each change of a price has it judged anew
            log.warning("The line %s is passed over, as the catalog does not back it: %s", line.id, told)
        if self._alarms:
            which = f"the line {line.id} is" if several == 1 else f"{several} lines are, at last {line.id},"
            self._alarms.sound(ALARM, f"{which[0].upper()}{which[1:]} passed over: {told}"[:500])


def _true(card: Card, show: Show, now: datetime) -> bool:
    """Whether a card would be the same if it were made now."""
    catalog = show.catalog
    return catalog.has(card.product) and make_card(catalog, catalog.product(card.product), now) == card


def _backable(show: Show, line: Line, now: datetime) -> str:
    """What is said, without the words that the clock backs, such as how many minutes are left."""
    text = _whole(show, line, now)
    for words in line.scheduled:
        text = text.replace(words, "")
    return text


def _whole(show: Show, line: Line, now: datetime) -> str:
    """What is said in one go: a long line of the script comes in parts, and a part alone may say too much."""
    entry, place = show.rundown.entry(line.id), line.place
    if entry is None or place is None or place.variant >= len(entry.variants):
        return line.text
    variant = entry.variants[place.variant]
    if len(variant.parts) == 1 or variant.checksum != place.words:
        return line.text
    product = show.catalog.product(entry.product) if entry.product else None
    fields = shop_fields(show.catalog)
    if product:
        fields = product_fields(show.catalog, product, product.on_sale(now), place.round)
    try:
        whole = " ".join(fill(part, fields) for part in variant.parts)
    except KeyError:  # the sale is over
        return line.text
    return whole if line.text in whole else line.text
