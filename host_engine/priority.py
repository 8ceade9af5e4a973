"""How much of the processors a thread claims: what prepares the show stands back for what is on air."""

from __future__ import annotations

import os
import sys
import threading

BACKGROUND = 10  # as `nice` counts: a thread of the usual 0 gets nine times as much where both want a processor


def stand_back() -> None:
    """From now on the calling thread works when the picture, the sound and the loop leave it time.

    Only where priorities belong to single threads, on Linux; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BACKGROUND)
