"""The heap gives back what was freed, however many threads had it."""

import asyncio
import subprocess
import sys
from types import SimpleNamespace

from until import until

from host_engine.process import heap

GROW = """
import sys, threading
from pathlib import Path
if sys.argv[1] == "tidy":
    from host_engine.process.heap import tidy
    assert tidy()
import numpy as np

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

def work(seed):
    # Blocks of many sizes, of which a few small ones stay: what frames and captions do to a heap.
    sizes = np.random.default_rng(seed).integers(20_000, 3_000_000, 300)
    for size in sizes:
        block = bytearray(size)
        kept.append(bytes(200))
        del block

before, kept = resident(), []
for _ in range(3):
    threads = [threading.Thread(target=work, args=(k,)) for k in range(12)]
    [t.start() for t in threads]
    [t.join() for t in threads]
print(resident() - before)
"""


def grown(mode: str) -> float:
    """MB that a process has more after much came and went."""
    command = [sys.executable, "-c", GROW, mode]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_what_was_freed_is_given_back():
    assert grown("tidy") < 0.75 * grown("as it is")


def test_what_the_environment_says_stays(monkeypatch):
    monkeypatch.setenv("MALLOC_ARENA_MAX", "64")
    options = []
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: SimpleNamespace(mallopt=lambda *o: options.append(o) or 1))
    assert heap.tidy()
    assert [option for option, _ in options] == [heap.MMAP_THRESHOLD, heap.TRIM_THRESHOLD]


def test_without_glibc_nothing_is_done(monkeypatch):
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: SimpleNamespace())
    assert not heap.tidy()


def test_free_pages_are_given_back_again_and_again(monkeypatch):
    given = []
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: SimpleNamespace(malloc_trim=given.append))
    monkeypatch.setattr(heap, "PAUSE", 0.01)

    async def main():
        tidying = asyncio.create_task(heap.keep_tidy())
        await until(lambda: len(given) >= 3)
        tidying.cancel()

    asyncio.run(main())
    assert set(given) == {0}


async def test_without_glibc_there_is_nothing_to_keep_tidy(monkeypatch):
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda name: SimpleNamespace())
    await asyncio.wait_for(heap.keep_tidy(), 1)
