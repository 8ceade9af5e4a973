"""Viewers who speak: each sends a microphone over WebRTC, as a WHIP client does, and is listened to while they talk."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Mapping
from typing import Any

from aiortc import RTCConfiguration
from aiortc.rtcconfiguration import RTCBundlePolicy

from host_engine.microphones.microphone import Microphone
from host_engine.microphones.sound import Resampling
from host_engine.microphones.talk import Listen, Talk
from host_engine.outputs.offer import Refused, read_microphone
from host_engine.outputs.whep import ANSWER, REJECTED

log = logging.getLogger(__name__)

PACE, BURST = 2.0, 6.0  # offers answered a second, and at once after a pause: each costs the loop some milliseconds
IDLE = 90.0  # seconds without a word after which a microphone is closed; the page opens it again
LIFE = 1800.0  # seconds after which it is closed in any case
CONNECT = 15.0  # seconds that a viewer has to connect in
GOODBYE = 0.8  # seconds to close all of them in


class Microphones:
    """All microphones of one channel. Lives on the event loop.

    listen: who listens to a talk; most: microphones at once; longest: seconds of one talk, then it is cut.
    """

    def __init__(
        self,
        listen: Listen,
        *,
        most: int = 8,
        longest: float = 20.0,
        connect: float = CONNECT,
        idle: float = IDLE,
    ) -> None:
        self.most = most
        self._listen, self._longest, self._connect, self._idle = listen, longest, connect, idle
        self._configuration = RTCConfiguration([], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self._open: dict[str, Microphone] = {}
        self._lives: set[asyncio.Task[None]] = set()
        self._resampling = Resampling()
        self._credit, self._asked, self._closed = BURST, 0.0, False
        self.counts: Counter[str] = Counter()

    async def offer(
        self, sdp: str, viewer: str, name: str = "", language: str | None = None, address: str = ""
    ) -> tuple[str, str]:
        """Open a viewer's microphone, who begins to speak: its id, and the SDP answer. Raises Refused, a ValueError.

        A viewer has one microphone: another one replaces it. One address has half of all of them at most.
        """
        if self._closed:
            raise Refused("The channel is going off air.", 503)
        self._keep_pace()
        offer = read_microphone(sdp)
        self._make_room(viewer, address)
        talk = Talk(viewer, name, language)
        microphone = Microphone(offer, self._configuration, self._listen, talk, address)
        id = secrets.token_urlsafe(16)
        self._open[id] = microphone
        life = asyncio.create_task(self._host(id, microphone))
        self._lives.add(life)
        life.add_done_callback(self._lives.discard)
        try:
            async with asyncio.timeout(ANSWER):
                answer = await microphone.answer()
        except REJECTED as error:
            microphone.leave("rejected")
            raise Refused(f"The offer cannot be answered: {error}.", 422) from error
        except TimeoutError as error:
            microphone.leave("rejected")
            raise Refused("No answer could be made in time.", 503) from error
        except asyncio.CancelledError:
            microphone.leave("rejected")
            raise
        microphone.speak()
        self.counts["opened"] += 1
        return id, answer

    def speaking(self, name: str, on: bool) -> None:
        """The viewer begins to speak, or has let the button go. Raises KeyError for an unknown id."""
        microphone = self._open[name]
        if on:
            microphone.speak()
        else:
            microphone.hush()

    async def leave(self, name: str) -> None:
        """Close a microphone. Raises KeyError for an unknown id."""
        self._open[name].leave("left")

    async def close(self) -> None:
        """Close all of them, and open none again. Takes less than a second."""
        self._closed = True
        for each in list(self._open.values()):
            each.leave("closed")
        if self._lives:
            await asyncio.wait(self._lives, timeout=GOODBYE + 0.2)
        self._resampling.close()

    def status(self) -> Mapping[str, Any]:
        """For /status."""
        speaking = sum(each.speaking for each in self._open.values())
        return {"open": len(self._open), "speaking": speaking, **self.counts}

    def _keep_pace(self) -> None:
        """Raises Refused while offers come too fast."""
        now = asyncio.get_running_loop().time()
        self._credit = min(BURST, self._credit + (now - self._asked) * PACE)
        self._asked = now
        if self._credit < 1:
            self.counts["too fast"] += 1
            raise Refused("Too many want to speak at once. Please try again in a moment.", 503)
        self._credit -= 1

    def _make_room(self, viewer: str, address: str) -> None:
        """Raises Refused while all places are taken by viewers who do speak."""
        here = [each for each in self._open.values() if not each.why]
        if own := next((each for each in here if each.talk.viewer == viewer), None):
            return own.leave("replaced")
        near = [each for each in here if address and each.address == address]
        if len(near) >= max(1, self.most // 2):
            here = near
        elif len(here) < self.most:
            return None
        quiet = next((each for each in here if not each.speaking), None)
        if quiet is None:
            self.counts["full"] += 1
            raise Refused(f"{len(here)} viewers are speaking already. Please try again in a moment.", 503)
        return quiet.leave("made room")

    async def _host(self, id: str, microphone: Microphone) -> None:
        """The life of a microphone: whatever ends it, it is closed and its place given back."""
        try:
            await microphone.live(self._resampling, self._longest, self._connect, self._idle, LIFE)
        except Exception:  # a fault of one connection must not reach the others
            log.exception("a viewer's microphone failed")
        finally:
            self._open.pop(id, None)
            await microphone.close(GOODBYE)
            self.counts[microphone.why or "failed"] += 1
