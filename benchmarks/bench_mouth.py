"""How fast the networks that move lips run: each one, each kind of number, batches of 1 to 32, beside the plain way.

`python -m benchmarks.bench_mouth [--net NAME] [--dtype NAME] [--seconds N] [--flat [BATCHES]] [--compile] [--short]`.
A row a batch size: the network alone (`net_ms`, by CUDA events), a batch from the orders in to the pictures out
(`batch_ms`), frames a second with batches that overlap, arithmetic reached and its share of what this machine can do at
most, memory; and how much faster that is than the plain pipeline, run beside it. Weights are drawn by chance, which
changes pictures, not speed; a row says so.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from typing import Any, NamedTuple

import numpy as np
import torch

sys.path.insert(0, __file__.rpartition("/benchmarks/")[0])  # so that it runs as a file too

from benchmarks import ceiling, counting, parity
from benchmarks.ceiling import Ceiling
from benchmarks.counting import Work
from benchmarks.kept import Figures, put, say, spread
from benchmarks.nets import DTYPES, NETS, device, make, quick, weights
from benchmarks.ours import Ours
from benchmarks.plain import BATCH, Plain, half
from benchmarks.quiet import Quiet
from benchmarks.sitters import Sitter, sitter
from benchmarks.stopwatch import device_ms, finish, wall_ms
from host_engine.neural.net import Net

BATCHES = (1, 2, 4, 8, 16, 32)
SECONDS, SHORT = 4.0, 1.0  # for each figure
PATIENCE = 20.0  # seconds that one batch may take on a processor; larger batches are left out
FLAT = 10_000


class Case(NamedTuple):
    """One network on one device in one type, and how long each figure may take."""

    name: str
    where: torch.device
    dtype: str
    seconds: float
    compiled: bool = False

    @property
    def about(self) -> dict[str, Any]:
        clock = "wall" if self.where.type == "cuda" else "processor time"
        about = {"net": self.name, "dtype": self.dtype, "device": self.where.type}
        return about | {"weights": weights(self.name), "clock": clock}

    @property
    def slow(self) -> bool:
        """Whether a frame takes seconds: the largest network on a processor."""
        return self.where.type == "cpu" and self.name.startswith("musetalk")


def run(case: Case, limit: Ceiling, beside: Figures, flat: int) -> None:
    """Measure one case; each batch size is kept as soon as it is known. `beside`: figures of the plain pipeline."""
    began = time.monotonic()
    net = make(case.name, case.where, DTYPES[case.dtype])
    finish(case.where)
    loaded = time.monotonic() - began
    someone = sitter(net, frames=1 if case.slow else 8)
    work = counting.count(net, *tensors(net, someone, 1))
    began = time.monotonic()
    ours = Ours(net, someone.resident, compiled=case.compiled)
    ours.pictures([someone.order(0, far())])
    start = {"load_s": loaded, "first_ms": (time.monotonic() - began) * 1000}
    about, row, once = {**case.about, "mode": ours.mode}, {}, 0.0
    for batch in BATCHES:
        if case.slow and batch > 1:
            print("  only batches of 1 on a processor: a frame takes seconds")
            break
        if case.where.type == "cpu" and once * batch > PATIENCE:
            print(f"  batches of {batch} and more are left out: they would take {once * batch:.0f} s each")
            break
        with Quiet() as quiet:
            figures = measured(case, someone, ours, batch, work, limit)
        once = figures["batch_ms_p50"] / batch / 1000
        compared = ratios(figures, beside, batch) if beside else {}
        told = {"plain_dtype": half(case.where)} if beside else {}
        row = put("bench_mouth", figures | start | compared, **about, batch=batch, **told, **quiet.about)
        print(sentence(row), flush=True)
    say("bench_mouth", row)
    if flat:
        grown = {"grown_mb": growth(case, someone, ours, flat)}
        say("bench_mouth", put("bench_mouth", grown, **about, what="memory", rounds=flat))


def measured(case: Case, someone: Sitter, ours: Ours, batch: int, work: Work, limit: Ceiling) -> Figures:
    """The figures of one batch size."""
    if case.where.type == "cuda":
        torch.cuda.reset_peak_memory_stats(case.where)
    orders = [someone.order(k, far()) for k in range(batch)]
    alone = device_ms(ours.network(batch), case.where, case.seconds)
    whole = wall_ms(lambda: ours.pictures(orders), case.where, case.seconds)
    net_ms = float(np.median(alone))
    reached = work.gflop * batch / net_ms
    memory = {"vram_mb": torch.cuda.max_memory_reserved(case.where) / 1e6} if case.where.type == "cuda" else {}
    return {
        **spread(alone, "net_ms"),
        **spread(whole, "batch_ms"),
        "net_fps": batch * 1000 / net_ms,
        "fps": ours.fps(orders, case.seconds),
        "tflops": reached,
        "ceiling_share": reached / limit.at(work.intensity(batch)),
        "ceiling_tflops": limit.tflops,
        "ceiling_gb_s": limit.gb_s,
        "gflop": work.gflop,
        "least_mb": work.least_mb(batch),
        "batches": float(len(whole)),
        **memory,
    }


def ratios(figures: Figures, plain: Figures, batch: int) -> Figures:
    """The plain pipeline's figures, and how much better ours are; the slowest batches only where they are as large."""
    found = {**plain, "times_plain": figures["fps"] / plain["plain_fps"]}
    if batch == BATCH:
        found["p99_below_plain"] = plain["plain_ms_p99"] / figures["batch_ms_p99"]
    return found


def plain(case: Case) -> Figures:
    """What the plain pipeline does with the same network in the same minutes: half precision on a GPU."""
    if case.slow:
        print("  the plain pipeline is left out: its batch of 16 would take minutes here")
        return {}
    net = make(case.name, case.where, DTYPES[half(case.where)])
    someone = sitter(net)
    pipeline = Plain(net, someone.resident)
    orders = [someone.order(k, 0.0) for k in range(BATCH)]
    taken = wall_ms(lambda: pipeline.batch(orders), case.where, 2 * case.seconds)
    return {"plain_fps": BATCH * 1000 / float(np.mean(taken)), **spread(taken, "plain_ms")}


def growth(case: Case, someone: Sitter, ours: Ours, batches: int) -> float:
    """MB of memory that the process holds more after so many batches of 16 than after the first hundredth of them."""
    orders = [someone.order(k, far()) for k in range(BATCH)]
    before = 0.0
    for k in range(batches):
        ours.pictures(orders)
        if k == batches // 100:
            before = held(case.where)
    return held(case.where) - before


def held(where: torch.device) -> float:
    """MB of the card in use, by whomever; of the processor's memory, by this process."""
    if where.type == "cuda":
        free, all_ = torch.cuda.mem_get_info(where)
        return (all_ - free) / 1e6
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


def tensors(net: Net, someone: Sitter, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
    """`move`'s arguments for a batch of the someone's frames."""
    frames = [k % len(someone.resident.kept) for k in range(batch)]
    kept = torch.from_numpy(someone.resident.kept[frames]).to(net.device)
    windows = torch.from_numpy(someone.windows[[k % len(someone.windows) for k in range(batch)]])
    return kept, windows.to(net.device, net.dtype)


def far() -> float:
    """A deadline that does not press."""
    return time.monotonic() + 3600


def same(name: str, where: torch.device, dtype: str) -> None:
    """Keep how near the pictures stay to those in 32 bits and to those made alone."""
    found = parity.networks(name, where, dtype, 16 if where.type == "cuda" else 4)
    about = {"net": name, "dtype": dtype, "device": where.type, "weights": weights(name), "what": "parity"}
    say("bench_mouth", put("bench_mouth", found, **about))


def sentence(row: dict[str, Any]) -> str:
    """A row in a line."""
    share = f"{row['tflops']:.3g} TFLOP/s, {row['ceiling_share']:.0%} of what this machine allows"
    beside = f"; {row['times_plain']:.2f} times the plain way" if "times_plain" in row else ""
    return (
        f"  batch {row['batch']:2}: {row['batch_ms_p50']:.2f} ms (p99 {row['batch_ms_p99']:.2f}), "
        f"{row['fps']:.1f} frames a second, {share}{beside}"
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--net", action="append", choices=NETS, help="this one only; may be given again")
    parser.add_argument("--dtype", action="append", choices=tuple(DTYPES), help="this type only; may be given again")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each figure")
    parser.add_argument("--flat", type=int, nargs="?", const=FLAT, default=0, help="watch the memory for batches")
    parser.add_argument("--compile", action="store_true", help="let torch.compile make the kernels: minutes more")
    parser.add_argument("--short", action="store_true", help="a second for each figure")
    wanted = parser.parse_args(arguments)
    where = device()
    seconds = SHORT if wanted.short else wanted.seconds
    torch.set_num_threads(1 if where.type == "cpu" else torch.get_num_threads())
    limits: dict[str, Ceiling] = {}
    for name in wanted.net or NETS:
        beside: Figures | None = None
        for dtype in wanted.dtype or default(where, name):
            case = Case(name, where, dtype, seconds, wanted.compile)
            print(f"{name}, {dtype}:", flush=True)
            limits.setdefault(dtype, ceiling.measure(where, DTYPES[dtype], min(2.0, seconds)))
            beside = plain(case) if beside is None else beside
            tidy(where)
            run(case, limits[dtype], beside, wanted.flat)
            if not case.slow and dtype != "float32":
                same(name, where, dtype)
    say("bench_mouth", put("bench_mouth", parity.drawn(where), net="drawn", device=where.type, what="parity"))


def tidy(where: torch.device) -> None:
    """Let go of what the last network held, so that it is not counted with the next one's."""
    gc.collect()
    if where.type == "cuda":
        torch.cuda.empty_cache()


def default(where: torch.device, name: str) -> tuple[str, ...]:
    """The types worth measuring: both halves on a GPU that is quick in bf16; on a processor also 32 bits."""
    if where.type == "cpu" and name.startswith("musetalk"):
        return (quick(where),)
    return tuple(dict.fromkeys((quick(where), "float16" if where.type == "cuda" else "float32")))


if __name__ == "__main__":
    main(sys.argv[1:])
