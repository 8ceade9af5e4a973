"""The frames of an avatar, decoded ahead of their use on a thread of their own; a bounded number is ever held."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Any

import av
import cv2
import numpy as np

from host_engine.avatars.folder import Footage
from host_engine.document import Problem, Problems
from host_engine.media import Picture

log = logging.getLogger(__name__)

AHEAD = 16  # frames
PATIENCE = 0.004  # seconds that `frame` waits at most; frames that were expected are there already


class NotYet(LookupError):
    """The frame is not decoded yet; it is being decoded now."""


class Frames:
    """Hands out frames in any order without waiting long; for what is damaged the last good frame.

    One thread decodes groups of pictures, which are short and closed, so that backwards costs what forwards does. Held
    are at most `ahead` and three groups more: at 1080p 16 + 24 frames of 6.2 MB.
    """

    def __init__(self, footage: Footage, ahead: int = AHEAD, patience: float = PATIENCE) -> None:
        """Decodes the first frame of the talk before it returns. Raises Problems where even that cannot be.

        `patience` is what `frame` waits at most, in seconds; who renders into a file sets it to an hour.
        """
        self._video = _Video(footage)
        self._count, self._gop = footage.about.frames, footage.about.gop
        self._ahead = max(1, ahead)
        self._room = self._ahead + 3 * self._gop
        self._held: OrderedDict[int, Picture] = OrderedDict()  # the least lately used first
        self._bad: set[int] = set()  # groups that cannot be decoded
        self._expected: tuple[int, ...] = ()
        self._urgent: int | None = None
        self._missed: int | None = None  # the group of a frame that was not there in time
        self._closed = False
        self._change = threading.Condition()
        self.trouble: str | None = None  # what is wrong with the file, in a sentence
        self.patience = patience
        self.late = 0  # frames that were not there in time
        self.decoded = 0
        self._last = self._first_good(footage.about.talk[0])
        self._thread = threading.Thread(target=self._work, name="footage", daemon=True)
        self._thread.start()

    def __enter__(self) -> Frames:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def expect(self, indices: Iterable[int]) -> None:
        """These are shown next, in this order; it replaces what was expected before. Returns at once."""
        wanted = tuple(islice((index for index in indices if 0 <= index < self._count), self._ahead))
        with self._change:
            self._expected = wanted
            self._change.notify_all()

    def frame(self, index: int) -> Picture:
        """Frame `index`, (h, w, 3) RGB, not to be written into; the last good one where this one is damaged.

        Raises NotYet, and counts it as `late`, where it is not decoded within the patience; IndexError for a frame that
        the avatar does not have.
        """
        if not 0 <= index < self._count:
            raise IndexError(f"there is no frame {index}; the avatar has {self._count}")
        end = time.monotonic() + self.patience
        with self._change:
            while index not in self._held and index // self._gop not in self._bad:
                left = end - time.monotonic()
                self._urgent = index
                self._change.notify_all()
                if left <= 0 or self._closed:
                    self.late += 1
                    self._missed = index // self._gop
                    raise NotYet(f"frame {index} is not decoded yet")
                self._change.wait(left)
            if index in self._held:
                self._held.move_to_end(index)
                self._last, self._missed = self._held[index], None
            return self._last

    @property
    def held(self) -> int:
        """Frames in memory."""
        return len(self._held)

    def close(self) -> None:
        """End the thread and close the file."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._thread.join()
        self._video.close()
        self._held.clear()

    def _first_good(self, index: int) -> Picture:
        try:
            for found, picture in self._video.group(index - index % self._gop, index + 1):
                self._held[found] = picture
            return self._held[index]
        except (OSError, KeyError) as error:
            self._video.close()
            what = f"its first frame cannot be decoded ({error}); make the avatar anew"
            raise Problems([Problem(str(self._video.path), None, "", what)]) from None

    def _work(self) -> None:
        while (group := self._next_group()) is not None:
            first = group * self._gop
            try:
                found = 0
                for index, picture in self._video.group(first, min(first + self._gop, self._count)):
                    found += 1
                    self._hold(index, picture)
                if found < min(self._gop, self._count - first):
                    raise OSError(f"{found} of its frames are there")
            except OSError as error:
                self._give_up(group, error)

    def _next_group(self) -> int | None:
        """The group of pictures that is needed first; waits for one. None when closed."""
        with self._change:
            while not self._closed:
                for index in self._order():
                    if index not in self._held and index // self._gop not in self._bad:
                        return int(index // self._gop)
                self._urgent = None
                self._change.wait()
        return None

    def _order(self) -> tuple[int, ...]:
        """The frames that are needed, the first first.

        A group that came too late is left out for those after it: who is behind, and always made what is due, would be
        late with every frame; so it is only with some.
        """
        urgent = () if self._urgent is None else (self._urgent,)
        if self._missed is None:
            return (*urgent, *self._expected)
        later = (index for index in self._expected if index // self._gop != self._missed)
        return (*later, *urgent, *self._expected)

    def _hold(self, index: int, picture: Picture) -> None:
        with self._change:
            self.decoded += 1
            self._held[index] = picture
            self._held.move_to_end(index)
            keep = {*self._expected, self._urgent, index}
            while len(self._held) > self._room:
                self._held.pop(next(each for each in self._held if each not in keep))
            if index == self._urgent:
                self._urgent = None
            self._change.notify_all()

    def _give_up(self, group: int, error: OSError) -> None:
        first = group * self._gop
        last = min(first + self._gop, self._count) - 1
        with self._change:
            self._bad.add(group)
            self._change.notify_all()
            said = f"{self._video.path}: frames {first} to {last} cannot be decoded ({error}); make the avatar anew"
            self.trouble = self.trouble or said
        log.warning("%s; the frame before stays instead", said)


class _Video:
    """frames.mp4, read at any frame: it seeks only where the next frame is not the one after the last."""

    def __init__(self, footage: Footage) -> None:
        self.path, self._fps, size = footage.video, footage.about.fps, footage.about.size
        try:
            self._container = av.open(str(self.path))
        except (av.FFmpegError, OSError) as error:
            what = f"cannot be opened ({error}); make the avatar anew"
            raise Problems([Problem(str(self.path), None, "", what)]) from None
        stream = next(iter(self._container.streams.video), None)
        if stream is None or (stream.width, stream.height) != size or not stream.time_base:
            self._container.close()
            found = "no picture" if stream is None else f"pictures of {stream.width}x{stream.height}"
            what = f"holds {found}, not {size[0]}x{size[1]} as avatar.yaml says; make the avatar anew"
            raise Problems([Problem(str(self.path), None, "", what)])
        stream.thread_type = "NONE"
        stream.codec_context.options = {"err_detect": "explode"}  # a damaged picture is an error, not a guess
        self._stream, self._tick = stream, float(stream.time_base)
        self._coming: Iterator[Any] = iter(())
        self._next = -1  # the frame that `_coming` yields next

    def group(self, first: int, end: int) -> Iterator[tuple[int, Picture]]:
        """The frames from first to before end that can be decoded. Raises OSError."""
        try:
            if self._next != first:
                offset = round(first / self._fps / self._tick) + (self._stream.start_time or 0)
                self._container.seek(offset, stream=self._stream, backward=True)
                self._coming = self._container.decode(self._stream)
            self._next = -1
            for frame in self._coming:
                index = self._index(frame)
                if first <= index < end:
                    yield index, pixels(frame)
                if index >= end - 1:
                    self._next = index + 1
                    return
        except (av.FFmpegError, ValueError) as error:  # some of PyAV's errors are no OSError
            raise OSError(str(error)) from error

    def close(self) -> None:
        self._coming = iter(())
        self._container.close()

    def _index(self, frame: Any) -> int:
        start = self._stream.start_time or 0
        return round(((frame.pts or 0) - start) * self._tick * self._fps)


def pixels(frame: Any) -> Picture:
    """A decoded frame as (h, w, 3) RGB, by the same rules as `FrameWriter` wrote it (BT.601, studio range)."""
    if frame.format.name != "yuv420p":
        frame = frame.reformat(format="yuv420p")
    picture = cv2.cvtColor(frame.to_ndarray(), cv2.COLOR_YUV2RGB_I420)
    picture.flags.writeable = False
    return np.asarray(picture, np.uint8)
