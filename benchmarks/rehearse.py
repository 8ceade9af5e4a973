"""Eight hours of the demo channel's show rehearsed in virtual time, with 40 messages an hour of a made-up audience.

The figures of the show itself are facts of the demo, kept so that a change of choice, desk or answers shows.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.kept import keep
from benchmarks.lines import demo
from host_engine.commands.rehearsing import Wanted, rehearse
from host_engine.rehearsal.figures import figures

HOURS, SHORT = 8, 1
BEGIN = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Europe/London"))
AN_HOUR, SEED = 40, 1


def run(hours: int) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    told = rehearse(demo(), Wanted(BEGIN, hours * 3600, AN_HOUR, SEED))
    found = figures(told.show, told.rehearsed, told.why)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    asked, mandatory = found["audience"], found["mandatory"]
    keep(
        "rehearse",
        {
            "wall_s": wall,
            "cpu_s": cpu,
            "lines": found["air"]["lines"],
            "dead_air": found["air"]["idle_s"],
            "mandatory_late": sum(not each["in_time"] for each in mandatory),
            "never_said": found["coverage"]["of"] - found["coverage"]["said"],
            "repeated": found["repetition"]["score"],
            "right": asked["right"] / max(1, asked["answered"]),
            "unanswered": asked["unanswered"],
            "answer_s_p50": asked["wait_s"].get("p50", 0.0),
            "answer_s_p95": asked["wait_s"].get("p95", 0.0),
            "gate_stops": found["gate"]["stops"],
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
        hours=hours,
    )


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else HOURS)
