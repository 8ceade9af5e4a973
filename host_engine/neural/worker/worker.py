"""The worker in this process: `Lips` for all its channels, on the card while there is one, and never the show's end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

import torch

from host_engine.media import Picture
from host_engine.neural.net import Net, NetError
from host_engine.neural.order import Order, Resident
from host_engine.neural.worker.batching import BUCKETS
from host_engine.neural.worker.bench import Bench
from host_engine.neural.worker.card import Card, card_for, choose_device
from host_engine.neural.worker.desk import Desk
from host_engine.neural.worker.fault import Fault, fault_of, sentence
from host_engine.neural.worker.residents import Residents
from host_engine.neural.worker.runner import Runner
from host_engine.neural.worker.slot import Colour

LOOK = 0.05  # seconds between two looks at the bench
HANG = 2.0  # seconds after which a batch that should be done hangs
FIRST, MOST = 0.5, 30.0  # seconds of rest after a bench that broke, doubled each time
CLOSING = 2.0  # seconds that the batch under way gets at the end
HEALTHY = 60.0  # seconds at work after which a bench counts as well again
ON_PROCESSOR = (1, 2, 4)  # buckets: more at once is no quicker there

Load = Callable[[torch.device, torch.dtype], Net]
Trouble = Callable[[str, str | None], None]

log = logging.getLogger(__name__)


class Hung(Exception):
    """A batch did not come back."""


class Worker:
    """`Lips` that answers every order, whatever breaks.

    It goes down a ladder: graphs; eager; smaller batches; fewer avatars; the processor; away, where every order is
    `Missed` and it tries again and again. A card that is lost, or hangs, is not used again by this process. Loading and
    all trouble is on threads of its own: no method but `settle` waits.
    """

    def __init__(
        self,
        load: Load,
        device: str | torch.device = "auto",
        *,
        buckets: Sequence[int] = BUCKETS,
        graphs: bool = True,
        compiles: bool = False,
        colour: Colour = "rgb",
        trouble: Trouble = lambda name, text: None,
        hang: float = HANG,
        clock: Callable[[], float] = time.monotonic,
        card: Callable[[torch.device], Card] = card_for,
    ) -> None:
        """`load` makes the network for a device and a type, also a second time. Raises ValueError for no such device.

        trouble: told, from any thread, of what somebody should look at, by name, and with None that it is over.
        """
        self._device = device if isinstance(device, torch.device) else choose_device(device)
        self._wanted, self._load, self._buckets = device, load, tuple(sorted(buckets))
        self._graphs, self._compiles, self._colour = graphs, compiles, colour
        self._trouble, self._hang, self._card = trouble, hang, card
        self.desk = Desk(clock)
        self._residents = Residents()
        self._lock = threading.Lock()
        no_card = device == "auto" and self._device.type == "cpu"
        self._lower: str | None = "this machine has no CUDA card" if no_card else None  # why it is on the processor
        self._stopped: str | None = None  # why it is away
        self._room: str | None = None
        self._bench: Bench | None = None
        self._wreck: Bench | None = None  # on a card that is lost: what it holds there cannot be freed any more
        self._falls, self._began, self._again = 0, 0.0, clock()
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="lips watch", daemon=True)
        self._watching.start()

    @property
    def net(self) -> Net | None:
        """The network, once it is loaded."""
        bench = self._bench
        return bench.runner.net if bench and bench.runner else None

    def settle(self, resident: Resident) -> int:
        """As in `Lips`. Raises NetError where the avatar was not studied for this network."""
        number, new = self._residents.settle(resident)
        bench = self._bench
        if new and bench:
            try:
                bench.settle(number, resident)
            except ValueError as error:
                self._residents.leave(number)
                raise NetError(str(error)) from error
        return number

    def leave(self, avatar: int) -> None:
        if self._residents.leave(avatar) and (bench := self._bench):
            bench.leave(avatar)

    def order(self, order: Order) -> Future[Picture]:
        return self.desk.put(order)

    def status(self) -> dict[str, Any]:
        """What /status says.

        rung: getting ready, graphs, eager, small batches, processor or away; why: a sentence where it is not the best.
        left_out: avatars without lips, each with the reason. orders, done, missed (by reason), batches (by bucket),
        batch_ms and answer_ms (means), pace_ms (what a batch of each bucket takes now), queue (waiting, age_ms), vram
        (bytes that this process holds of the card), compiled.
        """
        bench = self._bench
        runner = bench.runner if bench else None
        known = self._residents.all()
        left_out = bench.room.left_out if bench else {}
        said: dict[str, Any] = {
            "rung": self._rung(runner),
            "why": self._stopped or self._lower or self._room,
            "avatars": [each.name for each in known.values()],
            "left_out": {known[avatar].name: why for avatar, why in left_out.items() if avatar in known},
        }
        said |= self.desk.status()
        if bench and runner:
            said |= {
                "net": runner.net.name,
                "device": runner.card.name,
                "dtype": str(runner.net.dtype).removeprefix("torch."),
                "buckets": list(runner.buckets),
                "eager": runner.steps.eager,
                "compiled": runner.steps.compiled,
                "pace_ms": bench.pace.known(),
                "vram": runner.card.used(),
            }
        return said

    def ready(self, seconds: float) -> bool:
        """Wait until it takes orders; for starts and tests."""
        return self.desk.opened.wait(seconds)

    def close(self) -> None:
        """Answer all that waits with `Missed`, and end; a batch that hangs is left behind."""
        self._over.set()
        self._watching.join()
        self.desk.shut("the worker is closed")
        with self._lock:
            bench, self._bench = self._bench, None
        if bench:
            bench.stop(CLOSING)
            bench.abandon("the worker is closed")

    def _rung(self, runner: Runner | None) -> str:
        if runner is None:
            return "away" if self._falls else "getting ready"
        if self._device.type == "cpu" and str(self._wanted) != "cpu":
            return "processor"
        if self._room:
            return "small batches"
        return "eager" if runner.steps.eager else "graphs"

    def _watch(self) -> None:
        """Start a bench when there is none, give it up when it hangs."""
        while not self._over.is_set():
            try:
                self._look(self.desk.clock())
            except Exception:  # whatever it is, the next look may do better
                log.exception("the watch over the lips stumbled")
            self._over.wait(LOOK)

    def _look(self, now: float) -> None:
        bench = self._bench
        if bench is None or bench.runner is None:
            self.desk.sweep()
        if bench is None and now >= self._again:
            bench = Bench(self._make, self._residents.all, self.desk, self._broken, self._told, self._hang)
            with self._lock:
                self._bench, self._began = bench, now
            bench.start()
        elif bench and (seconds := bench.hangs(now)) is not None:
            self._broken(bench, Hung(f"a batch has not come back for {seconds:.1f} s"))
        elif self._falls and bench and bench.runner and now - self._began > HEALTHY:
            self._falls = 0

    def _make(self) -> Runner:
        """Loads the network and gets its memory, on the bench's thread."""
        card = self._card(self._device)
        card.begin()
        net = self._load(card.device, card.dtype)
        buckets = self._buckets
        if not card.captures:
            buckets = tuple(each for each in buckets if each in ON_PROCESSOR) or buckets[:1]
        graphs, compiles, colour = self._graphs, self._compiles, self._colour
        return Runner(net, buckets=buckets, graphs=graphs, card=card, colour=colour, compiles=compiles)

    def _told(self, name: str, text: str | None) -> None:
        if name == "lips/room":
            self._room = text
        elif text is None:
            self._stopped = None
        if text:
            log.warning("%s", text)
        self._tell(name, text)

    def _tell(self, name: str, text: str | None) -> None:
        try:
            self._trouble(name, text)
        except Exception:  # whoever hears of it must not keep it from being mended
            log.exception("the trouble %s could not be passed on: %s", name, text)

    def _broken(self, bench: Bench, error: Exception) -> None:
        """A bench is of no use any more: answer for it, and have another one made, lower on the ladder."""
        with self._lock:
            if bench is not self._bench:
                return
            self._bench, self._again = None, float("inf")  # no other begins before all is told
        bench.stop()
        on_card = self._device.type == "cuda" and not isinstance(error, NetError)
        if on_card:
            self._device = torch.device("cpu")
            self._wreck = bench if fault_of(error) is not Fault.ROOM else None
        self._stopped = why = self._reason(error, on_card)
        self._lower = why if on_card else self._lower
        self._room = None
        self.desk.shut(why)
        bench.abandon(why)
        log.error("%s", why, exc_info=None if isinstance(error, Hung | NetError) else error)
        self._tell("lips/away", why)
        self._tell("lips/room", None)
        if on_card:
            self._tell("lips/processor", why)
        rest = 0.0 if self._falls == 0 else min(MOST, FIRST * 2 ** (self._falls - 1))
        self._falls += 1
        self._again = self.desk.clock() + rest

    def _reason(self, error: Exception, on_card: bool) -> str:
        said = sentence(error)
        if not on_card:
            return f"lips stopped: {said}"
        what = {Fault.ROOM: "the card has no room", Fault.DEVICE: "the card is lost"}.get(fault_of(error))
        what = what or ("the card hangs" if isinstance(error, Hung) else "the network fails on the card")
        return f"{what}, lips are made by the processor until this process starts anew: {said}"
