"""Whether memory stands still over many batches: a rule for the benchmarks and the long tests."""

from __future__ import annotations

from collections.abc import Sequence

SETTLING = 0.25  # share of the samples in which memory may still grow: pools and caches fill
ALLOWED = 1 << 20  # bytes by which it may differ afterwards


def growth(samples: Sequence[int]) -> int:
    """Bytes by which memory grew after it had settled: the most of the last quarter over the most of the second.

    `samples`: bytes in use, taken at equal distances from the first batch on. Raises ValueError for less than eight.
    """
    if len(samples) < 8:
        raise ValueError(f"{len(samples)} samples of memory say nothing; take 8 or more")
    quarter = len(samples) // 4
    return max(samples[-quarter:]) - max(samples[int(len(samples) * SETTLING) : 2 * quarter])


def not_flat(samples: Sequence[int], allowed: int = ALLOWED) -> str | None:
    """Why memory is not flat, as a sentence; None where it is."""
    grown = growth(samples)
    if grown <= allowed:
        return None
    return f"memory grew by {grown / 2**20:.1f} MiB after it had settled, {allowed / 2**20:.1f} MiB are allowed"
