"""A process of the ears: started on a thread that hears it, told what to do, ended within a second."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import host_engine
from host_engine.audience.ears.wire import Frame, WireError, packed, read

LONGEST_END = 0.7  # seconds to end after SIGTERM

log = logging.getLogger(__name__)

Told = Callable[[Frame], None]
Ended = Callable[[str], None]


class Child:
    """One run of a module in a process of its own. Nothing here waits for it but `end`, and that for a second at most.

    `told` is called with each frame that it says, `ended` once with a sentence when it has ended, both on a thread of
    this child. That thread also starts the process, so that the kernel's promise to end it with its parent, which is
    meant for the thread that started it, holds for as long as anybody hears it.
    """

    def __init__(self, module: str, told: Told, ended: Ended, extra: Mapping[str, str] | None = None) -> None:
        self._module, self._told, self._ended, self._extra = module, told, ended, dict(extra or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._out: queue.SimpleQueue[Callable[[], Frame] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._over = False
        self._why = ""
        self._thread = threading.Thread(target=self._run, name=f"{module.rsplit('.', 1)[-1]}: hears", daemon=True)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        self._thread.start()

    def say(self, frame: Frame | Callable[[], Frame]) -> None:
        """Tell it; returns at once. A callable is called on the thread that writes, for what takes time to put up."""
        self._out.put(frame if callable(frame) else lambda: frame)

    def kill(self, why: str) -> None:
        """End it without asking; `ended` is told the sentence."""
        with self._lock:
            self._why, self._over = self._why or why, True
            if self._process:
                with contextlib.suppress(OSError):
                    self._process.kill()

    def end(self) -> None:
        """Ask it to end, and enforce that. Blocks for a second at most."""
        with self._lock:
            self._why, self._over = self._why or "it was ended", True
            if self._process:
                with contextlib.suppress(OSError):
                    self._process.terminate()
        self._out.put(None)
        self._thread.join(LONGEST_END)
        if self._thread.is_alive():
            self.kill("")
            self._thread.join(0.3)

    def _run(self) -> None:
        try:
            self._ended(self._lived())
        except Exception as error:  # who started it must hear of its end in any case
            log.exception("a process of the ears was lost")
            self._ended(f"its thread failed: {error}")

    def _lived(self) -> str:
        """Start it, hear it until it ends; why it did."""
        try:
            process = self._started()
        except OSError as error:
            return f"it could not be started: {error}"
        if process is None:
            return self._why
        writer = threading.Thread(target=self._write, args=[process], name=f"{self._module}: tells", daemon=True)
        writer.start()
        why = self._hear(process)
        if why or not _ends(process):
            with contextlib.suppress(OSError):
                process.kill()
        status = process.wait()
        self._out.put(None)
        return self._why or why or _how(status)

    def _started(self) -> subprocess.Popen[bytes] | None:
        root = str(Path(host_engine.__file__ or "").parent.parent)
        path = os.pathsep.join(each for each in (root, os.environ.get("PYTHONPATH", "")) if each)
        command = [sys.executable, "-P", "-m", self._module]
        with self._lock:
            if self._over:
                return None
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path, **self._extra},
                start_new_session=True,
            )
            return self._process

    def _hear(self, process: subprocess.Popen[bytes]) -> str:
        assert process.stdout is not None
        try:
            while frame := read(process.stdout):
                self._told(frame)
        except (OSError, ValueError, WireError) as error:
            return f"it said what cannot be understood: {error}"
        return ""

    def _write(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # its end is noticed where it is heard
            while make := self._out.get():
                if data := _made(make):
                    process.stdin.write(data)
                    process.stdin.flush()
        with contextlib.suppress(OSError, ValueError):
            process.stdin.close()


def _made(make: Callable[[], Frame]) -> bytes:
    """The frame as it travels; nothing where it cannot be put up: who waits for an answer to it has a deadline."""
    try:
        return packed(make())
    except Exception:  # the maker is not ours
        log.exception("the ears could not be told something")
        return b""


def _ends(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ends by itself, now that it says nothing any more."""
    try:
        process.wait(LONGEST_END)
    except subprocess.TimeoutExpired:
        return False
    return True


def _how(status: int) -> str:
    if status >= 0:
        return f"it ended with exit status {status}"
    with contextlib.suppress(ValueError):
        return f"it was ended by {signal.Signals(-status).name}"
    return f"it was ended by signal {-status}"
