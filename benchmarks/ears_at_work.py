"""Ears inside a channel that transcribe without pause, for benchmarks of what that costs the tick."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np

from host_engine.audience.ears.transcriber import TranscriberProcess
from host_engine.audience.transcript import RATE

SECONDS = 5.0  # of each utterance


async def transcribe_without_pause(model: str, file: Path) -> None:
    """One utterance after another, until cancelled; `file` grows by a byte for each."""
    ears = TranscriberProcess(f"whisper:{model}")
    job = asyncio.create_task(ears.run())
    samples = np.random.default_rng(0).normal(0, 0.05, int(SECONDS * RATE)).astype(np.float32)
    try:
        while ears.status()["state"] != "ready":
            await asyncio.sleep(0.1)
        with file.open("ab", buffering=0) as count:
            while not job.done():
                said = await ears.hear(samples)
                assert said.by.startswith("whisper:"), said
                count.write(b".")
    finally:
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
