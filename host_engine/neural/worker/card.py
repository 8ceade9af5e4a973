"""What the worker computes on: a CUDA card or the processor, behind the same few verbs."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from pathlib import Path
from typing import Any, Protocol, TypeVar

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

T = TypeVar("T")
WARM = 3  # runs before a capture: libraries choose their ways and take their memory in them
_CAPTURING = threading.Lock()  # torch allows one capture at a time in a process


class Lane(Enum):
    """Work on one lane is done in order; lanes run beside each other.

    Two lanes for copies: what goes up for the next batch must not wait behind what comes down from this one.
    """

    UP = "up"
    WORK = "work"
    DOWN = "down"


class Mark(Protocol):
    """A place on a lane: `query` asks, without waiting, whether all before it is done."""

    def query(self) -> bool: ...


class Card(Protocol):
    """Verbs of the worker's loop. None of them waits for the card, but for `finish`, `place` and `capture`."""

    device: torch.device
    dtype: torch.dtype  # in which it computes best
    name: str
    captures: bool  # whether it can capture graphs
    shared: bool  # whether the host's memory is its memory

    def begin(self) -> None:
        """Make the calling thread one that works on this card."""
        ...

    def host(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        """Zeros in memory of the host that copies need not wait for."""
        ...

    def zeros(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        """Zeros on the card, which every lane may use at once."""
        ...

    def room(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        """Memory on the card, with anything in it, which every lane may use at once; takes no time on it."""
        ...

    def place(self, values: NDArray[Any], dtype: torch.dtype) -> torch.Tensor:
        """Values on the card for long; waits until they are there, and holds up no lane."""
        ...

    def on(self, lane: Lane) -> AbstractContextManager[object]:
        """What is called within goes on the lane."""
        ...

    def mark(self, lane: Lane) -> Mark: ...

    def after(self, lane: Lane, mark: Mark) -> None:
        """What comes next on the lane waits for the mark."""
        ...

    def finish(self, mark: Mark) -> None:
        """Wait for a mark: for starts and benchmarks, never in the loop."""
        ...

    def milliseconds(self, begin: Mark, end: Mark) -> float:
        """Between two marks that have both been reached."""
        ...

    def capture(self, call: Callable[[], T]) -> Callable[[], T]:
        """The same call as one graph: it reads and writes the same memory, and gives the same tensors, each time."""
        ...

    def used(self) -> int:
        """Bytes of the card's memory that this process holds."""
        ...

    def tidy(self) -> None:
        """Give back what memory is held and not in use."""
        ...


class _Instant:
    """A mark of a card that does everything at once."""

    __slots__ = ("at",)

    def __init__(self) -> None:
        self.at = time.perf_counter()

    def query(self) -> bool:
        return True


class Processor:
    """The host's processor, with one thread: each lane is at its end whenever it is asked."""

    captures, shared = False, True

    def __init__(self) -> None:
        self.device = torch.device("cpu")
        self.dtype = choose_dtype(self.device)
        self.name = "the processor"

    def begin(self) -> None:
        torch.set_num_threads(1)  # a channel's own work needs the other cores
        cv2.setNumThreads(1)

    def host(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        return torch.zeros(tuple(shape), dtype=dtype)

    def zeros(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        return torch.zeros(tuple(shape), dtype=dtype)

    def room(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        return torch.zeros(tuple(shape), dtype=dtype)

    def place(self, values: NDArray[Any], dtype: torch.dtype) -> torch.Tensor:
        return tensor_of(values).to(dtype)

    def on(self, lane: Lane) -> AbstractContextManager[object]:
        return contextlib.nullcontext()

    def mark(self, lane: Lane) -> Mark:
        return _Instant()

    def after(self, lane: Lane, mark: Mark) -> None: ...

    def finish(self, mark: Mark) -> None: ...

    def milliseconds(self, begin: Mark, end: Mark) -> float:
        assert isinstance(begin, _Instant)
        assert isinstance(end, _Instant)
        return (end.at - begin.at) * 1000

    def capture(self, call: Callable[[], T]) -> Callable[[], T]:
        raise RuntimeError("the processor has no graphs")

    def used(self) -> int:
        return 0

    def tidy(self) -> None: ...


class CudaCard:
    """A CUDA card. Everything that only runs with one is here.

    Streams and events as in https://docs.pytorch.org/docs/stable/notes/cuda.html: pinned memory and `non_blocking`
    copies on streams of their own. Graphs are captured on a side stream after warm-up, all in one pool, since they are
    replayed one after the other and each one's pictures are used up before the next; other threads may allocate
    meanwhile ("thread_local").
    """

    captures, shared = True, False

    def __init__(self, device: torch.device) -> None:
        self.device = torch.device("cuda", device.index or 0)
        self.dtype = choose_dtype(self.device)
        self.name = torch.cuda.get_device_name(self.device)
        self._lanes = {lane: torch.cuda.Stream(self.device) for lane in Lane}  # type: ignore[no-untyped-call]
        self._side = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
        self._moving = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
        self._pool = torch.cuda.graph_pool_handle()

    def begin(self) -> None:
        torch.cuda.set_device(self.device)
        if hasattr(torch.backends.cuda.matmul, "allow_fp16_accumulation"):  # since torch 2.7
            torch.backends.cuda.matmul.allow_fp16_accumulation = self.dtype == torch.float16

    def host(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        return torch.zeros(tuple(shape), dtype=dtype, pin_memory=True)

    def zeros(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        zeros = torch.zeros(tuple(shape), dtype=dtype, device=self.device)
        torch.cuda.current_stream(self.device).synchronize()  # the lanes do not wait for the stream that writes them
        return zeros

    def room(self, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
        return torch.empty(tuple(shape), dtype=dtype, device=self.device)

    def place(self, values: NDArray[Any], dtype: torch.dtype) -> torch.Tensor:
        with torch.cuda.stream(self._moving):
            placed = tensor_of(values).to(self.device).to(dtype)
        self._moving.synchronize()
        placed.record_stream(self._lanes[Lane.WORK])  # freed only when the batches that read it are done
        return placed

    def on(self, lane: Lane) -> AbstractContextManager[object]:
        return torch.cuda.stream(self._lanes[lane])

    def mark(self, lane: Lane) -> Mark:
        event = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
        event.record(self._lanes[lane])
        return event

    def after(self, lane: Lane, mark: Mark) -> None:
        assert isinstance(mark, torch.cuda.Event)
        self._lanes[lane].wait_event(mark)

    def finish(self, mark: Mark) -> None:
        assert isinstance(mark, torch.cuda.Event)
        mark.synchronize()

    def milliseconds(self, begin: Mark, end: Mark) -> float:
        assert isinstance(begin, torch.cuda.Event)
        assert isinstance(end, torch.cuda.Event)
        return float(begin.elapsed_time(end))

    def capture(self, call: Callable[[], T]) -> Callable[[], T]:
        side = self._side
        # The quickest kernels are sought here only: elsewhere shapes change, and each new one would be sought for anew.
        seeking = torch.backends.cudnn.flags(enabled=True, benchmark=True)
        with _CAPTURING, seeking, torch.cuda.stream(side):  # torch does not leave the stream where a capture fails
            side.wait_stream(self._lanes[Lane.WORK])
            for _ in range(WARM):
                call()
            side.synchronize()
            graph = torch.cuda.CUDAGraph()
            try:
                with torch.cuda.graph(graph, pool=self._pool, stream=side, capture_error_mode="thread_local"):
                    made = call()
            except Exception:  # neither the stream nor the pool of a capture that failed is used again
                self._side = torch.cuda.Stream(self.device)  # type: ignore[no-untyped-call]
                self._pool = torch.cuda.graph_pool_handle()
                raise

        def replay() -> T:
            graph.replay()
            return made

        return replay

    def used(self) -> int:
        return torch.cuda.memory_reserved(self.device)

    def tidy(self) -> None:
        torch.cuda.empty_cache()


def tensor_of(values: NDArray[Any]) -> torch.Tensor:
    """A tensor of an array, also of one that must not be written, as a file that is mapped; it is only read."""
    whole = np.ascontiguousarray(values)
    return torch.from_numpy(whole if whole.flags.writeable else whole.copy())


def card_for(device: torch.device) -> Card:
    return CudaCard(device) if device.type == "cuda" else Processor()


def choose_device(wanted: str = "auto") -> torch.device:
    """The device for "auto", "cpu", "cuda" or "cuda:N". Raises ValueError where there is no such card."""
    cards = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if wanted == "auto":
        return torch.device("cuda", 0) if cards else torch.device("cpu")
    try:
        device = torch.device(wanted)
    except RuntimeError:
        raise ValueError(f"no device {wanted!r}; choose auto, cpu, cuda or cuda:N") from None
    if device.type == "cuda" and (device.index or 0) >= cards:
        found = f"it has {cards}, counted from 0" if cards else "torch finds none"
        raise ValueError(f"this machine has no card {wanted}: {found}; choose auto or cpu")
    return device


def choose_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 on Hopper and newer and on processors that multiply it, float16 on Ada and Ampere, else float32."""
    if device.type == "cuda":
        major, _ = torch.cuda.get_device_capability(device)
        return torch.bfloat16 if major >= 9 else torch.float16 if major >= 7 else torch.float32
    return torch.bfloat16 if _multiplies_bfloat16() else torch.float32


def _multiplies_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    try:
        text = cpuinfo.read_text(errors="replace")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "").split()
    return bool({"avx512_bf16", "amx_bf16"} & set(flags))
