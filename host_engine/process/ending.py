"""The end of the process: a signal asks for it, a second one or a few seconds enforce it."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

GRACE = 2.5  # seconds to close everything in
FLUSH = 0.3  # seconds for the last words
SHOW_CURSOR = "\x1b[?25h"  # a progress display may have hidden it

log = logging.getLogger(__name__)


class Ending:
    """The first SIGINT, SIGTERM or SIGHUP asks, the second one, or `GRACE` seconds, end the process.

    Until `asks` has said whom to ask, nothing is open that must be closed, and the first one ends it. Signals are
    heard on a thread of its own: a main thread that imports, draws or hangs does not hold them up.
    """

    def __init__(self, grace: float = GRACE) -> None:
        self.asked = False
        self._grace = grace
        self._listening = False
        self._ask: tuple[Callable[[], object], ...] = ()
        self._status: int | None = 0

    def listen(self, status: int | None = 0) -> None:
        """Hear the signals from now on, in the main thread only; the first call counts.

        `status` is the exit status, where None stands for 128 + the signal's number.
        """
        if self._listening:
            return
        self._listening, self._status = True, status
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:  # as nohup has it
                signal.signal(sign, lambda *_: None)
        signal.set_wakeup_fd(theirs.detach(), warn_on_full_buffer=False)
        threading.Thread(target=self._hear, args=[ours], name="signals", daemon=True).start()

    def asks(self, *ask: Callable[[], object]) -> None:
        """From now on the first signal calls these, one after another, from another thread; they must not wait."""
        self._ask = ask

    def interrupts(self) -> None:
        """From now on the first signal raises KeyboardInterrupt here, and who catches it may take all its time."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(sign) != signal.SIG_IGN:
                signal.signal(sign, signal.default_int_handler)
        self._grace = float("inf")
        self.asks(lambda: None)

    def _hear(self, heard: socket.socket) -> None:
        while number := heard.recv(1):
            status = 128 + number[0] if self._status is None else self._status
            if not self._ask or self.asked:
                leave(status)
            self.asked = True
            if self._grace < float("inf"):
                threading.Thread(target=self._enforce, args=[status], name="deadline", daemon=True).start()
            try:
                for ask in self._ask:
                    ask()
            except Exception:  # the loop may be closed already
                leave(status)

    def _enforce(self, status: int) -> None:
        time.sleep(self._grace)
        leave(status, f"not everything could be closed within {self._grace:g} s; ending without it")


def leave(status: int, last_words: str = "") -> NoReturn:
    """End the process at once, without waiting for any thread: one that hangs would keep the interpreter for ever."""

    def speak() -> None:
        if last_words:
            log.warning(last_words)
        if sys.stderr.isatty():
            sys.stderr.write(SHOW_CURSOR)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()

    speaking = threading.Thread(target=speak, daemon=True)  # who reads our words may hang as well
    speaking.start()
    speaking.join(FLUSH)
    os._exit(status)


PROCESS = Ending()
