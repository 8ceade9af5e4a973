"""Resident memory of the whole channel with the default voice and host, and what the largest parts of it are."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.crowd import Crowd
from benchmarks.kept import keep
from benchmarks.onair import OnAir, recording

SECONDS, SHORT = 180, 30
LARGEST = 14  # parts that are printed


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with OnAir(folder, [recording(folder / "recordings")], {}) as channel, Crowd(channel.address, 1):
            start = channel.rss()
            time.sleep(seconds)
            rss, threads = channel.rss(), channel.process.num_threads()
            found = parts(channel.process)
    table = Table("resident MB", "part", box=None)
    for part, size in found.most_common(LARGEST):
        table.add_row(f"{size / 1e6:.1f}", escape(part))
    Console().print(table)
    heap = found["[heap]"] + found["arenas of malloc"]
    libraries = sum(size for part, size in found.items() if ".so" in part)
    anonymous = found["mapped by itself"]
    figures = {
        "rss_mb": rss,
        "rss_start_mb": start,
        "libraries_mb": libraries / 1e6,
        "heap_mb": heap / 1e6,
        "mapped_mb": anonymous / 1e6,
        "threads": threads,
    }
    keep("memory", figures, seconds=seconds)


def parts(process: psutil.Process) -> Counter[str]:
    """Resident bytes of each library, of the heap, and of what was mapped without a file."""
    sizes: Counter[str] = Counter()
    for each in process.memory_maps(grouped=False):
        sizes[_name(each.path, each.addr)] += each.rss
    return sizes


def _name(path: str, addresses: str) -> str:
    """What a mapping is; glibc puts each thread's arena into a region that begins at a multiple of 64 MiB."""
    if path != "[anon]":
        return path.rpartition("/")[2]
    start, end = (int(address, 16) for address in addresses.split("-"))
    return "arenas of malloc" if start % (64 << 20) == 0 and end - start <= 64 << 20 else "mapped by itself"


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
