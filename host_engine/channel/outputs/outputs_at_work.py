"""The outputs of a channel at work: each kept running by itself, added, stopped and given another key while on air."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from host_engine.access.who import Audit, Who
from host_engine.channel.outputs.alerting import LONGEST
from host_engine.channel.outputs.one_output import Kept, Make
from host_engine.channel.outputs.output_making import Output
from host_engine.channel.outputs.output_requests import OutputRequests, Wanted, goes_to, wishes
from host_engine.channel.outputs.outputs_kept import NO_ADDRESS, from_file, noted, rekeyed, to_file
from host_engine.channel.outputs.outputs_resumed import done, resume
from host_engine.channel_file.config import TAKEN, Channel, Recording
from host_engine.direction.director import SOMEBODY, nothing, unkept
from host_engine.direction.kept_file import KeptFile
from host_engine.direction.refusals import NotDone
from host_engine.outputs.rtmp import Refused
from host_engine.supervise import Jobs, supervise

log = logging.getLogger(__name__)

MOST = 20  # outputs
LOOK = 0.25  # seconds between two looks at their states
ENGINE = Who("the engine")
WAITS = "waits"  # alarm of an output that cannot go on after a restart


class Outputs:
    """Nothing that is done to one output touches the others. What is done here outlives a restart.

    Methods that change something belong on the event loop, raise NotDone with a sentence, audit and tell by themselves.
    Keys are kept in memory only, and are in no sentence: after a restart an output whose key was typed in waits for
    it. `hooks` are told of each output that is another one now, or
    None where there is none any more.
    """

    def __init__(
        self,
        channel: Channel,
        keys: Mapping[str, str],
        make: Make,
        jobs: Jobs,
        environment: Mapping[str, str] = os.environ,
        kept: KeptFile | None = None,
    ) -> None:
        """`make`: an output from what is wanted and its key. `kept`: where what is done here is kept."""
        self.requests = OutputRequests(channel, environment)
        self._make, self._jobs = make, jobs
        self.hooks: list[Callable[[str, Output | None], None]] = []
        self.facts: Callable[[str], dict[str, Any]] = lambda name: {}  # what the monitor knows of one
        self.tell: Callable[..., object] = nothing
        self.audit: Audit = unkept
        self.alarm: Callable[[str, str | None], object] = lambda name, text: None
        self._file, self._written = kept, {each.name: each for each in channel.outputs}
        self._kept: dict[str, Kept] = {}
        self._running = False
        self._ever = {each.name for each in channel.outputs}  # names of outputs, those that were removed as well
        for each in channel.outputs:
            key = keys.get(each.name, "")
            self._kept[each.name] = Kept(each, key, make(each, key))

    def __iter__(self) -> Iterator[Output]:
        return iter([each.output for each in self._kept.values()])

    @property
    def all_wanted(self) -> list[Wanted]:
        """What is wanted of each, those that are stopped as well."""
        return [each.wanted for each in self._kept.values()]

    def __contains__(self, name: object) -> bool:
        """Whether there is an output of that name: of its troubles the monitor sounds the alarms."""
        return name in self._kept

    def wanted(self, name: str) -> Wanted | None:
        """What the output of that name is to be, None where there is none."""
        kept = self._kept.get(name)
        return kept.wanted if kept else None

    async def run(self) -> None:
        """Keep them running until cancelled; then all have the time to close what they have open."""
        self._running = True
        before: dict[str, tuple[str, str | None]] = {}
        self._take_up()
        try:
            for each in self._kept.values():
                self._begin(each)
            while True:
                states = {name: (each.state, each.error) for name, each in self._kept.items()}
                for name, (state, error) in states.items():
                    if before.get(name) != (state, error):
                        self.tell("output", name=name, state=state, error=error)
                before = states
                await asyncio.sleep(LOOK)
        finally:
            self._running = False
            tasks = [each.task for each in self._kept.values() if each.task]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def status(self) -> list[dict[str, Any]]:
        """For /status, which anybody may read: how each does."""
        return [
            {"name": name, "state": each.state, "error": each.error, "dropped": each.output.dropped}
            | self.facts(name)
            | each.output.report()
            for name, each in self._kept.items()
        ]

    def listed(self) -> list[dict[str, Any]]:
        """For operators: also what each is, where it goes, and what is different there, without its key. `needs`: what
        it waits for since the channel was started anew."""
        return [
            status
            | {"kind": each.wanted.kind, "to": goes_to(each.wanted), "added": each.added is not None}
            | {"needs": each.lacks or None, "wishes": wishes(each.wanted) | each.key_name}
            for status, each in zip(self.status(), self._kept.values(), strict=True)
        ]

    async def add(self, written: Mapping[str, Any], who: Who = SOMEBODY) -> dict[str, Any]:
        """One more output: {kind: rtmp, name, url, key or key_env}, the same of kind whip, where the key is the bearer
        token, or {kind: file, name, format, segment, days, size}."""
        name = str(written.get("name", ""))[:40]
        with self._ordered(who, "add output", name):
            if name in self._kept:
                raise NotDone(f"There is an output '{name}' already; choose another name.", 409)
            if name in TAKEN or (name not in self._ever and any(job.name == name for job in self._jobs.all)):
                raise NotDone(
                    f"No output can be called '{name}', as a part of the channel is; choose another name.", 422
                )
            if len(self._kept) >= MOST:
                raise NotDone(f"There are {MOST} outputs already; remove one that is not needed.", 409)
            wanted, key = self.requests.wanted(written, [each.wanted for each in self._kept.values()])
            kept = self._kept[name] = Kept(wanted, key, self._make(wanted, key), noted(written))
            self._ever.add(name)
            self.alarm(f"{name}/{WAITS}", None)
            self._changed(kept)
            self._begin(kept)
            await self._keep()
        return self._one(name)

    async def stop(self, name: str, who: Who = SOMEBODY) -> dict[str, Any]:
        """End its session; a recording is closed. It stays in the list and can be started again."""
        with self._ordered(who, "stop output", name):
            kept = self._found(name)
            async with kept.lock:
                self._still_there(kept)
                kept.stopped = True
                await self._end(kept)
                self._tell_hooks(name, None)
            await self._keep()
        return self._one(name)

    async def start(self, name: str, who: Who = SOMEBODY) -> dict[str, Any]:
        """Start one that was stopped; ask the server of one that is refused again at once."""
        with self._ordered(who, "start output", name):
            kept = self._found(name)
            async with kept.lock:
                self._still_there(kept)
                if kept.task is not None and not kept.task.done() and kept.output.state != "refused":
                    raise NotDone(f"'{name}' is at work already.", 409)
                if kept.lacks:
                    raise NotDone(kept.lacks, 409)
                await self._end(kept)
                kept.output = self._make(kept.wanted, kept.key)
                kept.stopped = False
                self._changed(kept)
                self._begin(kept)
            await self._keep()
        return self._one(name)

    async def change_key(self, name: str, key: str = "", key_env: str = "", who: Who = SOMEBODY) -> dict[str, Any]:
        """Send with another stream key or token from now on. `key_env`: the environment variable that holds it."""
        with self._ordered(who, "change key of output", name):
            kept = self._found(name)
            if isinstance(kept.wanted, Recording):
                raise NotDone(f"'{name}' is a recording, which has no key.", 422)
            if kept.added and kept.added.hidden:
                raise NotDone(kept.lacks or NO_ADDRESS, 409)
            key = self.requests.key(kept.wanted, key, key_env)
            async with kept.lock:
                self._still_there(kept)
                await self._end(kept)
                kept.key, kept.key_env, kept.output = key, key_env, self._make(kept.wanted, key)
                kept.added = kept.added and rekeyed(kept.added, key_env)
                if kept.lacks:  # that was all it waited for
                    kept.lacks, kept.stopped = "", False
                    self.alarm(f"{name}/{WAITS}", None)
                if not kept.stopped:
                    self._changed(kept)
                    self._begin(kept)
            await self._keep()
        return self._one(name)

    async def remove(self, name: str, who: Who = SOMEBODY) -> None:
        """Stop it and forget it, until the channel file wants it otherwise than now, or somebody adds it again."""
        with self._ordered(who, "remove output", name):
            kept = self._found(name)
            async with kept.lock:
                await self._end(kept)
                if self._kept.get(name) is kept:
                    del self._kept[name]
                    self._tell_hooks(name, None)
                    self.alarm(f"{name}/{WAITS}", None)
                    self.tell("output", name=name, state="removed", error=None)
            await self._keep()

    def _take_up(self) -> None:
        """Go on with what was done before a restart."""
        if self._file is None:
            return
        before = {name: each.output for name, each in self._kept.items()}
        for name, sentence in resume(from_file(self._file.read()), self._kept, self.requests, self._make):
            log.warning("%s", sentence)
            self.audit(ENGINE, "restore output", sentence, output=name)
            if name in self._kept:
                self.alarm(f"{name}/{WAITS}", sentence)
        self._ever |= set(self._kept)
        for name in {**before, **self._kept}:
            kept = self._kept.get(name)
            if kept is None or kept.stopped:
                self._tell_hooks(name, None)
            elif kept.output is not before.get(name):
                self._changed(kept)

    async def _keep(self) -> None:
        if self._file is not None:
            self._file.write(to_file(done(self._kept, self._written)))
            await self._file.written()

    def _begin(self, kept: Kept) -> None:
        if not self._running or kept.stopped:
            return
        name, output = kept.wanted.name, kept.output
        supervised = supervise(name, output.run, hopeless=(Refused,), longest=LONGEST, jobs=self._jobs)
        kept.task = asyncio.create_task(supervised, name=name)

    async def _end(self, kept: Kept) -> None:
        task, kept.task = kept.task, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task])
            self._jobs.ended(kept.wanted.name)

    def _found(self, name: str) -> Kept:
        kept = self._kept.get(name)
        if kept is None:
            raise NotDone("There is no such output.", 404)
        return kept

    def _still_there(self, kept: Kept) -> None:
        if self._kept.get(kept.wanted.name) is not kept:
            raise NotDone("There is no such output any more.", 404)

    def _one(self, name: str) -> dict[str, Any]:
        return next((each for each in self.listed() if each["name"] == name), {"name": name, "state": "removed"})

    def _changed(self, kept: Kept) -> None:
        self._tell_hooks(kept.wanted.name, kept.output)

    def _tell_hooks(self, name: str, output: Output | None) -> None:
        for hook in self.hooks:
            try:
                hook(name, output)
            except Exception:
                log.exception("a change of the output %s could not be followed", name)

    def _ordered(self, who: Who, action: str, name: str) -> _Ordered:
        return _Ordered(self, who, action, name)


class _Ordered:
    """An order under way: audited and told when it is done, audited when it is refused."""

    def __init__(self, outputs: Outputs, who: Who, action: str, name: str) -> None:
        self._outputs, self._who, self._action, self._name = outputs, who, action, name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            self._outputs.audit(self._who, self._action, output=self._name)
            self._outputs.tell("order", order=self._action, output=self._name, by=self._who.name)
        elif isinstance(error, NotDone):
            self._outputs.audit(self._who, self._action, str(error), output=self._name)
