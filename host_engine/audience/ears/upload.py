"""A recording that somebody sent, as samples: read by a process of its own that can do nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import host_engine
from host_engine.audience.ears import wire
from host_engine.audience.ears.containers import claimed
from host_engine.audience.ears.wire import WireError
from host_engine.audience.transcript import RATE, Heard16
from host_engine.priority import stand_back

DECODER = "host_engine.audience.ears.decoder"
AT_ONCE, WAITING = 2, 8  # recordings that are read at once, and that may wait for that
KINDS = "WAV, MP3, OGG or WebM"


class UploadLimits(NamedTuple):
    """How large a recording may be, how long, and for how many seconds it is read."""

    bytes: int = 5_000_000
    seconds: float = 20.0
    patience: float = 15.0


LIMITS = UploadLimits()


class BadAudio(Exception):
    """This recording is not heard: `status` is the one of HTTP, `said` the sentence for who sent it."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


class _Turns:
    """Who may have a recording read: some at once, some waiting, the others are told to come again."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._turn = threading.BoundedSemaphore(at_once)
        self._most, self._here = at_once + waiting, 0
        self._lock = threading.Lock()

    def come(self) -> bool:
        with self._lock:
            if self._here >= self._most:
                return False
            self._here += 1
            return True

    def go(self) -> None:
        with self._lock:
            self._here -= 1

    def take(self) -> threading.BoundedSemaphore:
        return self._turn


_TURNS = _Turns(AT_ONCE, WAITING)


async def decode_upload(data: bytes, limits: UploadLimits = LIMITS) -> Heard16:
    """The samples of a recording at 16 kHz, mono. Raises BadAudio for whatever is no such recording.

    Only its first bytes are looked at in this process. A fresh one reads it, with little memory, few seconds, no files
    and no network, and ends with it. Takes about a quarter of a second of another core.
    """
    if not data:
        raise BadAudio(400, f"the recording is empty; send {KINDS}")
    if len(data) > limits.bytes:
        raise BadAudio(413, f"the recording has {_mb(len(data))}; at most {_mb(limits.bytes)} are taken")
    if (kind := claimed(data)) in ("", "mp4") and (told := _said(kind or "not-audio", limits)):
        raise told
    if not _TURNS.come():
        raise BadAudio(503, "many recordings are waiting already; please send it again in a moment")
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Heard16] = loop.create_future()

    def work() -> None:
        try:
            stand_back()
            with _TURNS.take():
                result: Heard16 | BaseException = _read(data, limits)
        except BaseException as error:  # whatever it is belongs to the caller
            result = error
        finally:
            _TURNS.go()
        with contextlib.suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(_settle, done, result)

    threading.Thread(target=work, name="recording", daemon=True).start()
    return await done


def _settle(done: asyncio.Future[Heard16], result: Heard16 | BaseException) -> None:
    if done.done():
        return
    if isinstance(result, BaseException):
        done.set_exception(result)
    else:
        done.set_result(result)


def _read(data: bytes, limits: UploadLimits) -> Heard16:
    """Blocks. Raises BadAudio."""
    try:
        finished = subprocess.run(
            _command(limits.seconds),
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(Path(host_engine.__file__ or "").parent.parent)},
            timeout=limits.patience,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise BadAudio(422, f"the recording could not be read within {limits.patience:g} s") from None
    except OSError:
        raise BadAudio(503, "recordings cannot be read at the moment; please write your question") from None
    return _answer(finished.stdout, limits)


def _command(seconds: float) -> Sequence[str]:
    return [sys.executable, "-P", "-m", DECODER, f"{seconds:g}"]


def _answer(output: bytes, limits: UploadLimits) -> Heard16:
    """What the process said; it may have been led astray, so nothing in it is trusted."""
    broken = BadAudio(422, f"the recording is damaged; send {KINDS}")
    head, most = wire.HEAD.size, int((limits.seconds + 2) * RATE) * 2
    try:
        mark, said, body = wire.HEAD.unpack(output[:head])
        if mark != wire.MARK or said > 1000 or body > most or len(output) != head + said + body:
            raise WireError("this is no answer")
        key = output[head : head + said].decode("ascii")
    except (WireError, ValueError, struct.error):
        raise broken from None
    if key != "samples":
        raise _said(key, limits) or broken
    if not body:
        raise BadAudio(422, "there is no sound in the recording")
    return wire.samples(output[head + said :])


def _said(key: str, limits: UploadLimits) -> BadAudio | None:
    return {
        "not-audio": BadAudio(415, f"this is no recording that can be read; send {KINDS}"),
        "mp4": BadAudio(415, f"this is an MP4 file; send {KINDS}"),
        "no-sound": BadAudio(422, "there is no sound in the recording"),
        "odd": BadAudio(422, "the sound has a rate or a number of channels that no microphone has"),
        "too-long": BadAudio(413, f"the recording is longer than {limits.seconds:g} s; ask in fewer words"),
    }.get(key)


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
