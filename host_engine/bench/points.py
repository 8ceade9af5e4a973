"""The rows of bench_mouth as points to draw: of each machine the last row of each network, dtype and batch."""

from __future__ import annotations

from typing import NamedTuple

from host_engine.bench.figures import Row
from host_engine.bench.history import figures, series
from host_engine.bench.published import TITLES

COLOURS = {
    "musetalk+sd-vae": "#0060a8",
    "musetalk+taesd": "#b5470b",
    "wav2lip-256": "#00734f",
    "wav2lip-96": "#7a3b9a",
    "small": "#7d6200",
}
SHORT = {
    "musetalk+sd-vae": "MuseTalk SD-VAE",
    "musetalk+taesd": "MuseTalk TAESD",
    "wav2lip-256": "Wav2Lip 256",
    "wav2lip-96": "Wav2Lip 96",
    "small": "our small mouth",
}
OTHER = "#44505c"
MOST = 1e12  # of anything: larger figures are a fault of whoever wrote the row


class Speed(NamedTuple):
    """How one network ran: frames a second and what that is in arithmetic; the usual way beside it, 0 where not run."""

    machine: str
    net: str
    dtype: str
    batch: int
    fps: float
    tflops: float
    gflop: float
    least_mb: float
    plain_fps: float
    ceiling_tflops: float
    ceiling_gb_s: float
    random: bool

    @property
    def intensity(self) -> float:
        """Operations for each byte that must come from memory at least."""
        return self.gflop * self.batch * 1000 / self.least_mb

    @property
    def colour(self) -> str:
        return COLOURS.get(self.net, OTHER)


def speeds(rows: list[Row]) -> list[Speed]:
    """The last row of each machine, network, dtype and batch.

    Left out are rows that lack a figure, and those of a machine that was busy with something else.
    """
    last = [group.rows[-1] for group in series("bench_mouth", rows) if not group.rows[-1].get("state")]
    found = {}
    for row in sorted(last, key=lambda row: str(row["date"])):
        speed = _speed(row)
        if speed is not None:
            found[speed.machine, speed.net, speed.dtype, speed.batch] = speed
    order = list(TITLES)
    return sorted(found.values(), key=lambda each: (_place(each.net, order), each.dtype, each.batch))


def _place(net: str, order: list[str]) -> int:
    return order.index(net) if net in order else len(order)


def _speed(row: Row) -> Speed | None:
    had = figures(row)
    wanted = ("fps", "tflops", "gflop", "least_mb", "ceiling_tflops", "ceiling_gb_s")
    if not all(0 < had.get(name, 0) < MOST for name in wanted) or not isinstance(row.get("batch"), int):
        return None
    return Speed(
        str(row["machine"]),
        str(row.get("net", "?")),
        str(row.get("dtype", "?")),
        row["batch"],
        had["fps"],
        had["tflops"],
        had["gflop"],
        had["least_mb"],
        had.get("plain_fps", 0.0),
        had["ceiling_tflops"],
        had["ceiling_gb_s"],
        row.get("weights") == "random",
    )


def short_machine(machine: str) -> str:
    """The GPU of a machine, or its processor where there is none."""
    first, _, gpu = machine.rpartition(", ")
    plain = (first if gpu == "no GPU" else gpu).replace("(R)", "").replace("(TM)", "")
    return plain.removesuffix(" Processor").replace("NVIDIA GeForce ", "").replace("NVIDIA ", "")
