"""What the figures mean: which way is better, which are facts that nobody judges, and what is to be reached."""

from __future__ import annotations

from typing import Any, NamedTuple

Row = dict[str, Any]

HIGHER = frozenset(
    {
        *("times_real_time", "closures", "viewers_on_one_core", "viewers"),
        *("attacks_stopped", "attacks_stopped_tuning", "attacks_stopped_held_out", "named_right"),
        *("fps", "net_fps", "tflops", "ceiling_share", "right", "times_plain", "p99_below_plain", "channels"),
    }
)  # all others: lower is better

FACTS = frozenset(
    {
        *("designed_lead_ms", "lead_ms", "lead_ms_p10", "lead_ms_p90"),
        *("said_ms_p50", "lead_silence_ms", "orders"),
        *("joined", "left", "uploads", "refused"),
        *("outages", "paused", "killed", "frames", "rounds", "rss_slope_error", "rss_start_mb"),
        *("stalls", "jumps_made", "pairs", "skipped", "lines", "objects"),
        *("python_mb", "libraries_mb", "heap_mb", "mapped_mb", "threads"),
        *("loop_gap_longest_ms", "clock_us", "load", "held", "file_mb", "rss_before_mb"),
        *("ceiling_tflops", "ceiling_gb_s", "gflop", "least_mb", "weights_mb", "batches", "busy"),
        *("plain_fps", "plain_ms_p50", "plain_ms_p95", "plain_ms_p99", "plain_channels", "plain_first_ms"),
        *("pause_ms_p50", "utterances", "small_ms_p50", "small_ms_p95", "small_ms_p99", "small_cpu_ms"),
        *("attacks", "honest", "sent", "stopped", "answered", "clustered", "expired", "waited_s_p50", "waited_s_p95"),
        *("asked", "told", "pictures", "unread"),
        *("pictures", "missed"),
        *("feed_ms_p50", "calm_late_ms_p99", "starting_late_ms_p99"),
        *("of_what_was_on_air", "sentences", "answers_asked", "told_in_force", "catalog_changes"),
        *("never_said", "repeated", "gate_stops"),
        *("faults", "looks", "looks_passed_over"),
        *("added_kbps", "drops", "drops_wanted", "whip_packets", "cores_one", "cores_all"),
        *("failed_at", *(f"of_{bucket}" for bucket in (1, 2, 4, 8, 16, 32))),
    }
)

REACH: dict[str, dict[str, float]] = {
    "action": {"action_ms_p95": 120.0, "mute_frames_late": 0.0},
    "frame": {"draw_ms_p95": 12.0, "frame_to_x264": 3.5},
    "process": {"cores": 0.6},
    "render": {"times_real_time": 2.0},
    "cut": {"prepared_ms_p95": 80.0},
    "lips": {"closures": 0.98},
    "catalog_load": {"wall_s": 2.0},
    "gate": {"sentence_ms_p95": 5.0},
    "swap": {"check_diff_s": 3.0, "in_force_s": 1.0, "late_frames": 0.0, "jumps": 0.0},
    "targets": {"cores_more": 0.2, "encodes_per_frame": 1.0, "other_encodes": 0.0, "jumps": 0.0},
    "target_drops": {
        **{"back_s_max": 5.0, "slower_than_5_s": 0.0, "restarts": 0.0, "well_reconnects": 0.0, "frames_missing": 0.0},
        "jumps": 0.0,
    },
    "recall": {"gone_s_max": 2.0},
    "price": {
        **{f"stale_{where}": 0.0 for where in ("said", "cards", "now", "tray", "answers")},
        "old_ms_max": 500.0,
    },
    "start": {"wall_s_p50": 3.8, "back_s_max": 5.0},
    "hooks": {"hooks_us": 10.0, "scrape_ms_p95": 3.0},
    "transcribe": {"sphinx_ms_p95": 300.0, "tiny_ms_p95": 700.0, "kept_off_topic": 0.0},
    "lateness_ears": {"late_ms_p99": 6.0, "jumps": 0.0},
    "lateness": {"late_ms_p50": 1.0, "late_ms_p99": 5.0, "jumps": 0.0},
    "marks": {"frame_ms": 0.1},
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
    "page": {"page_ms_p50": 60.0, "page_ms_p95": 100.0},
    "memory": {"rss_mb": 700.0},
    "footage": {"rss_mb": 1000.0, "forwards_ms": 25.0, "late": 0.0},
    "firewall": {"attacks_stopped": 1.0, "honest_stopped": 0.02, "message_ms_p95": 1.0},
    "flood": {"lost": 0.0, "unaccounted": 0.0, "jumps": 0.0, "late_ms_p99": 6.0},
    "api_load": {"jumps": 0.0, "late_ms_p99": 6.0},
    "takeover": {"first_sample_ms_p95": 250.0, "sample_ms_p95": 250.0, "late_ms_p99": 6.0, "jumps": 0.0},
    "answering": {"cue_ms_p95": 350.0, "aloud_ms_p95": 1500.0},
    "answers": {"right": 0.9, "false_prices": 0.0, "answer_ms_p95": 100.0},
    "answers_index": {"wall_s": 3.0},
    "label": {"false_alarms": 0.0, "overlooked": 0.0, "found_s_max": 10.0},
    "rehearse": {"wall_s": 60.0, "dead_air": 0.0, "mandatory_late": 0.0, "unanswered": 0.0},
    "obs_loop": {"loop_ms_p50": 330.0, "back_s_p50": 1.0},
    "obs_scene": {"scene_ms_p95": 200.0, "unseen": 0.0, "jumps": 0.0},
    "obs_killed": {"right_s_max": 3.0, "killed_late_ms_p99": 6.0, "jumps": 0.0},
    "bench_mouth": {"bf16_levels": 2.0, "batch_levels": 1.0, "drawn_levels": 2.0, "grown_mb": 16.0},
    "bench_channels": {"misses": 0.0},
}
"""benchmark -> figure -> its bound: an upper one, or a lower one for what is in HIGHER."""


class Aim(NamedTuple):
    """A bound that holds for some rows only: of these settings, on a GPU whose name has this in it."""

    figure: str
    bound: float
    gpu: str
    where: Row


_SD, _TINY = {"net": "musetalk+sd-vae"}, {"net": "musetalk+taesd"}
_OF_16, _BF16, _ON_GPU = {"batch": 16}, {"dtype": "bfloat16"}, {"device": "cuda"}

AIMS: dict[str, tuple[Aim, ...]] = {
    "bench_mouth": (
        Aim("times_plain", 3, "", {**_SD, **_OF_16, **_ON_GPU}),
        Aim("p99_below_plain", 5, "", {**_SD, **_OF_16, **_ON_GPU}),
        Aim("fps", 400, "H200", {**_SD, **_OF_16, **_BF16}),
        Aim("fps", 1200, "H200", {**_TINY, **_OF_16, **_BF16}),
        Aim("fps", 4000, "H200", {"net": "wav2lip-256", "batch": 32, **_BF16}),
        Aim("fps", 100, "4090", {**_SD, **_OF_16, "dtype": "float16"}),
        Aim("fps", 450, "4090", {**_TINY, **_OF_16, "dtype": "float16"}),
        Aim("batch_ms_p99", 15, "H200", {**_TINY, **_OF_16, **_BF16}),
        Aim("batch_ms_p99", 15, "H200", {"net": "wav2lip-256", **_OF_16, **_BF16}),
    ),
    "bench_channels": (Aim("channels", 13, "H200", _SD), Aim("channels", 38, "H200", _TINY)),
    "bench_first_frame": (
        Aim("air_ms_p95", 350, "", {**_SD, **_ON_GPU}),
        Aim("air_ms_p95", 350, "", {**_TINY, **_ON_GPU}),
        Aim("air_ms_p95", 300, "", {"net": "wav2lip-256", **_ON_GPU}),
        Aim("air_ms_p95", 300, "", {"net": "wav2lip-96", **_ON_GPU}),
        Aim("air_ms_p95", 120, "", {"net": "drawn"}),
    ),
}
"""benchmark -> the bounds that hold for some of its rows."""


def bound(benchmark: str, figure: str, row: Row) -> float | None:
    """What this figure of this row is to reach, where there is something."""
    for aim in AIMS.get(benchmark, ()):
        here = aim.gpu in str(row.get("machine", "")) and all(row.get(key) == value for key, value in aim.where.items())
        if aim.figure == figure and here:
            return aim.bound
    return REACH.get(benchmark, {}).get(figure)


def worse(figure: str, before: float, now: float) -> float:
    """By which part of `before` the figure has become worse; negative where it is better, 0 for a fact."""
    if figure in FACTS or before == now:
        return 0.0
    step = before - now if figure in HIGHER else now - before
    return step / abs(before) if before else step * float("inf")


def missed(benchmark: str, figure: str, value: float, row: Row) -> bool:
    """Whether the figure has a bound in a row like this that it does not keep."""
    wanted = bound(benchmark, figure, row)
    if wanted is None:
        return False
    return value < wanted if figure in HIGHER else value > wanted
