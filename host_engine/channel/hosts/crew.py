"""From the channel file to who moves the lips of a host who was filmed: the network, and what stands in for it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any, Protocol

from host_engine.avatars.folder import Footage
from host_engine.channel_file.config import Channel
from host_engine.host.deadline import DaemonThreads
from host_engine.host.footage import Crew, Presenter
from host_engine.host.mouths.chain import Mouths
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.neural.order import Lips, Resident
from host_engine.trace import Trace

if TYPE_CHECKING:
    from host_engine.media import Samples
    from host_engine.neural.net import Half, Net
    from host_engine.neural.worker.nets import Wanted

LOOK = 0.5  # seconds between two looks at a worker that is getting ready

Trouble = Callable[[str, str | None], None]


class Worker(Lips, Protocol):
    """A worker in this process, or the line to a shared one."""

    def ready(self, seconds: float) -> bool: ...


class Crewing:
    """Has the network opened beside the show, which is on air with warped lips until it is ready.

    It is also what the ladder is told of the lips (`used`, `trouble`), whoever moves them.
    """

    def __init__(
        self,
        channel: Channel,
        footage: Footage,
        presenter: Presenter,
        mouths: Mouths,
        trouble: Trouble,
        trace: Trace | None = None,
    ) -> None:
        """What lips need begins to be imported here, beside what else is built."""
        self.told: Callable[[str], None] = lambda text: None
        self._trace = trace
        self._settings = channel.avatar
        self._weights = channel.path(channel.avatar.weights) if channel.avatar.weights else None
        self._socket = channel.path(channel.avatar.worker) if channel.avatar.worker else None
        self._footage, self._presenter, self._mouths, self._trouble = footage, presenter, mouths, trouble
        self._making = DaemonThreads(1, "crew")  # in the background, as is all that it starts
        self._hiring = DaemonThreads(1, "crew worker", background=False)
        self._imported = self._hiring.submit(get_ready) if self.wanted else None
        self._over = threading.Event()
        self._worker: Worker | None = None
        self._net = ""  # its name, once it is at work
        self._failed: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether lips are to be made by a network at all."""
        return self._settings.net != "none"

    @property
    def at_work(self) -> bool:
        """Whether the network moves the lips now."""
        ready = self._presenter.crew is not None and self._presenter.pace.ordering
        return ready and self._mouths.used == self._net

    @property
    def used(self) -> str:
        """What moves the lips: the network's name, else that they are warped."""
        return self._net if self.at_work else "warped"

    @property
    def trouble(self) -> str | None:
        """A sentence while the lips are warped although they ought not to be; while the network loads there is none."""
        reason = self._failed or self._presenter.pace.reason
        said = [f"the lips are only warped ('{self._settings.net}': {reason})"] if reason else []
        if self._mouths.trouble:
            said.append(self._mouths.trouble)
        return "; ".join(said) or None

    def imported(self) -> None:
        """Wait for what lips need: while it is imported the tick would stand still now and then."""
        if self._imported is not None:
            self._imported.result()

    def status(self) -> dict[str, Any]:
        """For /status: the network, what moves the lips, what the worker says of itself."""
        return {
            "net": self._settings.net,
            "mouth": self.used,
            "reason": self.trouble or "",
            "worker": self._worker.status() if self._worker is not None else None,
        }

    async def run(self) -> None:
        """Open the network and keep it until cancelled. Raises what speaks against it."""
        if self._presenter.crew is None:
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._hiring, self.engage)
                await loop.run_in_executor(self._making, self.hire, True)
            except Exception as error:
                self._fell(str(error) or type(error).__name__)
                raise
            if self._failed is not None:
                self._failed = None
                self.told(f"the network '{self._settings.net}' can be used again")
        await asyncio.Event().wait()

    def engage(self) -> Worker:
        """The worker, begun where there is none yet. Raises ValueError where there is no such device."""
        if self._worker is None:
            self._worker = self._found(wish(self._settings.net, self._weights, self._settings.decoder))
        return self._worker

    def hire(self, patient: bool = False) -> None:
        """Open the network and let it move the lips from now on. Blocks for seconds, at worst for minutes.

        Raises NetError, a sentence, where it cannot be used; a worker that is away is waited for by the `patient`.
        """
        if not self.wanted or self._presenter.crew is not None:
            return
        from host_engine.host.footage_study import studied
        from host_engine.host.mouths.neural import NeuralMouth

        wanted, worker = wish(self._settings.net, self._weights, self._settings.decoder), self.engage()
        if not self._waited(worker, patient):
            return
        ears = hearing(wanted) if self._socket else Ears(worker)
        net = ears.net if isinstance(ears, Ears) else ears
        found = studied(self._footage, net, mark(wanted))
        number = worker.settle(Resident(self._footage.about.name, found.kept, found.masks))
        self._net = net.name
        self._mouths.lead(NeuralMouth(ears, ViseMouth()))
        self._presenter.crew = Crew(worker, number, found.crops, net.window)

    def close(self) -> None:
        """Let the worker go."""
        self._over.set()
        self._presenter.close()
        for threads in (self._making, self._hiring):
            threads.shutdown(wait=False, cancel_futures=True)
        if self._worker is not None:
            self._worker.close()

    def _fell(self, reason: str) -> None:
        news = reason != self._failed
        self._failed = reason
        if news:
            self.told(f"the network '{self._settings.net}' cannot be used, and the lips are only warped: {reason}")

    def _waited(self, worker: Worker, patient: bool) -> bool:
        """Wait until it is at work; False where the channel ends first. Raises NetError as `hire` does."""
        from host_engine.neural.net import NetError

        while True:
            there = worker.ready(LOOK)
            if self._over.is_set():
                return False
            said = worker.status()
            if there and said.get("rung") not in (None, "getting ready", "away"):
                return True
            if said.get("rung") == "away" and patient:
                self._fell(str(said["why"]))
            elif said.get("rung") == "away":
                raise NetError(str(said["why"]))
            self._over.wait(0.0 if not there else LOOK)

    def _found(self, wanted: Wanted) -> Worker:
        """The line to the shared worker where the channel file names one, else a worker of our own."""
        if self._socket is not None:
            from host_engine.neural.worker.client import SharedLips

            return SharedLips(self._socket, wanted)
        from host_engine.neural.worker.nets import loader
        from host_engine.neural.worker.worker import Worker as Here

        worker = Here(loader(wanted), self._settings.device, trouble=self._trouble)
        worker.desk.landed = self._landed
        return worker

    def _landed(self, size: int, took: float) -> None:
        """A batch is done: keep it for the trace."""
        if self._trace is not None:
            now = perf_counter_ns()
            self._trace.span("lips/batches", f"batch of {size}", now - int(took * 1e6), now)


class Ears:
    """The hearing of whichever network the worker has now: it may have been opened anew meanwhile."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self.name: str = self.net.name

    @property
    def net(self) -> Net:
        """The network. Raises NetError while there is none."""
        from host_engine.neural.net import NetError

        net: Net | None = self._worker.net
        if net is None:
            raise NetError("the network is being opened anew")
        return net

    def hear(self, samples: Samples, fps: int) -> Half:
        """As in `Net`. Raises NetError while there is none."""
        return self.net.hear(samples, fps)


def get_ready() -> None:
    """Import what lips need: torch alone takes seconds."""
    for module in ("worker.worker", "worker.client", "worker.nets", "hearing", "small.net"):
        import_module(f"host_engine.neural.{module}")


def wish(name: str, weights: Path | None, decoder: str) -> Wanted:
    """The network as its worker is asked for it."""
    from host_engine.neural.worker.nets import Wanted

    options: dict[str, dict[str, Any]] = {"wav2lip": {"license_acknowledged": True}, "musetalk": {"decoder": decoder}}
    return Wanted.of(name, weights, options.get(name))


def hearing(wanted: Wanted) -> Net:
    """The network in this process and on its processor, for hearing and studying only. Raises NetError."""
    import torch

    from host_engine.neural.worker.nets import loader

    if wanted.kind == "musetalk":  # without what moves the lips, which is 3.4 GB
        wanted = wanted._replace(options=json.dumps(json.loads(wanted.options) | {"moves": False}, sort_keys=True))
    return loader(wanted)(torch.device("cpu"), torch.float32)


def mark(wanted: Wanted) -> str:
    """What tells the weights of a network from others."""
    from host_engine.neural.small.net import SHIPPED
    from host_engine.neural.weights import fingerprint

    return f"{wanted.kind} {fingerprint(Path(wanted.path) if wanted.path else SHIPPED)}"
