"""Packets of sound handed on as they come, instead of 80 ms and more later: the engine has a buffer of its own."""

from __future__ import annotations

import logging
from queue import Queue

from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rtp import RtpPacket

log = logging.getLogger(__name__)

PLACE = "_RTCRtpReceiver__jitter_buffer"  # aiortc has no setting for it
QUEUE = "_RTCRtpReceiver__decoder_queue"
HALF = 1 << 31


class AtOnce(JitterBuffer):
    """Each packet of sound is a whole frame. Those that come after a later one are left out: what was lost shows in
    the times of the frames, so nothing waits for it, as it does for 0.3 s in aiortc's buffer."""

    def __init__(self) -> None:
        super().__init__(capacity=16)
        self._latest: int | None = None

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        if self._latest is not None and (packet.timestamp - self._latest - 1) % (2 * HALF) >= HALF:
            return False, None
        self._latest = packet.timestamp
        return False, JitterFrame(data=packet._data, timestamp=packet.timestamp)  # type: ignore[attr-defined]


def hand_on_at_once(receiver: RTCRtpReceiver) -> None:
    """Let a receiver of sound hand on what comes. Where aiortc has changed, its own buffer stays, and that is said."""
    if isinstance(getattr(receiver, PLACE, None), JitterBuffer):
        setattr(receiver, PLACE, AtOnce())
    else:
        log.warning("This version of aiortc keeps sound back: an operator who takes over is heard some 80 ms later")


def undecoded(receiver: RTCRtpReceiver) -> int:
    """How many pictures or packets wait to be decoded: aiortc sets no limit to that."""
    waiting = getattr(receiver, QUEUE, None)
    return int(waiting.qsize()) if isinstance(waiting, Queue) else 0
