"""Frame -> Unit: picture and sound encoded once, for every viewer, platform and file.

One H.264 stream has to please all of them, so it is constrained baseline (profile-level-id 42e01f at 720p): the one
profile that every WebRTC peer must take. It has no B-frames, a key frame with SPS and PPS in band every second, and a
constant bitrate within half a second. AAC goes to RTMP and files, Opus (20 ms packets) to WebRTC.

Time is the frame number: `video.pts` is n, and the sound of frame n starts at sample n * format.samples. A packet's pts
says when its *decoded* sound belongs, the encoder's own delay already taken off, so a player that shows each packet at
its pts is in step. When n jumps, the missing sound becomes silence if the jump is short; after a long one the sound is
set to the new place.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias, cast

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext

from host_engine.media import Coding, Format, Frame, Samples, Unit
from host_engine.outputs import h264
from host_engine.outputs.marks import Mark
from host_engine.outputs.picture_encoder import PictureEncoder, choose_codec, usable_encoders

__all__ = ["Encoder", "choose_codec", "usable_encoders"]

Packets: TypeAlias = "list[av.Packet[Any]]"

AAC_BITRATE = 160_000
OPUS_BITRATE = 96_000
# The searches that FFmpeg and libopus choose by themselves cost 3 and 1.5 times as much and bring speech no gain: at
# these rates the fast search of AAC even stays 9 dB closer to the original.
SEARCH = {"aac": {"aac_coder": "fast"}, "libopus": {"compression_level": "5"}}
BITS_PER_PIXEL = 0.13  # 3 Mbit/s at 720x1280, 25 frames a second
LONGEST_SILENCE = 2.0  # seconds of lost sound that are filled rather than skipped


class Encoder:
    """The encoders of one channel. `encode` and `hold` belong to one thread; the rest may be called from any.

    codec: "libx264", "h264_nvenc" or "auto" (NVENC where it really opens). bitrate: bits a second, by default by size.
    preset: of x264, or of NVENC ("p1".."p7") where that is the codec. mark: see `PictureEncoder`. Raises
    ValueError for settings the codec refuses.
    """

    def __init__(
        self,
        format: Format,
        codec: str = "libx264",
        bitrate: int | None = None,
        preset: str | None = None,
        threads: int = 1,
        mark: Mark | None = None,
    ) -> None:
        self.format = format
        self.bitrate = bitrate or usual_bitrate(format)
        self._mark = mark
        self._pictures = PictureEncoder(format, Coding(choose_codec(codec), preset, threads), self.bitrate, mark=mark)
        self._coding = self._pictures.coding
        self._coming: deque[PictureEncoder] = deque(maxlen=1)  # opened, to take over at a key frame
        self._broken = False  # the codec at work has failed: whoever comes takes over at once
        self._level: int | None = None  # of H.264, times ten: that of the first picture stays
        self._aac = _Sound("aac", format.sample_rate, AAC_BITRATE, 1024)
        self._opus = _Sound("libopus", format.sample_rate, OPUS_BITRATE, format.sample_rate // 50)
        self._key_wanted = threading.Event()
        self._last = self._last_key = self._last_picture = -format.fps
        self._closed = False
        self._heard: tuple[int, tuple[Packets, Packets]] | None = None  # of the frame whose picture is still to come

    @property
    def coding(self) -> Coding:
        """How the pictures are encoded now."""
        return self._coding

    @property
    def codec(self) -> str:
        return self.coding.codec

    def use(self, coding: Coding) -> None:
        """Encode the pictures so from the next key frame on, in half a second at most; the sound does not notice.

        Opens a codec, which takes some milliseconds: not for the thread that encodes, unless its codec has failed.
        Raises ValueError for what the codec refuses.
        """
        self._coming.append(PictureEncoder(self.format, coding, self.bitrate, self._level, self._mark))

    def wants(self, n: int) -> bool:
        """Whether frame `n` is to have a picture of its own; else `hold` it."""
        return n - self._last_picture >= self.coding.every

    def sound(self, n: int, samples: Samples) -> Packets:
        """The Opus packets of frame `n`, before its picture; `encode` or `hold` of that frame have them too."""
        self._check(n)
        sounds = self._sounds(n, samples)
        self._heard = n, sounds
        return sounds[1]

    def encode(self, frame: Frame) -> list[Unit]:
        """Encode one frame, in the calling thread. Frame numbers must rise; gaps are kept as gaps.

        Where the picture cannot be encoded it raises, and the frame may be given to `hold` instead.
        """
        self._check(frame.n)
        since_key = frame.n - self._last_key
        if self._coming and (self._broken or since_key >= self.format.fps // 2):
            self._pictures, self._broken = self._coming.popleft(), False
            self._coding = self._pictures.coding
        key = since_key >= (self.format.fps // 2 if self._key_wanted.is_set() else self.format.fps)
        try:
            packets = self._pictures.encode(frame.n, frame.picture, key)
        except Exception:
            self._broken = True
            raise
        if key:
            self._key_wanted.clear()
        self._last = self._last_picture = frame.n
        return self._units(packets, *self._sounds(frame.n, frame.samples))

    def hold(self, n: int, samples: Samples) -> Unit:
        """Frame `n` with its sound alone: the picture before it stays. Frame numbers must rise."""
        self._check(n)
        self._last = n
        aac, opus = self._sounds(n, samples)
        return Unit(n, self._nothing(n), tuple(aac), tuple(opus), key=False)

    def force_key(self) -> None:
        """Make a key frame soon: at once, or half a second after the last one, however many ask. From any thread."""
        self._key_wanted.set()

    def flush(self) -> list[Unit]:
        """What is still inside, the last sound padded with silence; the encoder takes no more frames.

        Where only sound is left, the picture of the last unit is an empty packet.
        """
        if self._closed:
            return []
        self._closed = True
        units = self._units(self._pictures.flush(), [], [])
        aac, opus = self._aac.flush(), self._opus.flush()
        if units:
            return [*units[:-1], units[-1]._replace(aac=tuple(aac), opus=tuple(opus))]
        return [Unit(self._last, self._nothing(self._last), tuple(aac), tuple(opus), key=False)]

    def close(self) -> None:
        """Let the codecs go. A new Encoder starts with a key frame."""
        self._closed = True
        del self._pictures, self._aac, self._opus

    def _check(self, n: int) -> None:
        if self._closed:
            raise RuntimeError("the encoder is closed")
        if n <= self._last:
            raise ValueError(f"frame {n} after frame {self._last}: time cannot run backwards")

    def _sounds(self, n: int, samples: Samples) -> tuple[Packets, Packets]:
        heard, self._heard = self._heard, None
        if heard and heard[0] == n:
            return heard[1]
        at = n * self.format.samples
        return self._aac.encode(at, samples), self._opus.encode(at, samples)

    def _nothing(self, n: int) -> av.Packet[Any]:
        empty: av.Packet[Any] = av.Packet(b"")
        empty.pts = empty.dts = n
        empty.time_base = Fraction(1, self.format.fps)
        return empty

    def _units(self, packets: Iterable[av.Packet[Any]], aac: Packets, opus: Packets) -> list[Unit]:
        units = []
        for packet in packets:
            n = cast(int, packet.pts)
            if packet.is_keyframe:
                self._last_key = n
                self._level = self._level or h264.level(bytes(packet))
            units.append(Unit(n, packet, tuple(aac), tuple(opus), packet.is_keyframe))
            aac, opus = [], []
        return units


class _Sound:
    """Cuts a running sound into the codec's own frames, each with its exact place in samples."""

    def __init__(self, codec: str, rate: int, bitrate: int, size: int) -> None:
        self._context = cast(AudioCodecContext, av.CodecContext.create(codec, "w"))
        self._context.sample_rate, self._context.layout = rate, "stereo"
        self._context.format = self._layout = "fltp" if codec == "aac" else "flt"
        self._context.bit_rate, self._context.options = bitrate, SEARCH[codec]
        self._context.time_base = Fraction(1, rate)
        self._context.open()
        self._rate, self._size = rate, size
        self._rest: Samples = np.zeros((2, 0), np.float32)  # not encoded yet
        self._next: int | None = None  # the place of the sample after `rest`

    def encode(self, at: int, samples: Samples) -> Packets:
        """The packets that became ready when `samples` (2, n) at place `at` came in."""
        gap = 0 if self._next is None else at - self._next
        silence = np.zeros((2, gap if gap <= LONGEST_SILENCE * self._rate else 0), np.float32)
        sound = np.concatenate([self._rest, silence, samples], axis=1, dtype=np.float32)
        self._next = at + samples.shape[1]
        start = self._next - sound.shape[1]
        whole = sound.shape[1] // self._size * self._size
        self._rest = sound[:, whole:]
        packets = []
        for i in range(0, whole, self._size):
            packets += self._packets(start + i, sound[:, i : i + self._size])
        return packets

    def flush(self) -> Packets:
        """What is left, the last codec frame filled up with silence."""
        packets: Packets = []
        if self._next is not None and self._rest.shape[1]:
            fill = np.zeros((2, self._size - self._rest.shape[1]), np.float32)
            packets = self.encode(self._next, fill)
        return packets + list(self._context.encode(None))

    def _packets(self, at: int, sound: Samples) -> Packets:
        if self._layout == "flt":
            sound = sound.T.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), format=self._layout, layout="stereo")
        frame.sample_rate = self._rate
        frame.pts = at
        frame.time_base = Fraction(1, self._rate)
        return list(self._context.encode(frame))


def usual_bitrate(format: Format) -> int:
    """Bits a second that do for pictures of this size and rate."""
    return round(format.width * format.height * format.fps * BITS_PER_PIXEL)
