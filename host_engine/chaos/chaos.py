"""The plan at work: puts the faults around the parts of a channel when it is built, and begins and ends them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar, cast

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.disk import BrokenDisk
from host_engine.chaos.machine import strike
from host_engine.chaos.mouth import BrokenMouth
from host_engine.chaos.plan import Clapper, Clock, Disk, Encoder, Fault, Journal, Mouth, Output, Picture, Plan, Voice
from host_engine.chaos.program import BrokenEncoder, BrokenPicture
from host_engine.chaos.relay import Relay
from host_engine.chaos.voice import BrokenVoice

log = logging.getLogger(__name__)

T = TypeVar("T")
INSTANT = 0.3  # seconds for which a fault that does not last is there


class Change(NamedTuple):
    """A fault has begun or ended."""

    fault: Fault
    begins: bool

    def __str__(self) -> str:
        return f"chaos: {self.fault} {'begins' if self.begins else 'is over'}"


class Chaos:
    """Everything of a channel that a plan breaks. `hooks` are told of each fault that begins or ends.

    Only the parts that the plan speaks of are touched.
    """

    def __init__(self, plan: Plan, faults: AtWork | None = None) -> None:
        self.plan, self.faults = plan, faults or AtWork()
        self.hooks: list[Callable[[Change], None]] = []
        self._relays: list[Relay] = []
        self._voices = 0

    @property
    def status(self) -> list[str]:
        """The faults at work, for people."""
        return [str(fault) for fault in self.faults.all]

    def wrap(self, kind: str, name: str, part: T) -> T:
        """The part of that kind and name, with the faults of the plan that concern it around it."""
        wrapped: Any = part
        real: Any = part
        match kind:
            case "voice" if self._plans(Voice):
                self._voices += 1
                wrapped = BrokenVoice(real, self._voices == 1, self.faults)
            case "mouth" if self._plans(Mouth):
                wrapped = BrokenMouth(real, self.faults)
            case "picture" if self._plans(Picture):
                wrapped = BrokenPicture(real, self.faults)
            case "encoder" if self._plans(Encoder) or self._plans(Clapper):
                wrapped = BrokenEncoder(real, self.faults)
            case "clock" if self._plans(Clock):
                wrapped = self._stepping(real)
            case "journal" if self._plans(Journal):
                wrapped = self._unreachable
            case "connection" if self._plans(Output, name):
                self._relays.append(Relay(name, real, self.faults))
                wrapped = self._relays[-1].open
            case "disk" if self._plans(Disk, name):
                wrapped = BrokenDisk(name, real, self.faults)
        return cast(T, wrapped)

    def _plans(self, kind: type[Fault], name: str | None = None) -> bool:
        return any(isinstance(each, kind) and name in (None, getattr(each, "name", "")) for each in self.plan.faults)

    def _stepping(self, real: Callable[[], datetime]) -> Callable[[], datetime]:
        return lambda: real() + timedelta(seconds=sum(each.by for each in self.faults.all if isinstance(each, Clock)))

    def _unreachable(self) -> str | None:
        return "the journal does not answer (chaos)" if self.faults.of(Journal) else None

    async def run(self, on_air: Callable[[], bool]) -> None:
        """Carry out the plan from the first frame on, when `on_air` becomes true, until cancelled."""
        log.warning("chaos: this channel runs with %d planned faults, which are meant", len(self.plan.faults))
        while not on_air():  # noqa: ASYNC110 - the first frame announces itself to nobody
            await asyncio.sleep(0.02)
        start = asyncio.get_running_loop().time()
        try:
            async with asyncio.TaskGroup() as tasks:
                for relay in self._relays:
                    tasks.create_task(relay.watch())
                for fault in self.plan.faults:
                    tasks.create_task(self._play(fault, start))
        finally:
            for begun in self.faults.all:
                self.faults.end(begun)

    async def _play(self, fault: Fault, start: float) -> None:
        due = start + fault.first
        while True:
            await _until(due)
            self.faults.begin(fault)
            self._tell(Change(fault, True))
            strike(fault, self.faults)
            await _until(due + (fault.seconds or INSTANT))
            self.faults.end(fault)
            self._tell(Change(fault, False))
            if fault.every is None:
                return
            due += fault.every

    def _tell(self, change: Change) -> None:
        log.warning("%s", change)
        for hook in self.hooks:
            try:
                hook(change)
            except Exception:
                log.exception("%s could not be passed on", change)


async def _until(when: float) -> None:
    await asyncio.sleep(max(0.0, when - asyncio.get_running_loop().time()))
