"""The shared worker: one process that makes lips for all channel processes of the machine, over a Unix socket."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import socket
import stat
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from host_engine.media import Picture
from host_engine.neural.net import NetError
from host_engine.neural.order import Missed, Order, Resident
from host_engine.neural.worker import wire
from host_engine.neural.worker.nets import Wanted
from host_engine.neural.worker.shared import seen
from host_engine.neural.worker.wire import Kind, WireError
from host_engine.neural.worker.worker import Worker

MODE = 0o600
DTYPES = ("float16", "uint8")  # of what is kept of a face
POOLS = 8  # of one channel
GREETING = 5.0  # seconds within which a channel must have said what it wants

log = logging.getLogger(__name__)


class Server:
    """Listens at a path that only this user may open. A channel that goes takes its avatars with it.

    hire: makes the worker for a network that a channel wants, and that no other has wanted before. Raises ValueError
    where another worker listens at the path already, OSError where the path cannot be used.
    """

    def __init__(self, path: Path, hire: Callable[[Wanted], Worker]) -> None:
        self._hire, self._path = hire, path
        self._workers: dict[Wanted, Worker] = {}
        self._lock = threading.Lock()
        self._line = _listen(path)
        self._guests: set[Guest] = set()
        self._closed = False

    def serve(self) -> None:
        """Take channels in until it is closed."""
        number = 0
        while not self._closed:
            try:
                line, _ = self._line.accept()
            except OSError as error:
                if self._closed:
                    return
                log.error("no channel could be taken in: %s", error)
                threading.Event().wait(0.1)  # such as too many open files
                continue
            number += 1
            guest = Guest(line, number, self._worker)
            self._guests.add(guest)
            threading.Thread(target=self._serve, args=[guest], name=f"channel {number}", daemon=True).start()

    def _serve(self, guest: Guest) -> None:
        try:
            guest.serve()
        finally:
            self._guests.discard(guest)

    def status(self) -> dict[str, Any]:
        """Each network with the status of its worker."""
        with self._lock:
            workers = dict(self._workers)
        return {f"{wanted.kind} {wanted.path or ''}".strip(): each.status() for wanted, each in workers.items()}

    def close(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
        self._path.unlink(missing_ok=True)
        for guest in list(self._guests):
            guest.close()
        for worker in self._workers.values():
            worker.close()

    def _worker(self, wanted: Wanted) -> Worker:
        with self._lock:
            if wanted not in self._workers:
                self._workers[wanted] = self._hire(wanted)
            return self._workers[wanted]


class Guest:
    """One channel process on the line. What it says wrongly ends the line, nothing else."""

    def __init__(self, line: socket.socket, number: int, worker: Callable[[Wanted], Worker]) -> None:
        self._line, self._number, self._find = line, number, worker
        self._worker: Worker | None = None
        self._avatars: dict[int, int] = {}  # its numbers -> the worker's
        self._pools: dict[int, Picture] = {}
        self._sending = threading.Lock()
        self._gone = False

    def serve(self) -> None:
        """Hear it until it goes."""
        try:
            _same_user(self._line)
            self._line.settimeout(GREETING)
            self._greet()
            self._line.settimeout(None)
            while not self._gone:
                packet, descriptor = wire.receive(self._line)
                if not packet:
                    break
                self._hear(packet, descriptor)
        except (WireError, KeyError, TypeError, ValueError) as error:
            log.error("channel %d is sent away, it said what cannot be understood: %s", self._number, error)
            self._say(wire.said(Kind.REFUSED, why=str(error)))
        except OSError as error:
            log.warning("channel %d is lost: %s", self._number, error)
        finally:
            log.info("channel %d has gone", self._number)
            self._gone = True
            self._line.close()
            while self._avatars and self._worker:
                self._worker.leave(self._avatars.popitem()[1])

    def close(self) -> None:
        """Send it away."""
        self._gone = True
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def _greet(self) -> None:
        packet, _ = wire.receive(self._line)
        if not packet or packet[0] != Kind.HELLO:
            raise WireError("it did not greet")
        hello = wire.read_said(packet)
        if hello["version"] != wire.VERSION:
            raise WireError(
                f"it speaks version {hello['version']}, this worker {wire.VERSION}: update the older of both"
            )
        wanted = hello["net"]
        try:
            self._worker = self._find(Wanted(wanted["kind"], wanted["path"], wanted["options"]))
        except NetError as error:
            raise WireError(str(error)) from error
        self._say(wire.said(Kind.WELCOME, pid=os.getpid()))

    def _hear(self, packet: bytes, descriptor: int | None) -> None:
        kind = packet[0]
        if kind == Kind.ORDER:
            self._order(wire.read_asked(packet))
        elif kind == Kind.SETTLE and descriptor is not None:
            threading.Thread(
                target=self._settle, args=(wire.read_said(packet), descriptor), name="settle", daemon=True
            ).start()
        elif kind == Kind.POOL and descriptor is not None:
            pool = wire.read_said(packet)
            self._pools[int(pool["pool"])] = seen(descriptor, int(pool["bytes"]))
            for old in sorted(self._pools)[:-POOLS]:
                del self._pools[old]
        elif kind == Kind.LEAVE:
            avatar = self._avatars.pop(int(wire.read_said(packet)["avatar"]), None)
            if avatar is not None and self._worker:
                self._worker.leave(avatar)
        elif kind == Kind.ASK and self._worker:
            self._say(wire.said(Kind.STATUS, status=self._worker.status()))
        else:
            raise WireError(f"a packet of kind {kind} has no place here")

    def _order(self, asked: wire.Asked) -> None:
        worker = self._worker
        assert worker is not None
        avatar, pool = self._avatars.get(asked.avatar), self._pools.get(asked.pool)
        if avatar is None or pool is None:
            self._say(wire.answer(Kind.MISSED, asked.number, "its avatar is not settled yet"))
            return
        first = asked.at + math.prod(asked.heard) * 2
        last = first + asked.height * asked.width * 3
        if last > len(pool):
            raise WireError("an order reaches past its memory")
        window = pool[asked.at : first].view(np.float16).reshape(asked.heard)
        under = pool[first:last].reshape(asked.height, asked.width, 3)
        channel = f"{self._number}/{asked.channel}"
        future = worker.order(Order(channel, avatar, asked.frame, window, under, asked.deadline))
        future.add_done_callback(partial(self._answer, asked.number, under))

    def _answer(self, number: int, place: Picture, future: Future[Picture]) -> None:
        """On the worker's thread: lay the picture where the crop was, and say so."""
        error = future.exception()
        if error is None:
            place[:] = future.result()
            self._say(wire.answer(Kind.DONE, number))
        else:
            said = str(error) if isinstance(error, Missed) else f"the worker failed: {error}"
            self._say(wire.answer(Kind.MISSED, number, said))

    def _settle(self, what: dict[str, Any], descriptor: int) -> None:
        worker = self._worker
        assert worker is not None
        number: Any = what.get("avatar")
        try:
            resident = _resident(what, descriptor)
            avatar = worker.settle(resident)
            self._avatars[int(number)] = avatar
            if self._gone and self._avatars.pop(int(number), None) is not None:  # it went meanwhile
                worker.leave(avatar)
            self._say(wire.said(Kind.SETTLED, avatar=number))
        except Exception as error:
            log.error("an avatar of channel %d was not taken in: %s", self._number, error)
            self._say(wire.said(Kind.REFUSED, avatar=number, why=str(error)))

    def _say(self, packet: bytes) -> None:
        """Send, or let the channel go where it does not read."""
        try:
            with self._sending:
                wire.send(self._line, packet)
        except OSError as error:
            if not self._gone:
                log.warning("channel %d does not read what it is told (%s): it is let go", self._number, error)
            self.close()


def _resident(what: dict[str, Any], descriptor: int) -> Resident:
    """The avatar in the memory that came; it is read there, not copied. Raises WireError, KeyError, ValueError."""
    dtype, shape = what["kept"]
    if dtype not in DTYPES:
        raise WireError(f"what is kept of a face is {dtype}, not one of {', '.join(DTYPES)}")
    kept_bytes = math.prod(shape) * np.dtype(dtype).itemsize
    memory = seen(descriptor, kept_bytes + math.prod(what["masks"]))
    kept, masks = memory[:kept_bytes].view(dtype).reshape(shape), memory[kept_bytes:].reshape(what["masks"])
    return Resident(str(what["name"]), kept, masks)


def _listen(path: Path) -> socket.socket:
    """A socket at the path that nobody but this user can open, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        if path.exists():
            _clear(path)
        before = os.umask(0o777 & ~MODE)
        try:
            line.bind(str(path))
        finally:
            os.umask(before)
        path.chmod(MODE)
        line.listen(64)
    except BaseException:
        line.close()
        raise
    return line


def _clear(path: Path) -> None:
    """Remove the socket of a worker that has ended."""
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise ValueError(f"{path}: there is a file of another kind; choose another path, or remove it")
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise ValueError(f"{path}: another worker listens here already; use it, or end it first")


def _same_user(line: socket.socket) -> None:
    """Raises WireError for a peer that is neither this user nor root."""
    _, user, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    if user not in (0, os.getuid()):
        raise WireError(f"user {user} has no business here")
