import asyncio
import io
import struct
import subprocess
import sys

import av
import numpy as np
import pytest

from host_engine.audience.ears import upload
from host_engine.audience.ears.decoder import answer
from host_engine.audience.ears.upload import BadAudio, UploadLimits, decode_upload

RATE = 16_000


def tone(seconds, rate=48_000):
    return (np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * 440 / rate) * 12_000).astype(np.int16)


def encoded(container, codec, samples, rate=48_000, layout="mono"):
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        for at in range(0, len(samples), 960):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + 960], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, at
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def wav(samples, rate=RATE, channels=1, size=None):
    data = samples.tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, channels, rate,
                       (rate * channels * 2) & 0xFFFFFFFF, channels * 2, 16, b"data",
                       len(data) if size is None else size)  # fmt: skip
    return head + data


KINDS = [("wav", "pcm_s16le"), ("mp3", "libmp3lame"), ("ogg", "libopus"), ("ogg", "flac"), ("webm", "libopus")]


async def test_a_recording_becomes_samples():
    samples = await decode_upload(encoded("ogg", "libopus", tone(1.5)))
    assert samples.dtype == np.float32
    assert len(samples) / RATE == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize(("container", "codec"), KINDS)
def test_recordings_of_all_kinds_are_read(container, codec):
    key, body = answer(encoded(container, codec, tone(1.5)), 20)
    assert key == "samples"
    samples = np.frombuffer(body, np.int16)
    assert len(samples) / RATE == pytest.approx(1.5, abs=0.1)
    spectrum = np.abs(np.fft.rfft(samples[:RATE]))
    assert np.argmax(spectrum) == pytest.approx(440, abs=2)


HOSTILE = {
    "a page": b"<!doctype html><html></html>",
    "a playlist": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n",
    "a list of files": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "a head and nothing else": wav(tone(0)),
    "noise": np.random.default_rng(0).bytes(100_000),
    "noise behind an mp3's mark": b"ID3" + np.random.default_rng(0).bytes(50_000),
    "noise behind an ogg's mark": b"OggS" + np.random.default_rng(0).bytes(50_000),
    "noise behind a webm's mark": b"\x1a\x45\xdf\xa3" + np.random.default_rng(0).bytes(50_000),
    "a rate of one": wav(tone(1), rate=1),
    "a rate beyond all": wav(tone(1), rate=4_000_000_000),
    "a thousand channels": wav(tone(1), channels=1000),
    "no channel": wav(tone(1), channels=0),
    "one byte": b"R",
    "an empty mp4": b"\0\0\0\x18ftypmp42" + b"\0" * 100,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_is_no_recording_has_a_key_with_a_sentence(what):
    key, body = answer(HOSTILE[what], 20)
    assert body == b""
    told = upload._said(key, UploadLimits())
    assert told.status in (415, 422)
    assert len(told.said) > 20


async def test_noise_gets_a_sentence():
    with pytest.raises(BadAudio) as told:
        await decode_upload(HOSTILE["noise behind an mp3's mark"])
    assert told.value.status in (415, 422)


async def test_nothing_and_too_much_are_told_before_anything_is_read(monkeypatch):
    monkeypatch.setattr(upload, "_read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(BadAudio) as told:
        await decode_upload(b"")
    assert told.value.status == 400
    with pytest.raises(BadAudio) as told:
        await decode_upload(b"RIFF" * 2_000_000)
    assert (told.value.status, "at most 5.0 MB" in told.value.said) == (413, True)


async def test_two_hours_are_too_long_however_small_they_are():
    part = encoded("ogg", "libopus", np.zeros(48_000 * 5, np.int16))  # five seconds of silence, again and again
    with pytest.raises(BadAudio) as told:
        await decode_upload((part * 1440)[:4_999_999])
    assert told.value.status == 413
    assert "longer than 20 s" in told.value.said


def test_a_head_that_lies_about_the_length_is_not_believed():
    _, body = answer(wav(tone(1, RATE), size=0x7FFFFFF0), 20)
    assert len(body) / 2 == pytest.approx(RATE, abs=200)


def test_a_film_is_heard_and_not_seen():
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as file:
        picture, sound = file.add_stream("libvpx", rate=25), file.add_stream("libopus", rate=48_000, layout="mono")
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        for n in range(25):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            frame.pts = n
            file.mux(picture.encode(frame))
        frame = av.AudioFrame.from_ndarray(tone(1)[None], format="s16", layout="mono")
        frame.sample_rate = 48_000
        file.mux(sound.encode(frame))
        for stream in (picture, sound):
            file.mux(stream.encode(None))
    assert len(answer(out.getvalue(), 20)[1]) / 2 == pytest.approx(RATE, abs=1000)


async def test_a_reader_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(upload, "_command", lambda seconds: ["sleep", "600"])
    with pytest.raises(BadAudio) as told:
        await decode_upload(wav(tone(1)), UploadLimits(patience=0.3))
    assert told.value.status == 422


async def test_a_reader_that_was_led_astray_is_not_believed(monkeypatch):
    for output in (b"", b"ear1", b"ear1" + struct.pack(">II", 7, 10**9) + b"samples", b"x" * 1000):
        monkeypatch.setattr(upload, "_command", lambda seconds, output=output: ["printf", ""])
        monkeypatch.setattr(
            upload.subprocess, "run", lambda *a, output=output, **b: subprocess.CompletedProcess(a, 0, output)
        )
        with pytest.raises(BadAudio) as told:
            await decode_upload(wav(tone(1)))
        assert told.value.status == 422


async def test_a_flood_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(upload, "_command", lambda seconds: ["sleep", "600"])
    limits = UploadLimits(patience=0.3)
    many = [asyncio.create_task(decode_upload(wav(tone(1)), limits)) for _ in range(30)]
    found = await asyncio.gather(*many, return_exceptions=True)
    assert all(isinstance(each, BadAudio) for each in found)
    assert {each.status for each in found} == {422, 503}


def test_the_reader_cannot_open_anything():
    code = (
        "from host_engine.audience.ears.aside import confine; confine(1 << 30, 5)\n"
        "import sys\n"
        "try:\n    open('/etc/hostname')\nexcept OSError as e:\n    sys.exit(42)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 42
