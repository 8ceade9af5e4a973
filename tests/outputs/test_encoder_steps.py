"""The encoder changing its preset and its pace in mid-stream, checked by decoding what leaves."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from flashes import SMALL, beeps, flash_and_beep, flashes, pictures, sound

from host_engine.media import Coding, Format, Frame, Unit
from host_engine.outputs import flv, h264
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.file_writer import FileWriter
from host_engine.outputs.picture_encoder import PictureEncoder

PRESETS = ("slow", "medium", "fast", "faster", "veryfast", "superfast", "ultrafast")
FAST, FASTEST = Coding("libx264", "superfast"), Coding("libx264", "ultrafast")
HALF = FASTEST._replace(every=2)


def run(encoder: Encoder, numbers: range, steps: dict[int, Coding] | None = None) -> list[Unit]:
    """These frames, as the program has them encoded, with steps taken before some of them."""
    units = []
    for n in numbers:
        if steps and n in steps:
            encoder.use(steps[n])
        frame = flash_and_beep(encoder.format, n)
        units += encoder.encode(frame) if encoder.wants(n) else [encoder.hold(n, frame.samples)]
    return units


def parameters(unit: Unit) -> tuple[bytes, ...]:
    return h264.split(bytes(unit.video)).parameters


def decoded(units: list[Unit]) -> list[int]:
    """The numbers of the pictures that come out of a decoder which takes no errors."""
    decoder = av.CodecContext.create("h264", "r")
    decoder.options = {"err_detect": "explode"}
    seen = [frame.pts for unit in units if unit.video.size for frame in decoder.decode(unit.video)]
    return seen + [frame.pts for frame in decoder.decode(None)]


@pytest.mark.parametrize("format", [Format(720, 1280), Format(1080, 1920), Format(1280, 720, 50)])
def test_presets_and_pace_change_neither_sps_nor_pps(format: Format) -> None:
    grey = np.full((format.height * 3 // 2, format.width), 128, np.uint8)
    codings = [Coding("libx264", preset) for preset in PRESETS] + [HALF]
    seen = set()
    for coding in codings:
        (packet,) = PictureEncoder(format, coding, 5_000_000).encode(0, grey)
        seen.add(h264.split(bytes(packet)).parameters)
    assert len(seen) == 1


def test_a_level_once_said_stays_where_twice_the_rate_would_ask_for_another() -> None:
    encoder = Encoder(SMALL, bitrate=3_000_000, preset="superfast")
    units = run(encoder, range(60), {10: HALF})
    assert len({parameters(unit) for unit in units if unit.key}) == 1
    grey = np.full((480, 320), 128, np.uint8)
    (packet,) = PictureEncoder(SMALL, HALF, 3_000_000).encode(0, grey)
    assert h264.split(bytes(packet)).parameters != parameters(units[0])  # else this test would prove nothing


def test_another_codec_takes_over_at_a_key_frame_and_the_sound_does_not_notice() -> None:
    encoder = Encoder(SMALL, preset="superfast")
    units = run(encoder, range(100), {30: FASTEST, 60: FAST})
    assert [unit.n for unit in units if unit.key] == [0, 25, 37, 60, 85]
    assert encoder.coding == FAST
    assert decoded(units) == list(range(100))
    for kind, length in (("aac", 1024), ("opus", 960)):
        places = [packet.pts for unit in units for packet in getattr(unit, kind)]
        assert all(b - a == length for a, b in pairwise(places))


def test_at_half_the_rate_every_second_frame_is_sound_alone() -> None:
    units = run(Encoder(SMALL, preset="superfast"), range(200), {50: HALF, 125: FASTEST})
    assert [unit.n for unit in units] == list(range(200))
    bare = [unit.n for unit in units if not unit.video.size]
    assert bare[0] == 51  # a key frame is at 50, so it takes over there
    keys = [unit.n for unit in units if unit.key]
    assert all(b - a <= 25 for a, b in pairwise(keys))
    assert all(not unit.key for unit in units if not unit.video.size)
    back = next(n for n in keys if n > 125)
    assert bare == list(range(51, back, 2))
    assert decoded(units) == [n for n in range(200) if n not in bare]
    packets = [packet.pts for unit in units for packet in unit.opus]
    assert all(b - a == 960 for a, b in pairwise(packets))


def test_half_the_pictures_get_all_the_bits() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (4, 480, 320), dtype=np.uint8)
    encoder = Encoder(SMALL, bitrate=400_000, preset="ultrafast")
    encoder.use(HALF)
    sizes = []
    for n in range(150):
        silent = np.zeros((2, 1920), np.float32)
        wanted = encoder.wants(n)
        units = encoder.encode(Frame(n, noise[n // 2 % 4], silent)) if wanted else [encoder.hold(n, silent)]
        sizes += [unit.video.size for unit in units]
    for second in (50, 75, 100, 125):
        assert 400_000 * 0.6 < sum(sizes[second : second + 25]) * 8 < 400_000 * 1.6


def test_a_recording_goes_through_all_steps_without_a_gap(tmp_path: Path) -> None:
    steps = {60: FASTEST, 110: HALF, 210: FASTEST, 260: FAST}
    encoder = Encoder(SMALL, preset="superfast")
    units = run(encoder, range(325), steps) + encoder.flush()
    file = tmp_path / "show.mp4"
    with FileWriter(file, SMALL) as writer:
        for unit in units:
            writer.write(unit)
    shown = [round(time * 25) for time, _ in pictures(file)]
    bare = [unit.n for unit in units[:-1] if not unit.video.size]
    assert shown == [n for n in range(325) if n not in bare]
    assert 40 < len(bare) < 60
    times, _ = sound(file)
    assert np.abs(np.diff(times) - 1 / 48_000).max() < 1e-6
    seen, heard = flashes(file), beeps(file)
    assert len(heard) == len(seen) == 12
    assert all(abs(a - b) <= 0.041 for a, b in zip(seen, heard, strict=True))
    calm = [(a, b) for a, b in zip(seen, heard, strict=True) if not 110 / 25 < b < 224 / 25]
    assert all(abs(a - b) < 0.01 for a, b in calm)


def test_a_platform_is_sent_one_header_for_all_steps() -> None:
    tags = flv.Tags(SMALL)
    units = run(Encoder(SMALL, preset="medium"), range(150), {30: FASTEST, 60: HALF, 110: FAST})
    sent = [tag for unit in units for tag in tags.push(unit)] + tags.flush()
    videos = [tag for tag in sent if tag.kind == flv.VIDEO]
    assert sum(tag.body[1] == 0 for tag in videos) == 1
    assert [round(tag.time / 40) for tag in videos[1:]] == [unit.n for unit in units if unit.video.size]
    assert all(a.time <= b.time for a, b in pairwise(sent))


def test_a_codec_that_fails_takes_no_sound_with_it() -> None:
    encoder = Encoder(SMALL, preset="ultrafast")
    units = run(encoder, range(10))
    frame = flash_and_beep(SMALL, 10)
    with pytest.raises(ValueError, match="opened for"):
        encoder.encode(Frame(10, frame.picture[:-2], frame.samples))
    units.append(encoder.hold(10, frame.samples))
    encoder.use(FASTEST)
    units += run(encoder, range(11, 40))
    assert [unit.n for unit in units if unit.key] == [0, 11, 36]  # at once: nothing can lean on what has failed
    assert decoded(units) == [n for n in range(40) if n != 10]
    places = [packet.pts for unit in units for packet in unit.opus]
    assert all(b - a == 960 for a, b in pairwise(places))
