"""What the GPUs of this machine are doing, asked of nvidia-smi every ten seconds, where there is one."""

from __future__ import annotations

import asyncio
import logging
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from typing import NamedTuple

log = logging.getLogger(__name__)

EVERY, PATIENCE = 10.0, 5.0  # seconds
ASKED = "index,name,utilization.gpu,memory.used,memory.total"
MEGABYTE = 2**20


class Gpu(NamedTuple):
    """One GPU: its number and model, the share of time it was busy, its memory in bytes."""

    name: str
    busy: float
    used: float
    total: float


class Gpus:
    """The GPUs as they were ten seconds ago at most; empty without an NVIDIA driver."""

    def __init__(self, program: str | None = None) -> None:
        self.now: tuple[Gpu, ...] = ()
        self._program = program or shutil.which("nvidia-smi")

    async def run(self) -> None:
        """Look again and again until cancelled; returns at once where there is no GPU to look at."""
        while self._program:
            try:
                self.now = await self._look(self._program)
            except OSError as error:
                log.warning("%s cannot be run, so there are no figures of the GPU: %s", self._program, error)
                return
            await asyncio.sleep(EVERY)

    async def _look(self, program: str) -> tuple[Gpu, ...]:
        """In a process of its own: the driver may take long, and the tick must not wait for it."""
        command = (program, f"--query-gpu={ASKED}", "--format=csv,noheader,nounits")
        asked = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
        try:
            said, _ = await asyncio.wait_for(asked.communicate(), PATIENCE)
        except TimeoutError:
            log.warning("nvidia-smi did not answer within %g s; the figures of the GPU are left out", PATIENCE)
            return ()
        finally:
            if asked.returncode is None:
                asked.kill()
        return read(said.decode(errors="replace"))


def read(said: str) -> tuple[Gpu, ...]:
    """The GPUs in the answer of nvidia-smi; a figure that it does not know ("[N/A]") is 0."""
    found = []
    for line in said.splitlines():
        fields = [field.strip() for field in line.split(",")]
        if len(fields) == 5:
            busy, used, total = (float(field) if field.replace(".", "").isdigit() else 0.0 for field in fields[2:])
            found.append(Gpu(f"{fields[0]} {fields[1]}", busy / 100, used * MEGABYTE, total * MEGABYTE))
    return tuple(found)
