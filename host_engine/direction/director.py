"""The director: what operators order of the show, each order carried out or refused with a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Any

from host_engine.access.who import Audit, Who
from host_engine.direction.directed import Directed
from host_engine.direction.lasting import Lasting
from host_engine.direction.orders import Order, Orders, When
from host_engine.direction.position import Position
from host_engine.direction.refusals import NotDone
from host_engine.direction.running_order import SHOWN, RunningOrder
from host_engine.direction.saying import Saying
from host_engine.direction.segment_order import SegmentOrder
from host_engine.playout.lane import Lane
from host_engine.playout.playout import Stale
from host_engine.show.rundown import Line
from host_engine.show.utterance import Utterance

__all__ = ["Directed", "Director", "NotDone", "Stale"]

SOMEBODY = Who("an operator")


def nothing(what: str, **data: Any) -> None:
    """Nobody is told."""


def unkept(who: Who, action: str, outcome: str = "done", **facts: object) -> None:
    """Nothing is kept."""


class Director:
    """Each order is refused with a sentence (`NotDone`, `Stale`) or done, audited in the name of `who`, and told as a
    happening: whoever calls these methods has nothing more to do. All of them belong on the event loop and return at
    once, but `say`, whose words are judged beside it.

    A mute shows the slate and lets nothing be heard from the next frame that is drawn on. The line on air is cut and
    is not said again, and the show waits underneath, whatever is ordered, until the mute is over: so the as-run log
    never says that somebody heard what nobody could hear. A hold ends with the line on air; what operators order is
    said all the same. Hold, mute and scene are in force after a restart as they were before.
    """

    def __init__(
        self,
        directed: Directed,
        threads: Executor,
        tell: Callable[..., object] = nothing,
        audit: Audit = unkept,
        order: SegmentOrder | None = None,
        lasting: Lasting | None = None,
    ) -> None:
        """`threads`: where words are judged. `order`: keeps the order of segments that was made by hand. `lasting`:
        keeps what else is in force until an operator ends it."""
        self._on, self._threads, self._tell, self._audit = directed, threads, tell, audit
        self._running_order, self._held, self._lasting = RunningOrder(), False, lasting or Lasting(None)
        self._position = Position(directed, order or SegmentOrder(directed.script, threads))
        lanes: dict[When, Lane] = {"now": directed.operator, "next": directed.next}
        self._orders = Orders(lanes, self._here, self._became)
        self._saying = Saying(directed, self._orders, threads)
        self.resumed = list(self._resume())  # sentences: what was so before the restart, and is so again

    # --- what is so ---

    def state(self) -> dict[str, Any]:
        """What is on air and what follows it: {frame, on_air, next, waits, held, muted, scene, orders, order_by_hand}.
        `waits`: what follows once the show is let go on; None while it is not held."""
        on, now = self._on, self._on.playout.now
        scene, since = on.picture.shown
        return {
            "frame": on.report.n,
            "on_air": _line(now.line, now.lane),
            "next": self._next(),
            "waits": self._next(held=True) if self._held else None,
            "held": self._held,
            "muted": on.program.muted,
            "scene": {"name": scene, "since": since, "by_hand": on.picture.by_hand},
            "orders": self._orders.listed(),
            "order_by_hand": self._position.order.by_hand,
        }

    def queue(self) -> list[dict[str, Any]]:
        """What was ordered to be said and has not been: {id, text, when, who, language, begun}."""
        return self._orders.listed()

    def scenes(self) -> list[dict[str, Any]]:
        """The scenes that fit the picture: {name, kind, on_air, by_hand}."""
        return self._on.picture.choices()

    def rundown(self, first: int | None = None, most: int = SHOWN) -> list[dict[str, Any]]:
        """Segments with their lines: {segment, number, product, title, on_air, lines: [{id, text, variants, scene,
        on_air, next}], before, more}. Without `first`, the number of a segment, those around the one on air. `before`
        and `more` are lines that are left out where there are many."""
        show = self._on.script.show
        return self._running_order.shown(show, self._position.standing, self._on.now(), first, most)

    @property
    def segments(self) -> int:
        """How many there are."""
        return len(self._on.script.show.rundown.begins)

    # --- what is ordered ---

    def take(self, on_air: str | None = None, who: Who = SOMEBODY) -> dict[str, Any]:
        """Go from the line on air to the next one. `on_air`: the id that the operator saw; Stale where it is gone."""
        with self._ordered(who, "take", line=on_air) as facts:
            self._not_muted()
            line = self._on.playout.now.line
            if line is None and on_air is None and self._held and self._next() is None:
                raise NotDone("Nothing is on air, as the show is held; release it, and the next line follows.")
            self._on.playout.take(on_air)
            facts["line"] = line and line.id
        return self.state()

    def skip(self, on_air: str | None = None, who: Who = SOMEBODY) -> dict[str, Any]:
        """Go to the next segment; an answer or an operator's words on air are said to their end first."""
        with self._ordered(who, "skip", line=on_air, segment=None) as facts:
            self._not_muted()
            line = self._on.playout.now.line
            if on_air is not None and (line is None or line.id != on_air):
                raise Stale(f"line {on_air} is no longer on air; {line.id if line else 'the idle host'} is")
            facts["segment"] = line and line.segment
            self._position.next_segment()
            if line is not None and line.place is not None:
                self._on.playout.take(line.id)
        return self.state()

    def go_to(self, entry: str, who: Who = SOMEBODY) -> dict[str, Any]:
        """Go on with this line, or with the first of this segment, after the line on air."""
        with self._ordered(who, "go", to=entry[:200]) as facts:
            facts["to"] = self._position.go_to(entry)
        return self.state()

    def hold(self, who: Who = SOMEBODY) -> dict[str, Any]:
        """Say nothing more after the line on air, but for what operators order."""
        return self._hold(True, who)

    def release(self, who: Who = SOMEBODY) -> dict[str, Any]:
        """Go on with the show."""
        return self._hold(False, who)

    def mute(self, on: bool, who: Who = SOMEBODY) -> dict[str, Any]:
        """The slate and silence from the next frame on that is drawn, or the show again. `frame`: the first so."""
        with self._ordered(who, "mute" if on else "unmute") as facts:
            facts["frame"] = self._on.report.n
            if on != self._on.program.muted:
                facts["frame"] = self._on.program.mute(on)
                self._on.playout.mute(on)
                self._tell("mute", on=on, frame=facts["frame"], by=who.name)
                self._lasting.keep("mute", on, who, self._on.now())
        return self.state() | {"frame": facts["frame"]}

    def scene(self, name: str | None, who: Who = SOMEBODY) -> dict[str, Any]:
        """Show this scene until another is chosen; None: those of the rundown again."""
        with self._ordered(who, "scene", scene=name and name[:80]):
            try:
                self._on.picture.choose(name and name[:80])
            except ValueError as error:
                raise NotDone(f"{str(error)[:1].upper()}{str(error)[1:300]}.", 404) from error
            self._lasting.keep("scene", name is not None, who, self._on.now(), name and name[:80])
        return self.state()

    async def kept(self) -> None:
        """Come back when what was ordered is on the disk for a restart, or the disk takes too long."""
        await self._lasting.written()

    async def reorder(self, segments: Iterable[str], who: Who = SOMEBODY) -> dict[str, Any]:
        """Have these segments in this order; those that are not named keep their places among each other. Without any,
        that of the rundown's file again.

        The line on air stays, and what follows it in the new order is next. It outlives a restart and prices that
        change, but not another catalog.
        """
        wanted = list(segments)
        with self._ordered(who, "reorder", segments=wanted[:50]):
            arranged, rundown = self._position.order.arranged, self._on.script.show.rundown
            run = asyncio.get_running_loop().run_in_executor
            self._position.arrange(await run(self._threads, arranged, rundown, wanted))
            await self._position.order.saved()
        return self.state()

    async def say(
        self, text: str, when: When = "now", who: Who = SOMEBODY, language: str | None = None, anyway: bool = False
    ) -> dict[str, Any]:
        """Have words said: at once, or after the sentence on air. {id, text, when, who, language, begun, findings}

        Raises NotDone with the findings of the fact gate where it does not let them pass, unless they are to be said
        `anyway`; that is kept in the audit log with the findings.
        """
        with self._ordered(who, "say", when=when, text=text[:200]) as facts:
            order, verdict = await self._saying.order(text, when, who.name, language, self._position.product, anyway)
            facts |= {"id": order.id, "anyway": bool(verdict.findings)}
            if verdict.findings:
                facts["findings"] = [f"{each.rule}: {each.claim}"[:200] for each in verdict.findings[:10]]
        return order.shown() | {"findings": [each._asdict() for each in verdict.findings]}

    def withdraw(self, id: str, who: Who = SOMEBODY) -> dict[str, Any]:
        """Do not have said what was ordered, or no more of it than the part on air."""
        with self._ordered(who, "withdraw", id=id[:80]):
            order = self._orders.withdraw(id)
        return order.shown()

    # --- what happens ---

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air."""
        self._orders.said(utterance.line, utterance.cut)

    def changed(self) -> None:
        """Something else is on air now."""
        self._orders.on_air(self._on.playout.now.line)

    def _ordered(self, who: Who, action: str, **facts: Any) -> _Ordered:
        return _Ordered(self._audit, self._tell, who, action, facts)

    def _hold(self, on: bool, who: Who) -> dict[str, Any]:
        with self._ordered(who, "hold" if on else "release"):
            self._held = on
            (self._on.playout.hold if on else self._on.playout.release)()
            self._tell("hold", on=on, by=who.name)
            self._lasting.keep("hold", on, who, self._on.now())
        return self.state()

    def _resume(self) -> Iterator[str]:
        """Before the first frame."""
        if by := self._lasting.by("mute"):
            self._on.program.mute(True)
            self._on.playout.mute(True)
            yield f"The channel is muted, as {by.who} ordered at {by.when}, before it was started anew."
        if by := self._lasting.by("hold"):
            self._held = True
            self._on.playout.hold()
            yield f"The show is held, as {by.who} ordered at {by.when}, before it was started anew."
        if (by := self._lasting.by("scene")) and self._lasting.scene:
            try:
                self._on.picture.choose(self._lasting.scene)
                yield f"The scene '{self._lasting.scene}' is shown, as {by.who} ordered at {by.when}."
            except ValueError as error:
                yield f"The scene that {by.who} chose at {by.when} is not shown: {error}."

    def _here(self, line: Line) -> bool:
        playout = self._on.playout
        return playout.coming(line) or any(each is line for each in (playout.now.line, playout.pulled))

    def _became(self, order: Order, state: str) -> None:
        self._tell("order", order="say", id=order.id, state=state, text=order.text[:200], when=order.when)

    def _next(self, held: bool = False) -> dict[str, Any] | None:
        for lane in self._on.playout.lanes:
            if lane.cues and lane.held == held:
                return _line(lane.cues[0].line, lane.name) | {"ready": lane.cues[0].ready}
        return None

    def _not_muted(self) -> None:
        if self._on.program.muted:
            raise NotDone("The channel is muted; end the mute first.")


class _Ordered:
    """An order under way: audited and told when it is done, audited when it is refused."""

    def __init__(self, audit: Audit, tell: Callable[..., object], who: Who, action: str, facts: dict[str, Any]) -> None:
        self._audit, self._tell, self._who, self._action, self._facts = audit, tell, who, action, facts

    def __enter__(self) -> dict[str, Any]:
        return self._facts

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._audit(self._who, self._action, **self._facts)
            self._tell("order", order=self._action, by=self._who.name, **self._facts)
        elif isinstance(error, (NotDone, Stale)):
            self._audit(self._who, self._action, str(error), **self._facts)


def _line(line: Line | None, lane: str | None) -> dict[str, Any]:
    if line is None:
        return {"line": None, "text": "", "lane": "idle"} | dict.fromkeys(("segment", "product", "language", "entry"))
    facts = {"line": line.id, "text": line.text, "lane": lane, "segment": line.segment, "product": line.product}
    return facts | {"language": line.language, "entry": line.place.entry if line.place else None}
