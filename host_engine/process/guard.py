"""The watchdog's second net, a process of its own: it ends one that holds its own interpreter and so cannot do it.

`python guard.py PID SECONDS` hears on its standard input that the threads of that process still get to run. When
nothing came for that long it sends SIGABRT, on which faulthandler prints all stacks without needing the interpreter,
and SIGKILL after `GRACE` more. The end of the input is the end of the process, and so of this one.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from pathlib import Path

GRACE = 3  # seconds
INPUT = 0


def stopped(pid: int) -> bool:
    """Whether the process is stopped by a signal or a debugger: then its silence says nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "Tt"
    except (OSError, IndexError):
        return False


def silent(pid: int, limit: int) -> bool:
    """Wait until the process was silent for `limit` seconds (True) or has ended (False).

    Seconds are counted, not read from a watch: while the machine sleeps, nobody is silent.
    """
    quiet = 0
    while quiet < limit:
        if select.select([INPUT], [], [], 1.0)[0]:
            if not os.read(INPUT, 4096):
                return False
            quiet = 0
        elif not stopped(pid):
            quiet += 1
    return True


def main(pid: int, limit: int) -> None:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)  # when this ends is not the terminal's business, nor systemd's
    if not silent(pid, limit):
        return
    print(f"no thread of process {pid} could run for {limit} s; it is ended, its stacks follow", file=sys.stderr)
    sys.stderr.flush()
    os.kill(pid, signal.SIGABRT)
    if silent(pid, GRACE):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
