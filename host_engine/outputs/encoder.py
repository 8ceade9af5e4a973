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
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias, cast

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from host_engine.media import Format, Frame, Picture, Samples, Unit

Packets: TypeAlias = "list[av.Packet[Any]]"

CODECS = ("h264_nvenc", "libx264")  # in the order of preference of "auto"
AAC_BITRATE = 160_000
OPUS_BITRATE = 96_000
# The searches that FFmpeg and libopus choose by themselves cost 3 and 1.5 times as much and bring speech no gain: at
# these rates the fast search of AAC even stays 9 dB closer to the original.
SEARCH = {"aac": {"aac_coder": "fast"}, "libopus": {"compression_level": "5"}}
BT709, BT601, LIMITED = 1, 5, 1  # as H.264 numbers them
BITS_PER_PIXEL = 0.13  # 3 Mbit/s at 720x1280, 25 frames a second
LONGEST_SILENCE = 2.0  # seconds of lost sound that are filled rather than skipped


class Encoder:
    """The encoders of one channel. `encode` belongs to one thread; `force_key` may be called from any.

    codec: "libx264", "h264_nvenc" or "auto" (NVENC where it really opens). bitrate: bits a second, by default by size.
    preset: of x264, or of NVENC ("p1".."p7") where that is the codec. Raises ValueError for settings the codec refuses.
    """

    def __init__(
        self,
        format: Format,
        codec: str = "libx264",
        bitrate: int | None = None,
        preset: str | None = None,
        threads: int = 1,
    ) -> None:
        self.format = format
        self.codec = choose_codec(codec)
        self.bitrate = bitrate or round(format.width * format.height * format.fps * BITS_PER_PIXEL)
        self._video = _open_video(format, self.codec, self.bitrate, preset, threads)
        self._aac = _Sound("aac", format.sample_rate, AAC_BITRATE, 1024)
        self._opus = _Sound("libopus", format.sample_rate, OPUS_BITRATE, format.sample_rate // 50)
        self._key_wanted = threading.Event()
        self._last = self._last_key = -format.fps
        self._closed = False

    def encode(self, frame: Frame) -> list[Unit]:
        """Encode one frame, in the calling thread. Frame numbers must rise; gaps are kept as gaps."""
        if self._closed:
            raise RuntimeError("the encoder is closed")
        if frame.n <= self._last:
            raise ValueError(f"frame {frame.n} after frame {self._last}: time cannot run backwards")
        self._last = frame.n
        at = frame.n * self.format.samples
        aac = self._aac.encode(at, frame.samples)
        opus = self._opus.encode(at, frame.samples)
        packets = self._video.encode(self._video_frame(frame.n, frame.picture))
        return self._units(packets, aac, opus)

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
        units = self._units(self._video.encode(None), [], [])
        aac, opus = self._aac.flush(), self._opus.flush()
        if units:
            return [*units[:-1], units[-1]._replace(aac=tuple(aac), opus=tuple(opus))]
        empty: av.Packet[Any] = av.Packet(b"")
        empty.pts = empty.dts = self._last
        empty.time_base = Fraction(1, self.format.fps)
        return [Unit(self._last, empty, tuple(aac), tuple(opus), key=False)]

    def close(self) -> None:
        """Let the codecs go. A new Encoder starts with a key frame."""
        self._closed = True
        del self._video, self._aac, self._opus

    def _video_frame(self, n: int, picture: Picture) -> av.VideoFrame:
        shape = (self.format.height * 3 // 2, self.format.width)
        if picture.shape != shape:
            raise ValueError(f"the picture is {picture.shape}, the encoder was opened for {shape}")
        # Not a copy: the codec copies the planes into its own memory before encode() returns.
        frame = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(picture), format="yuv420p")
        frame.pts = n
        frame.time_base = Fraction(1, self.format.fps)
        if self._key_wanted.is_set() and n - self._last_key >= self.format.fps // 2:
            self._key_wanted.clear()
            frame.pict_type = PictureType.I
        return frame

    def _units(self, packets: Iterable[av.Packet[Any]], aac: Packets, opus: Packets) -> list[Unit]:
        units = []
        for packet in packets:
            n = cast(int, packet.pts)
            if packet.is_keyframe:
                self._last_key = n
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


def choose_codec(wanted: str) -> str:
    """The codec to use for "auto" or a name of `CODECS`. Raises ValueError for another name."""
    if wanted == "auto":
        return next(codec for codec in CODECS if codec == CODECS[-1] or _opens(codec))
    if wanted not in CODECS:
        raise ValueError(f"no video encoder {wanted!r}; choose auto, {' or '.join(CODECS)}")
    return wanted


def usable_encoders() -> list[str]:
    """The H.264 encoders that really encode on this machine, best first."""
    return [codec for codec in CODECS if _opens(codec)]


def _opens(codec: str) -> bool:
    format = Format(320, 320)
    try:
        context = _open_video(format, codec, 500_000, None, 1)
        frame = av.VideoFrame.from_ndarray(np.zeros((480, 320), np.uint8), format="yuv420p")
        frame.pts, frame.time_base = 0, Fraction(1, format.fps)
        return bool(list(context.encode(frame)) or list(context.encode(None)))
    except (ValueError, av.FFmpegError):
        return False


def _open_video(format: Format, codec: str, bitrate: int, preset: str | None, threads: int) -> VideoCodecContext:
    context = cast(VideoCodecContext, av.CodecContext.create(codec, "w"))
    context.width, context.height, context.pix_fmt = format.width, format.height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, format.fps), Fraction(format.fps)
    # What OpenCV's RGB to I420 makes: the matrix of BT.601 in limited range, of sRGB's colours. Unsaid, players guess.
    context.colorspace, context.color_range = BT601, LIMITED
    context.color_primaries = context.color_trc = BT709
    context.bit_rate, context.gop_size, context.max_b_frames = bitrate, format.fps, 0
    context.thread_count = threads
    rate = {"maxrate": str(bitrate), "bufsize": str(bitrate // 2), "profile": "baseline", "forced-idr": "1"}
    context.options = rate | (_x264(format, preset) if codec == "libx264" else _nvenc(preset))
    try:
        context.open()
    except av.FFmpegError as error:
        size = f"{format.width}x{format.height}"
        raise ValueError(f"{codec} does not open for {size}, preset {preset}: {error.strerror}") from error
    return context


def _x264(format: Format, preset: str | None) -> dict[str, str]:
    keys = f"keyint={format.fps}:min-keyint=1:scenecut=0:repeat-headers=1"
    return {"preset": preset or "veryfast", "tune": "zerolatency", "x264-params": keys}


def _nvenc(preset: str | None) -> dict[str, str]:
    return {"preset": preset or "p4", "tune": "ull", "rc": "cbr", "zerolatency": "1", "delay": "0", "no-scenecut": "1"}
