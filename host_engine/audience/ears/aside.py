"""How a process stands aside for what is on air: low priority, few threads, and gone when its parent is."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from typing import BinaryIO, NamedTuple

NICE = 12  # as `nice` counts
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


class Pipes(NamedTuple):
    """What the parent says, and where it is answered."""

    heard: BinaryIO
    said: BinaryIO


def stand_aside() -> None:
    """Work only when others leave time, whatever is asked by the terminal, and end with the parent."""
    with contextlib.suppress(OSError):
        os.nice(NICE)
    if hasattr(os, "SCHED_BATCH"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # wakes up without pushing others aside
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()


def _end_with_parent() -> None:
    if sys.platform != "linux":
        return
    parent = os.getppid()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before that was asked for
        os._exit(0)


def take_pipes() -> Pipes:
    """Standard input and output for frames alone: whatever a library prints goes to standard error."""
    heard, said = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return Pipes(heard, said)


def confine(memory: int, cpu: int) -> None:
    """For what reads hostile bytes: at most so many bytes of memory and seconds of processor, and no further file.

    Whatever is to be imported or opened has to be so already.
    """
    highest = max(int(name) for name in os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 16
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_NOFILE: highest,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(which, (most, most))
