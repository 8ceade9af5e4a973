"""What many ways out cost: one RTMP target alone, then four with WHIP, a recording and three viewers beside."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.crowd import Crowd
from benchmarks.kept import Figures, keep, spread
from benchmarks.onair import OnAir, live, recording
from benchmarks.servers import servers
from benchmarks.whip_sink import WhipSink

SECONDS, SHORT = 120, 15
WARM, SHORT_WARM = 60.0, 15.0  # seconds until scenes are drawn and caches filled
TARGETS = ("first", "second", "third", "fourth")
VIEWERS = 3


def run(seconds: int, warm: float) -> None:
    alone = measured(TARGETS[:1], seconds, warm, 0)
    crowded = measured(TARGETS, seconds, warm, VIEWERS)
    figures = {
        "cores_one": alone["cores"],
        "cores_all": crowded["cores"],
        "cores_more": crowded["cores"] - alone["cores"],
        **{name: crowded[name] for name in crowded if name != "cores"},
    }
    keep("targets", figures, seconds=seconds)


def measured(names: tuple[str, ...], seconds: int, warm: float, viewers: int) -> Figures:
    """One channel with these targets; with viewers also WHIP and a recording."""
    with tempfile.TemporaryDirectory() as name, servers(Path(name), *names) as there:
        folder = Path(name)
        outputs: list[dict[str, Any]] = [server.output for server in there]
        if not viewers:
            return on_air(folder, outputs, seconds, warm, 0)
        with WhipSink() as sink:
            more = [sink.output, recording(folder / "recordings")]
            figures = on_air(folder, [*outputs, *more], seconds, warm, viewers)
        return figures | {"whip_packets": sink.packets}


def on_air(folder: Path, outputs: list[dict[str, Any]], seconds: int, warm: float, viewers: int) -> Figures:
    names = [output["name"] for output in outputs]
    wanted = {"seconds": seconds + warm + 120, "encodes": True}
    with OnAir(folder, outputs, wanted, encoding={"preset": "superfast", "kbps": 2000}, ladder=False) as channel:
        channel.wait(lambda: live(channel, *names), 30)
        with Crowd(channel.address, viewers):
            time.sleep(warm)
            began, cpu = time.monotonic(), channel.cpu()
            time.sleep(seconds)
            ended, cpu, status = time.monotonic(), channel.cpu() - cpu, channel.status()
            assert status["viewers"] == viewers, f"{status['viewers']} of {viewers} viewers are left"
            assert live(channel, *names), channel.states()
    notes = channel.notes
    late = [value for at, value in notes["late"] if began <= at <= ended]
    counts = notes["counts"]
    print(f"{', '.join(names)} and {viewers} viewers: {cpu / (ended - began):.3f} cores", flush=True)
    return spread(late, "late_ms") | {
        "cores": cpu / (ended - began),
        "encodes_per_frame": round(counts["encodes"] / counts["frames"], 2),
        "other_encodes": counts["viewer_encodes"] + len(status["renditions"]),
        "jumps": status["clock"]["jumps"],
    }


if __name__ == "__main__":
    if "--short" in sys.argv:
        run(SHORT, SHORT_WARM)
    else:
        run(SECONDS, WARM)
