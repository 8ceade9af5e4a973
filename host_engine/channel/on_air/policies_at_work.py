"""The policies of a channel on air: what they ask is asked again and again, and what operators may do about it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from host_engine.access.who import Audit, Who
from host_engine.alarms import Alarms
from host_engine.channel.on_air.picture_moves import PictureMoves
from host_engine.channel.policies.policy_state import described
from host_engine.channel.policies.ruling import Ruling, anew, library_of, reworded, stale
from host_engine.channel.policies.target_admission import admitted
from host_engine.channel.studio.human_voice import HumanVoice
from host_engine.channel_file.config import Recording, RtmpTarget, WhipTarget
from host_engine.direction.director import SOMEBODY, nothing, unkept
from host_engine.direction.refusals import NotDone
from host_engine.document import Problems
from host_engine.host.deadline import DaemonThreads
from host_engine.policies.measured import Measured, broken
from host_engine.policies.rules import MovingRule, SessionRule

if TYPE_CHECKING:
    from host_engine.channel.outputs.outputs_at_work import Outputs
    from host_engine.channel.studio.studio import Studio
    from host_engine.outputs.fanout import Fanout

log = logging.getLogger(__name__)

LOOK = 5.0  # seconds between two looks
NAME, FILES = "policy", "policy/files"  # alarms begin like the first
ITSELF = Who("the policies")
Wanted = RtmpTarget | WhipTarget | Recording


class PoliciesAtWork:
    """Judges the channel as it is now, every few seconds and whenever something is ordered. What a policy forces is
    done: the label is worded anew, AI voices fall silent. What it refuses is an alarm: the show goes on.

    A target that is added is judged before. A policy file of the brand's own that is saved comes in force by itself;
    while it is wrong, the one before holds and an alarm says where.
    """

    def __init__(
        self,
        studio: Studio,
        alarms: Alarms,
        outputs: Outputs,
        fanout: Fanout,
        now: Callable[[], datetime],
        fact: Callable[[str, str], object] = lambda kind, text: None,
    ) -> None:
        """`fact`: keeps in the as-run log what the policies change by themselves."""
        self._studio, self._alarms, self._outputs, self._now, self._fact = studio, alarms, outputs, now, fact
        self.ruling: Ruling = studio.ruling
        self.human = HumanVoice(studio)
        self.tell: Callable[..., object] = nothing
        self.audit: Audit = unkept
        self._threads = DaemonThreads(1, "policies")
        self.moves = PictureMoves(fanout, self._threads, lambda: bool(self._lengths))
        self._by_hand = False  # an operator has turned the human-voice mode on
        self._sounded: set[str] = set()
        self._read = self._saved()
        self._wake, self._looking = asyncio.Event(), asyncio.Lock()
        outputs.requests.admit = self.admit
        outputs.hooks.append(lambda name, output: self._wake.set())
        for sentence in self.ruling.warnings:
            log.warning("%s", sentence)

    @property
    def jobs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What is to be kept running while the channel is on air."""
        return {"policies": self.run, "policies/picture": self.moves.run}

    async def run(self) -> None:
        """Judge, until cancelled."""
        while True:
            self._wake.clear()
            await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK)

    async def look(self) -> None:
        """Judge the channel as it is now, and do what follows."""
        async with self._looking:
            await self._judge()

    async def _judge(self) -> None:
        await self._reread()
        outputs = self._outputs.all_wanted
        ruling = await self._beside(
            partial(anew, self.ruling, outputs, self._studio.script.show, self._now().date(), self.human.on)
        )
        before, self.ruling = self.ruling, ruling
        if ruling.human_voice and not self.human.on:
            self._silence(ruling)
        if ruling.demand != before.demand:
            await self._label(ruling)
        self._sound(ruling)

    def admit(self, wanted: Wanted) -> Wanted:
        """A target that is to be added, with what its platform brings. Raises NotDone where a policy refuses it."""
        try:
            return admitted(self.ruling, wanted, self._now().date(), self.human.on)
        except ValueError as refused:
            raise NotDone(str(refused), 409) from None

    async def let_people_speak(self, on: bool, who: Who = SOMEBODY) -> dict[str, Any]:
        """Turn the human-voice mode on or off. Raises NotDone where AI voices are not allowed."""
        action = "human voice on" if on else "human voice off"
        await self.look()  # a target may have been added just now
        if not on and (why := self.silenced):
            self.audit(who, action, why)
            raise NotDone(why, 409)
        self._by_hand = on
        self.human.turn(on)
        self.audit(who, action)
        self.tell("order", order="human voice", on=on, by=who.name)
        return self.state()

    @property
    def silenced(self) -> str | None:
        """Why no AI voice may be heard, in a sentence; None where it may."""
        if self.ruling.channel.compliance.human_voice:
            return "The channel file says 'human_voice: true' under compliance; change it there, and start it anew."
        finding = next(iter(self.ruling.voices), None)
        return f"{finding.sentence[:1].upper()}{finding.sentence[1:]}." if finding else None

    def state(self) -> dict[str, Any]:
        """For operators: the policies in force with their rules, what is not kept, the label, and who is heard."""
        mode = {"on": self.human.on, "by_hand": self._by_hand, "because": self.silenced}
        return described(self.ruling, self._now().date()) | {"human_voice": mode, "measured": self._measures()}

    def status(self) -> dict[str, Any]:
        """For /status, which anybody may read."""
        return {
            "in_force": [each.policy.name for each in self.ruling.holding],
            "not_kept": sorted({each.name for each in self.ruling.findings if each.outcome in ("refuse", "warn")}),
            "forced": sorted({each.name for each in self.ruling.findings if each.outcome == "force"}),
            "human_voice": self.human.on,
            "old": len(stale(self.ruling)),
            **self._measures(),
        }

    # --- what follows ---

    def _silence(self, ruling: Ruling) -> None:
        self.human.turn(True)
        why = next((each.sentence for each in ruling.findings if each.outcome == "human-voice"), "a policy asks for it")
        log.warning("no AI voice is heard any more: %s", why)
        self._fact(NAME, f"no AI voice is heard any more: {why}")
        self.audit(ITSELF, "human voice on", why=why)
        self.tell("order", order="human voice", on=True, by=ITSELF.name)

    async def _label(self, ruling: Ruling) -> None:
        """Have the label drawn as it is asked for, beside the show."""
        show = await self._beside(partial(self._studio.picture.relabelled, ruling.demand))
        show()
        self._fact(NAME, f"the AI label is now '{ruling.demand.text or 'as the scenes say'}'")
        self.tell("order", order="label", text=ruling.demand.text, by=ITSELF.name)

    def _sound(self, ruling: Ruling) -> None:
        """An alarm for each rule that is not kept and refuses, and for what is measured; the others end."""
        wrong = {f"{NAME}/{each.name}": each.sentence for each in ruling.refusals} | self._broken()
        for name in self._sounded - wrong.keys():
            self._alarms.clear(name)
        for name, sentence in wrong.items():
            self._alarms.sound(name, f"{sentence[:1].upper()}{sentence[1:]}.")
        self._sounded = set(wrong)

    def _broken(self) -> dict[str, str]:
        measured, day, found = self._measured(), self._now().date(), dict[str, str]()
        for held in self.ruling.holding:
            for rule in held.policy.written.rules:
                if isinstance(rule, SessionRule | MovingRule) and held.policy.in_force(rule, day):
                    sentence = broken(held.policy, rule, measured, held.targets)
                    found |= {f"{NAME}/{held.policy.name}/{rule.id}": sentence} if sentence else {}
        return found

    # --- what is seen ---

    @property
    def _lengths(self) -> list[float]:
        """Over how long it is asked whether the picture moves."""
        rules = (rule for held in self.ruling.holding for rule in held.policy.written.rules)
        return [rule.within for rule in rules if isinstance(rule, MovingRule)]

    def _measured(self) -> Measured:
        live = {each["name"]: each.get("live_s") for each in self._outputs.status() if each["state"] == "live"}
        return Measured({name: at for name, at in live.items() if at}, self.moves.shares(self._lengths))

    def _measures(self) -> dict[str, Any]:
        shares = self.moves.shares(self._lengths)
        return {"still_share": {f"{length:g}s": share and round(share, 3) for length, share in shares.items()}}

    async def _reread(self) -> None:
        """Put the brand's own policy files in force that were saved since."""
        if (saved := await self._beside(self._saved)) == self._read:
            return
        self._read = saved
        try:
            known = await self._beside(partial(library_of, self.ruling.channel))
            self.ruling = reworded(self.ruling, known)
        except Problems as wrong:
            first, more = wrong.problems[0], len(wrong.problems) - 1
            others = f" and {more} more" if more else ""
            self._alarms.sound(FILES, f"{first}{others}. The policies that were read before hold on.")
            return
        self._alarms.clear(FILES)

    def _saved(self) -> frozenset[tuple[str, int]]:
        """What tells that a file of the brand's own folder was saved."""
        folder = self.ruling.channel.compliance.folder
        if folder is None:
            return frozenset()
        try:
            files = list(self.ruling.channel.path(folder).glob("*.yaml"))
            return frozenset((path.name, path.stat().st_mtime_ns) for path in files)
        except OSError:
            return frozenset()

    async def _beside(self, call: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)
