"""Small networks and cards for tests of the worker that makes lips: they do what a test wants, when it wants it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch

from host_engine.neural.order import Order, Resident
from host_engine.neural.worker.card import Lane, Processor

SIDE = 32


class TinyNet:
    """A 1x1 convolution of what is kept, lightened by what is heard. `trouble` is called before each batch."""

    name = "tiny"
    side = SIDE
    window = (4, 3)
    kept = (3, SIDE, SIDE)

    def __init__(self, device: torch.device | None = None, dtype: torch.dtype = torch.float32) -> None:
        self.device, self.dtype = device or torch.device("cpu"), torch.float32
        self.trouble: Callable[[int], None] = lambda batch: None
        self.batches: list[int] = []
        self.asked_dtype = dtype
        self.broken = False  # whether faces with a window of 9 are not a number
        mix = torch.from_numpy(np.random.default_rng(1).standard_normal((3, 3, 1, 1), np.float32))
        self._mix = mix.to(self.device)

    def crop(self, box, points):
        return 0, 0, SIDE, SIDE

    def hear(self, samples, fps):
        return np.zeros((1, *self.window), np.float16)

    def study(self, faces):
        return np.ascontiguousarray(np.moveaxis(faces, -1, 1))

    def move(self, kept, windows):
        assert torch.is_inference_mode_enabled()
        assert kept.shape[1:] == self.kept
        assert kept.device.type == self.device.type
        self.batches.append(len(kept))
        self.trouble(len(kept))
        heard = windows.float().mean((1, 2))[:, None, None, None]
        faces = torch.sigmoid(torch.nn.functional.conv2d(kept.float() / 255, self._mix)) * 0.5 + heard / 10
        if self.broken:
            faces = torch.where(windows.amax((1, 2))[:, None, None, None] >= 9, torch.nan, faces)
        return faces


def resident(name="mia", frames=5, seed=0, masks=None) -> Resident:
    rng = np.random.default_rng(seed)
    kept = rng.integers(0, 256, (frames, 3, SIDE, SIDE), np.uint8)
    return Resident(name, kept, np.full((1, SIDE, SIDE), 255, np.uint8) if masks is None else masks)


def order(
    avatar, channel="a", frame=0, heard=0.0, size=(40, 30), within=30.0, clock=time.monotonic, under=None
) -> Order:
    picture = np.full((*size, 3), 7, np.uint8) if under is None else under
    return Order(channel, avatar, frame, np.full(TinyNet.window, heard, np.float16), picture, clock() + within)


class Switch:
    """Work that stands still while it is held: for hangs and full queues."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self.reached = threading.Event()

    def hold(self) -> None:
        self.reached.clear()
        self._open.clear()

    def let_go(self) -> None:
        self._open.set()

    def __call__(self, batch: int = 0) -> None:
        self.reached.set()
        assert self._open.wait(30)


class FakeCard(Processor):
    """A card that works when it is asked to, on memory of its own, and writes down what it was told, lane by lane.

    A mark is reached once all of its lane before it is done, and what its lane waits for: `told` is the order of calls,
    `copies` whether each lane did its work at a time when it was allowed to.
    """

    captures, shared = True, False

    def __init__(self) -> None:
        super().__init__()
        self.dtype = torch.float32
        self.name = "a fake card"
        self.told: list[tuple[str, ...]] = []
        self.waits: dict[int, list[int]] = {}
        self.held = False  # marks are not reached while it is
        self.took: float | None = None  # milliseconds that every batch took, instead of those measured
        self.captured = 0
        self.capturing: Callable[[], None] = lambda: None
        self.placing: Callable[[], None] = lambda: None
        self._marks = 0

    def place(self, values, dtype):
        self.placing()
        return super().place(values, dtype)

    @contextlib.contextmanager
    def on(self, lane: Lane) -> Iterator[None]:
        self.told.append(("on", lane.value))
        yield

    def mark(self, lane: Lane):
        self._marks += 1
        self.told.append(("mark", lane.value, str(self._marks)))
        return FakeMark(self, self._marks)

    def after(self, lane: Lane, mark) -> None:
        self.told.append(("after", lane.value, str(mark.number)))

    def finish(self, mark) -> None:
        self.told.append(("finish", str(mark.number)))

    def milliseconds(self, begin, end) -> float:
        return (end.at - begin.at) * 1000 if self.took is None else self.took

    def capture(self, call):
        self.capturing()
        call()
        self.captured += 1
        return call


class FakeMark:
    def __init__(self, card: FakeCard, number: int) -> None:
        self._card, self.number, self.at = card, number, time.perf_counter()

    def query(self) -> bool:
        return not self._card.held
