"""`python -m host_engine.audience.ears.decoder SECONDS`: a recording on standard input, its samples on standard output.

Runs once for each recording. The bytes may be hostile: the kind is told by the first of them and nothing else is
tried (a playlist would name files and addresses), only codecs of speech are opened, and before the first byte is
looked at this process has given up memory, time and the right to open anything.
"""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Iterator

import av
import av.audio.resampler
from av.audio.stream import AudioStream

from host_engine.audience.ears.aside import confine, stand_aside, take_pipes
from host_engine.audience.ears.containers import claimed
from host_engine.audience.ears.wire import HEAD, MARK

RATE = 16_000
MEMORY, CPU = 1 << 30, 10  # bytes of addresses, seconds
OVER = 0.5  # seconds above the limit that are let pass: encoders add some
RATES, CHANNELS = range(4_000, 192_001), range(1, 9)
CODECS = ("pcm_", "mp3", "opus", "vorbis", "flac", "adpcm_ms", "adpcm_ima_wav")
AHEAD = 1 << 20  # bytes that are looked through for the streams


class Refused(Exception):
    """The key of what is wrong, as in `upload.py`."""


def decode(data: bytes, seconds: float) -> bytes:
    """16-bit samples at 16 kHz, mono. Raises Refused, or what av raises."""
    if (kind := claimed(data)) in ("", "mp4"):
        raise Refused(kind or "not-audio")
    options = {"probesize": str(AHEAD), "analyzeduration": "2000000", "max_streams": "8"}
    with av.open(io.BytesIO(data), "r", kind, options=options, metadata_errors="ignore") as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise Refused("no-sound")
        return _sound(container, stream, seconds)


def _sound(container: av.container.InputContainer, stream: AudioStream, seconds: float) -> bytes:
    codec = stream.codec_context
    if not codec.name.startswith(CODECS):
        raise Refused("not-audio")
    if codec.sample_rate not in RATES or codec.channels not in CHANNELS:
        raise Refused("odd")
    codec.thread_count = 1
    resampler = av.audio.resampler.AudioResampler("s16", "mono", RATE)
    sound, most = bytearray(), int((seconds + OVER) * RATE) * 2
    heard = 0.0
    for frame in _frames(container, stream):
        if frame.sample_rate not in RATES or len(frame.layout.channels) not in CHANNELS:
            raise Refused("odd")
        heard += frame.samples / frame.sample_rate
        if heard > seconds + OVER:
            raise Refused("too-long")
        for made in resampler.resample(frame):
            sound += bytes(made.planes[0])[: made.samples * 2]
        if len(sound) > most:
            raise Refused("too-long")
    for made in resampler.resample(None):
        sound += bytes(made.planes[0])[: made.samples * 2]
    return bytes(sound[:most])


def _frames(container: av.container.InputContainer, stream: AudioStream) -> Iterator[av.AudioFrame]:
    """The frames of a stream; damage is passed over as long as anything can be read."""
    wrong = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            return
        except av.error.FFmpegError:
            wrong += 1
            if wrong > 50:
                return
            continue
        yield from frames


def rehearsal() -> bytes:
    """A tenth of a second of silence, as a WAV file."""
    sound = bytes(RATE // 10 * 2)
    form = struct.pack("<IHHIIHH", 16, 1, 1, RATE, RATE * 2, 2, 16)
    chunks = b"WAVEfmt " + form + b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def answer(data: bytes, seconds: float) -> tuple[str, bytes]:
    """What is said of a recording: "samples" with them, or the key of what is wrong."""
    try:
        body = decode(data, seconds)
    except Refused as refused:
        return str(refused), b""
    except (av.error.FFmpegError, ValueError, MemoryError, EOFError, OSError):
        return "not-audio", b""
    return ("samples", body) if body else ("no-sound", b"")


def main(seconds: float) -> None:
    stand_aside()
    pipes = take_pipes()
    av.logging.set_level(av.logging.PANIC)
    decode(rehearsal(), 1.0)  # so that all that is imported late is here
    confine(MEMORY, CPU)
    key, body = answer(pipes.heard.read(), seconds)
    pipes.said.write(HEAD.pack(MARK, len(key), len(body)) + key.encode() + body)
    pipes.said.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
