"""What the figures mean: which way is better, which are facts that nobody judges, and what is to be reached."""

from __future__ import annotations

HIGHER = frozenset({"times_real_time", "closures", "viewers_on_one_core", "viewers"})  # all others: lower is better

FACTS = frozenset(
    {
        *("designed_lead_ms", "lead_ms", "lead_ms_p10", "lead_ms_p90"),
        *("said_ms_p50", "lead_silence_ms", "orders"),
        *("joined", "left", "uploads", "refused"),
        *("outages", "paused", "killed", "frames", "rounds", "rss_slope_error", "rss_start_mb"),
        *("stalls", "jumps_made", "pairs", "skipped", "lines", "objects"),
        *("python_mb", "libraries_mb", "heap_mb", "mapped_mb", "threads"),
        *("loop_gap_longest_ms", "clock_us"),
    }
)

REACH: dict[str, dict[str, float]] = {
    "frame": {"draw_ms_p95": 12.0, "frame_to_x264": 3.5},
    "process": {"cores": 0.6},
    "render": {"times_real_time": 2.0},
    "cut": {"prepared_ms_p95": 80.0},
    "lips": {"closures": 0.98},
    "catalog_load": {"wall_s": 2.0},
    "start": {"wall_s_p50": 3.8, "back_s_max": 5.0},
    "hooks": {"hooks_us": 10.0, "scrape_ms_p95": 3.0},
    "lateness": {"late_ms_p50": 1.0, "late_ms_p99": 5.0, "jumps": 0.0},
    "loop": {"gap_ms_p99": 10.0},
    "first_sound": {"rtmp_ms_p95": 300.0, "whep_ms_p95": 300.0},
    "viewers": {"viewers_on_one_core": 15.0, "encodes_per_frame": 1.0, "viewer_encodes": 0.0},
    "day": {"wall_s": 120.0, "dead_air": 0.0, "tasks_grown": 0.0, "queues_grown": 0.0, "objects_grown": 0.0},
    "soak": {
        "restarts": 0.0,
        "frames_missing": 0.0,
        "back_s_max": 5.0,
        "rss_slope_mb_h": 1.0,
        "rss_mb": 700.0,
    },
    "skew": {"skew_ms_max": 40.0},
    "memory": {"rss_mb": 700.0},
}
"""benchmark -> figure -> its bound: an upper one, or a lower one for what is in HIGHER."""


def worse(figure: str, before: float, now: float) -> float:
    """By which part of `before` the figure has become worse; negative where it is better, 0 for a fact."""
    if figure in FACTS or before == now:
        return 0.0
    step = before - now if figure in HIGHER else now - before
    return step / abs(before) if before else step * float("inf")


def missed(benchmark: str, figure: str, value: float) -> bool:
    """Whether the figure has a bound that it does not keep."""
    bound = REACH.get(benchmark, {}).get(figure)
    if bound is None:
        return False
    return value < bound if figure in HIGHER else value > bound
