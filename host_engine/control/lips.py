"""The figures of a host who was filmed: her pictures, and what the network that moves her lips has to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client.core import Metric

from host_engine.control.exposition import counter, gauge

MS = 0.001


def lips(avatar: Mapping[str, Any]) -> Iterable[Metric]:
    """From the section `avatar` of /status; nothing where the host is drawn."""
    if not avatar:
        return
    frames = avatar["frames"]
    yield counter(
        "avatar_frames", "Pictures of the filmed host: lips in time, warped, shut, silent, held.", frames, "lips"
    )
    allowed = float(avatar["consent"]["refused"] is None)
    yield gauge("avatar_consent", "1 while the presenter may be shown, 0 while another is shown in her place.", allowed)
    yield gauge("avatar_network", "1 while a network moves the lips.", float(avatar["rung"] == "network"))
    if worker := avatar.get("worker"):
        yield from _worker(worker)


def _worker(worker: Mapping[str, Any]) -> Iterable[Metric]:
    yield counter("lips_orders", "Lips that were asked for.", worker.get("orders", 0))
    yield counter("lips_done", "Lips that came in time.", worker.get("done", 0))
    yield counter("lips_missed", "Lips that did not, and why.", worker.get("missed", {}), "why")
    yield counter("lips_batches", "Batches that the network made, by their size.", worker.get("batches", {}), "size")
    yield gauge("lips_batch_seconds", "What a batch takes in the mean.", worker.get("batch_ms", 0.0) * MS)
    yield gauge("lips_answer_seconds", "From an order to its lips in the mean.", worker.get("answer_ms", 0.0) * MS)
    queue = worker.get("queue", {})
    yield gauge("lips_waiting", "Orders that wait for a batch.", queue.get("waiting", 0))
    yield gauge("lips_queue_age_seconds", "How long the oldest of them waits.", queue.get("age_ms", 0.0) * MS)
    yield gauge("lips_gpu_memory_bytes", "Memory of the GPU that the lips take.", worker.get("vram", 0))
