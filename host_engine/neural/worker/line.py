"""One connection of a channel to the shared worker: what was asked on it, and what the worker has taken in."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from host_engine.media import Picture
from host_engine.neural.order import Order, Resident
from host_engine.neural.worker import wire
from host_engine.neural.worker.fit import crop_misfit
from host_engine.neural.worker.nets import Wanted
from host_engine.neural.worker.shared import Pool, share
from host_engine.neural.worker.wire import Kind, WireError

PLACES = 64  # orders under way at most
GREETING = 5.0  # seconds within which the worker must have answered


class Owed(NamedTuple):
    """An answer that the worker owes."""

    future: Future[Picture]
    pool: Pool
    at: int  # where its place in the pool begins
    picture: Picture  # where the worker lays it
    deadline: float


class Line:
    """Says and keeps; it waits for nothing but the greeting. Raises OSError where the worker has gone."""

    def __init__(self, path: Path, wanted: Wanted) -> None:
        """Find the worker. Raises OSError where there is none, WireError where it refuses."""
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.settled: set[int] = set()
        self._sent: set[int] = set()
        self._owed: dict[int, Owed] = {}
        self._pool: Pool | None = None
        self._pools = self._number = 0
        self._lock = threading.Lock()
        try:
            self.socket.settimeout(GREETING)
            self.socket.connect(str(path))
            self.pid = self._greet(wanted)
        except BaseException:
            self.socket.close()
            raise

    def _greet(self, wanted: Wanted) -> int:
        self._say(wire.said(Kind.HELLO, version=wire.VERSION, net=wanted._asdict()))
        packet, _ = wire.receive(self.socket)
        what = wire.read_said(packet) if packet else {}
        if not packet or packet[0] != Kind.WELCOME:
            raise WireError(str(what.get("why", "it hung up")))
        return int(what["pid"])

    def settle(self, number: int, resident: Resident) -> None:
        """Send an avatar, once; the worker says later whether it took it in."""
        with self._lock:
            if number in self._sent:
                return
            self._sent.add(number)
        kept, masks = np.ascontiguousarray(resident.kept), np.ascontiguousarray(resident.masks)
        memory = share([kept, masks])
        try:
            shapes = {"kept": [str(kept.dtype), kept.shape], "masks": masks.shape}
            self._say(wire.said(Kind.SETTLE, avatar=number, name=resident.name, **shapes), memory)
        except OSError:
            self._sent.discard(number)
            raise
        finally:
            os.close(memory)

    def leave(self, number: int) -> None:
        with self._lock:
            self._sent.discard(number)
        self.settled.discard(number)
        self._say(wire.said(Kind.LEAVE, avatar=number))

    def ask(self, order: Order, future: Future[Picture]) -> str | None:
        """Put an order to the worker; otherwise why not."""
        if order.avatar not in self.settled:
            return "its avatar is not settled yet"
        if refused := crop_misfit(order.under.shape):
            return refused
        with self._lock:
            window = np.ascontiguousarray(order.window, np.float16).reshape(-1).view(np.uint8)
            pool = self._room(window.nbytes + order.under.nbytes)
            at = pool.take()
            if at is None:
                return f"{PLACES} orders are under way already"
            first = at + window.nbytes
            pool.memory[at:first] = window
            place = pool.memory[first : first + order.under.nbytes].reshape(order.under.shape)
            place[:] = order.under
            self._number += 1
            number = self._number
            self._owed[number] = Owed(future, pool, at, place, order.deadline)
            pools = self._pools
        height, width = order.under.shape[:2]
        place_of = order.avatar, order.frame, pools, at, height, width
        try:
            self._say(wire.asked(wire.Asked(number, *place_of, order.window.shape, order.deadline, order.channel)))
        except (OSError, struct.error) as error:
            self.answered(number)
            return f"the shared worker cannot be asked: {error}"
        return None

    def ask_status(self) -> None:
        self._say(bytes([Kind.ASK]))

    def answered(self, number: int, picture: bool = False) -> tuple[Owed, Picture | None] | None:
        """What was owed, and a copy of the picture where there is one: its place is free again."""
        with self._lock:
            owed = self._owed.pop(number, None)
        if owed is None:
            return None
        made = owed.picture.copy() if picture else None
        owed.pool.give(owed.at)
        return owed, made

    def owed(self) -> list[Owed]:
        with self._lock:
            return list(self._owed.values())

    def close(self) -> list[Owed]:
        """Hang up; what is still owed."""
        with self._lock:
            owed, self._owed = list(self._owed.values()), {}
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        return owed

    def _room(self, size: int) -> Pool:
        """A pool whose places are large enough; the worker is told of a new one."""
        if self._pool is None or self._pool.place < size:
            pool = Pool(size + size // 4, PLACES)
            self._say(wire.said(Kind.POOL, pool=self._pools + 1, bytes=pool.bytes), pool.descriptor)
            pool.close()
            self._pool, self._pools = pool, self._pools + 1
        return self._pool

    def _say(self, packet: bytes, descriptor: int | None = None) -> None:
        wire.send(self.socket, packet, descriptor)

    def hear(self) -> tuple[int, Any]:
        """The kind of the next packet, and what it says: (number, why), or an object.

        Raises TimeoutError after the socket's time, EOFError where the worker has gone, WireError for nonsense.
        """
        packet, descriptor = wire.receive(self.socket)
        if descriptor is not None:
            os.close(descriptor)
        if not packet:
            raise EOFError
        kind = packet[0]
        return kind, wire.read_answer(packet) if kind in (Kind.DONE, Kind.MISSED) else wire.read_said(packet)
