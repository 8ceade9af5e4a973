"""Figures as Prometheus wants them: families built from plain counts at the moment somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from host_engine.timing import Tally

PREFIX = "host_engine_"


def gauge(name: str, help: str, value: float | Mapping[str, float], label: str = "") -> Metric:
    """A value that goes up and down; with a `label`, one for each of its values."""
    family = GaugeMetricFamily(PREFIX + name, help, labels=[label] if label else [])
    return _with(family, value)


def counter(name: str, help: str, value: float | Mapping[str, float], label: str = "") -> Metric:
    """A count since the start; "_total" is put behind its name."""
    family = CounterMetricFamily(PREFIX + name, help, labels=[label] if label else [])
    return _with(family, value)


def histogram(name: str, help: str, tallies: Tally | Mapping[str, Tally], label: str = "", unit: float = 1.0) -> Metric:
    """How many values fell below each bound; with a `label`, for each of its values. `unit`: what the tallies count in,
    as 0.001 for milliseconds, where Prometheus wants seconds.
    """
    family = HistogramMetricFamily(PREFIX + name, help, labels=[label] if label else [])
    for key, tally in tallies.items() if isinstance(tallies, Mapping) else [("", tallies)]:
        counts = list(accumulate(tally.counts))
        bounds = [*(f"{bound * unit:.6g}" for bound in tally.bounds), "+Inf"]
        family.add_metric([key] if label else [], list(zip(bounds, counts, strict=True)), tally.sum * unit)
    return family


def _with(family: GaugeMetricFamily | CounterMetricFamily, value: float | Mapping[str, float]) -> Metric:
    if isinstance(value, Mapping):
        for key, each in value.items():
            family.add_metric([key], each)
    else:
        family.add_metric([], value)
    return family
