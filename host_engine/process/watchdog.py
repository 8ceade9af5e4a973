"""The watchdog: a thread that ends the process when no frame comes any more, so that it is started anew."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import TextIO

from host_engine.process import guard

LIMIT = 5.0  # seconds without a tick
STEP = 0.25  # seconds between two looks
PULSE = 1.0  # seconds between two signs of life to the guard and to whom `alive` tells; `every` may want more
MARGIN = 3  # seconds after which the guard does what this thread could not
REPORT = 2.0  # seconds for the stacks; a full disk or a reader of the log that hangs gets no longer
KEPT = 5  # files of stacks
HUNG = 70  # the exit status

log = logging.getLogger(__name__)


class Watchdog:
    """Ends the process with status 70 when no `beat` came for `LIMIT` seconds. Not armed before the first.

    The seconds are counted in looks of this thread, never read from a watch: a process that was stopped and continued,
    or a machine that slept, was not watched meanwhile. A process whose interpreter is held by one thread for ever is
    ended by `guard`, as this thread cannot run either. `ready` is called at the first beat, `alive` every second, or
    more often where `every` is less, while they come: both on this thread.
    """

    def __init__(
        self,
        folder: Path,
        ready: Callable[[], None] = lambda: None,
        alive: Callable[[], None] = lambda: None,
        limit: float = LIMIT,
        every: float | None = None,
    ) -> None:
        """All stacks of a hung process are written to a file in `folder`, and to the log."""
        self._folder, self._ready, self._alive, self._limit = folder, ready, alive, limit
        self._pulse = max(1, int(min(PULSE, every or PULSE) / STEP))  # looks
        self._beats = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = threading.Event()
        self._guard: subprocess.Popen[bytes] | None = None

    def beat(self, row: object = None) -> None:
        """A frame was made. Costs nothing worth measuring; a hook of `Timings`."""
        self._beats += 1

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch from the first beat on. The stacks of the loop's tasks are told too."""
        self._loop = loop
        if not faulthandler.is_enabled():
            faulthandler.enable()
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Watch no longer: the channel goes off air."""
        self._over.set()

    def _watch(self) -> None:
        while not self._beats:
            if self._over.wait(STEP):
                return
        self._tell(self._ready)
        self._hire()
        seen, quiet, looks = self._beats, 0.0, 0
        while not self._over.wait(STEP):
            looks += 1
            came, seen = self._beats != seen, self._beats
            quiet = 0.0 if came else quiet + STEP
            if quiet >= self._limit:
                self._end()
            if looks % self._pulse == 0:
                self._reassure()
                if came:
                    self._tell(self._alive)
        if self._guard is not None and self._guard.stdin is not None:
            self._guard.stdin.close()

    def _hire(self) -> None:
        """Start the guard."""
        command = [sys.executable, "-I", "-S", guard.__file__, str(os.getpid()), str(ceil(self._limit) + MARGIN)]
        try:
            self._guard = subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0, start_new_session=True)
            if self._guard.stdin is not None:
                os.set_blocking(self._guard.stdin.fileno(), False)
        except OSError as error:
            log.warning("a process that holds its own interpreter would not be noticed: %s", error)

    def _reassure(self) -> None:
        """Tell the guard that threads run, whether frames come or not."""
        if self._guard is None or self._guard.stdin is None:
            return
        try:
            self._guard.stdin.write(b".")
        except OSError as error:
            log.warning("the guard of the interpreter has ended (%s); another takes its place", error)
            self._guard.poll()
            self._hire()

    def _tell(self, about: Callable[[], None]) -> None:
        try:
            about()
        except Exception:
            log.exception("the watchdog could not say how it goes; it goes on watching")

    def _end(self) -> None:
        report = threading.Thread(target=self._report, name="report", daemon=True)
        report.start()
        report.join(REPORT)
        os._exit(HUNG)

    def _report(self) -> None:
        said = f"no frame for {self._limit:g} s: the process hangs and ends with status {HUNG}, to be started anew"
        path: Path | None = None
        try:
            path = self._folder / f"hung-{datetime.now():%Y%m%d-%H%M%S}.txt"
            self._folder.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8") as file:
                print(said, file=file)
                self._stacks(file)
            for old in sorted(self._folder.glob("hung-*.txt"))[:-KEPT]:
                old.unlink()
        except Exception as error:
            said = f"{said}; its stacks could not be kept in {self._folder}: {error}"
        else:
            said = f"{said}; its stacks are in {path}"
        log.critical(said)
        self._stacks(sys.stderr)

    def _stacks(self, file: TextIO) -> None:
        """The stacks of all threads, and of the tasks of the loop, which is not asked: it hangs."""
        file.flush()
        faulthandler.dump_traceback(file, all_threads=True)
        for task in asyncio.all_tasks(self._loop) if self._loop else ():
            print(file=file)
            task.print_stack(file=file)
        file.flush()
