"""OBS as a device: it may come, go, hang or be another one at any time, and is as it is wanted whenever it is there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

from host_engine.obs.client import Heard, Lost
from host_engine.obs.device_messages import Asked, Connection, End, Event, Message, PutRight, Watch
from host_engine.obs.device_session import Session
from host_engine.obs.device_state import Board, State
from host_engine.obs.wanted import Wanted

log = logging.getLogger(__name__)

PAUSE, LONGER = 0.5, 2.0  # seconds between two tries to reach OBS; after one that it refused


class Device:
    """`run` belongs on a thread of its own; everything else may be called from any thread, and waits for nothing."""

    def __init__(
        self,
        connect: Callable[[Heard], Connection],
        wanted: Wanted,
        told: Callable[[State], None] = lambda state: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`connect` makes a connection, which is not open yet; it is given whom to tell of events. `told` is called on
        the thread with each new state, and must not wait."""
        self._connect, self._clock = connect, clock
        self._wanted, self._board = wanted, Board(State(wanted=wanted.scene), told)
        self._inbox: SimpleQueue[Message] = SimpleQueue()
        self._ended = False
        self.watches: list[Watch] = []  # what else looks at OBS meanwhile, on the thread

    @property
    def state(self) -> State:
        return self._board.state

    def want(self, wanted: Wanted) -> None:
        """Something else is wanted from now on."""
        self._inbox.put(wanted)

    def ask(self, name: str, **data: Any) -> Future[dict[str, Any]]:
        """Any request of obs-websocket; its answer, or Refused or Lost as the exception."""
        answer: Future[dict[str, Any]] = Future()
        self._inbox.put(Asked(name, data, answer))
        return answer

    def put_right(self) -> Future[State]:
        """Put everything right now, whoever changed it; how it stands then, or Lost as the exception."""
        answer: Future[State] = Future()
        self._inbox.put(PutRight(answer))
        return answer

    def close(self, goodbye: Wanted | None = None) -> None:
        """Let the thread end. `goodbye`: whose scene OBS is to be left with."""
        self._inbox.put(End(goodbye))

    def run(self) -> None:
        """Steer OBS until `close` is called."""
        while not self._ended:
            pause = PAUSE
            client = self._connect(lambda name, data: self._inbox.put(Event(name, data)))
            try:
                client.connect()
                self._board.tell(link="starting", said="", troubles=(), connections=self.state.connections + 1)
                session = Session(client, self._inbox, self._wanted, self._board, self.watches, self._clock)
                try:
                    session.run()
                    self._ended = True
                finally:
                    self._wanted = session.wanted
            except Lost as lost:
                self._lost(lost)
                pause = PAUSE if lost.kind in ("away", "silent") else LONGER
            finally:
                client.close()
            self._pause(pause)
        self._board.tell(link="ended", said="", shown=None, streaming=None, drift=(), troubles=())

    def _lost(self, lost: Lost) -> None:
        said = str(lost)
        if self.state.said != said:
            log.warning("%s", said)
        troubles = (("away", said),)
        self._board.tell(link=lost.kind, said=said, shown=None, streaming=None, drift=(), troubles=troubles)

    def _pause(self, seconds: float) -> None:
        """Wait until OBS is tried again; who asks something meanwhile is told why there is no answer."""
        until = self._clock() + seconds
        while not self._ended and (left := until - self._clock()) > 0:
            try:
                message = self._inbox.get(timeout=left)
            except Empty:
                return
            match message:
                case Wanted():
                    self._wanted = message
                    self._board.tell(wanted=message.scene)
                case Asked() | PutRight():
                    if message.answer.set_running_or_notify_cancel():
                        message.answer.set_exception(Lost("away", self.state.said))
                case End():
                    self._ended = True
