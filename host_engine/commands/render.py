"""The same show into a file, as fast as the machine can."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from host_engine.channel.studio.studio import Studio
from host_engine.media import Frame
from host_engine.outputs.file_writer import FileWriter


async def render(studio: Studio, path: Path, frames: int, progress: Callable[[int], None] = lambda done: None) -> None:
    """Write `frames` frames of the show to `path` (.mp4 or .mkv), waiting for each line instead of idling.

    A frame is encoded while the next one is drawn. Raises OSError with a sentence when the file cannot be written.
    """
    loop = asyncio.get_running_loop()
    program, playout = studio.program, studio.playout
    studio.mouths.hurried = False
    studio.voices.patience = 3600.0  # a file can wait for a voice that is slow
    if studio.presenting is not None:
        await loop.run_in_executor(None, studio.presenting.for_a_file)

    def write(frame: Frame) -> None:
        for unit in program.encode(frame):
            writer.write(unit)

    writing = FileWriter(path, studio.preparation.format)
    with writing as writer, ThreadPoolExecutor(1) as draws, ThreadPoolExecutor(1) as encodes:
        encoding: asyncio.Future[None] | None = None
        for n in range(frames):
            await playout.settled()
            frame = await loop.run_in_executor(draws, program.draw, n, playout.pull())
            if encoding:
                await encoding
            encoding = loop.run_in_executor(encodes, write, frame)
            progress(n + 1)
        if encoding:
            await encoding
        for unit in program.encoder.flush():
            writer.write(unit)
