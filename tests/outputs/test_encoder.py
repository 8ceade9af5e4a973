"""The encoder, checked by decoding what it makes: time, key frames, sound and picture in step."""

from __future__ import annotations

import threading
from itertools import pairwise

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace
from flashes import SMALL, encoded, flash_and_beep
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.media import Format, Frame, Unit
from host_engine.outputs import h264
from host_engine.outputs.encoder import Encoder, choose_codec, usable_encoders


def decoded_sound(units: list[Unit], codec: str) -> np.ndarray:
    """What a player hears, sample by sample from place 0: each packet's sound at its pts."""
    decoder = av.CodecContext.create(codec, "r")
    decoder.sample_rate, decoder.layout = 48_000, "stereo"
    heard = np.zeros(units[-1].n * 1920 + 48_000, np.float32)
    if codec == "aac":
        decoder.extradata = b"\x11\x90"
    for unit in units:
        for packet in unit.aac if codec == "aac" else unit.opus:
            for frame in decoder.decode(packet):
                samples = frame.to_ndarray()
                samples = samples[0] if frame.format.is_planar else samples.reshape(-1, 2)[:, 0]
                skip = max(0, -packet.pts)
                heard[packet.pts + skip : packet.pts + len(samples)] = samples[skip:]
    return heard


def tone(frames: dict[int, float]) -> np.ndarray:
    """A tone of the given loudness in each frame; silence elsewhere."""
    sound = np.zeros((max(frames) + 1) * 1920, np.float32)
    wave = np.sin(2 * np.pi * 1000 / 48_000 * np.arange(1920))
    for n, loudness in frames.items():
        sound[n * 1920 : n * 1920 + 1920] = wave * loudness
    return sound


def encode_sound(sound: np.ndarray, numbers: list[int]) -> list[Unit]:
    grey = np.full((480, 320), 128, np.uint8)
    encoder = Encoder(SMALL, preset="ultrafast")
    units = []
    for n in numbers:
        samples = np.stack([sound[n * 1920 : n * 1920 + 1920]] * 2)
        units += encoder.encode(Frame(n, grey, samples))
    return units + encoder.flush()


def test_every_frame_becomes_a_unit_at_once() -> None:
    encoder = Encoder(SMALL, preset="ultrafast")
    for n in range(30):
        (unit,) = encoder.encode(flash_and_beep(SMALL, n))
        assert (unit.n, unit.video.pts, unit.video.dts) == (n, n, n)
        assert unit.video.time_base * SMALL.fps == 1


def test_a_key_frame_each_second_with_its_parameters_in_band() -> None:
    units = encoded(range(60))
    assert [unit.n for unit in units if unit.key] == [0, 25, 50]
    for unit in units:
        kinds = [nal[0] & 31 for nal in h264.units(bytes(unit.video))]
        assert unit.key == (h264.SLICE_IDR in kinds)
        assert ({h264.SPS, h264.PPS} <= set(kinds)) == unit.key


@pytest.mark.parametrize(("format", "level"), [(Format(720, 1280), "1f"), (Format(1080, 1920), "28")])
def test_the_profile_is_constrained_baseline(format: Format, level: str) -> None:
    grey = np.full((format.height * 3 // 2, format.width), 128, np.uint8)
    (unit,) = Encoder(format, preset="ultrafast").encode(Frame(0, grey, np.zeros((2, 1920), np.float32)))
    parameters, _ = h264.split(bytes(unit.video))
    profile, constraints = parameters[0][1], parameters[0][2]
    assert profile == 0x42
    assert constraints & 0x40  # constraint_set1: the constrained kind
    assert parameters[0][3:4].hex() == level


def test_the_decoded_pictures_are_those_that_went_in() -> None:
    decoder = av.CodecContext.create("h264", "r")
    for unit in encoded(range(10)):
        for frame in decoder.decode(unit.video):
            wanted = flash_and_beep(SMALL, frame.pts).picture
            assert np.abs(frame.to_ndarray(format="yuv420p").astype(int) - wanted).mean() < 6


def test_many_who_ask_for_key_frames_get_two_a_second_at_most() -> None:
    encoder = Encoder(SMALL, preset="ultrafast")
    keys = []
    for n in range(100):
        thread = threading.Thread(target=encoder.force_key)
        thread.start()
        thread.join()
        keys += [unit.n for unit in encoder.encode(flash_and_beep(SMALL, n)) if unit.key]
    gaps = [after - before for before, after in pairwise(keys)]
    assert set(gaps) == {12}


def test_a_key_frame_comes_at_once_when_the_last_is_long_ago() -> None:
    encoder = Encoder(SMALL, preset="ultrafast")
    for n in range(20):
        encoder.encode(flash_and_beep(SMALL, n))
    encoder.force_key()
    assert encoder.encode(flash_and_beep(SMALL, 20))[0].key
    assert not encoder.encode(flash_and_beep(SMALL, 21))[0].key


@pytest.mark.parametrize("codec", ["aac", "libopus"])
def test_sound_is_heard_at_its_place(codec: str) -> None:
    sound = tone({n: 0.5 for n in range(10, 15)} | {40: 0.0})
    heard = decoded_sound(encode_sound(sound, list(range(41))), codec)
    delay = np.argmax(np.correlate(heard[: len(sound)], sound, "same")) - len(sound) // 2
    assert abs(delay) <= 12  # a quarter of a millisecond


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from([1, 1, 1, 2, 7, 30, 51, 200]), min_size=4, max_size=15))
def test_after_jumps_of_any_length_sound_is_where_its_frame_is(steps: list[int]) -> None:
    numbers = np.cumsum([0, *steps, 1, 1, 1]).tolist()
    last = numbers[-1] - 1
    sound = tone({last: 0.5, last + 1: 0.0})
    heard = decoded_sound(encode_sound(sound, numbers), "aac")
    loud = np.flatnonzero(np.abs(heard) > 0.1)
    assert abs(int(loud[0]) - last * 1920) < 240  # 5 ms
    assert abs(int(loud[-1]) - (last + 1) * 1920) < 240


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from([1, 1, 2, 30, 51, 200]), min_size=3, max_size=15))
def test_packets_never_overlap_or_run_backwards(steps: list[int]) -> None:
    units = encode_sound(np.zeros(1920 * (sum(steps) + 1), np.float32), np.cumsum([0, *steps]).tolist())
    for kind, length in (("aac", 1024), ("opus", 960)):
        places = [packet.pts for unit in units for packet in getattr(unit, kind)]
        assert all(after - before >= length for before, after in pairwise(places))
        if max(steps) < 50:
            assert all(after - before == length for before, after in pairwise(places))


def test_the_rate_stays_below_the_limit_for_the_worst_pictures() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (4, 480, 320), dtype=np.uint8)
    encoder = Encoder(SMALL, bitrate=400_000, preset="ultrafast")
    sizes = [
        unit.video.size
        for n in range(100)
        for unit in encoder.encode(Frame(n, noise[n % 4], np.zeros((2, 1920), np.float32)))
    ]
    for second in (25, 50, 75):
        assert sum(sizes[second : second + 25]) * 8 < 400_000 * 1.6  # a second, and half a second of buffer


def test_the_end_brings_all_the_sound() -> None:
    units = encoded(range(25), flush=True)
    last = units[-1].aac[-1]
    assert last.pts + 1024 >= 25 * 1920
    assert len(bytes(units[-1].video)) == 0
    assert Encoder(SMALL).flush()[0].aac == ()


def test_a_new_encoder_after_a_closed_one_starts_with_a_key_frame() -> None:
    first = Encoder(SMALL, preset="ultrafast")
    first.encode(flash_and_beep(SMALL, 7))
    first.close()
    with pytest.raises(RuntimeError, match="closed"):
        first.encode(flash_and_beep(SMALL, 8))
    assert Encoder(SMALL, preset="ultrafast").encode(flash_and_beep(SMALL, 8))[0].key


def test_wrong_frames_raise() -> None:
    encoder = Encoder(SMALL, preset="ultrafast")
    frame = flash_and_beep(SMALL, 3)
    encoder.encode(frame)
    with pytest.raises(ValueError, match="backwards"):
        encoder.encode(frame)
    with pytest.raises(ValueError, match="opened for"):
        encoder.encode(Frame(4, frame.picture[:-2], frame.samples))


def test_what_this_machine_can_use() -> None:
    usable = usable_encoders()
    assert "libx264" in usable
    assert choose_codec("auto") == usable[0]
    with pytest.raises(ValueError, match="mpeg2"):
        choose_codec("mpeg2")
    with pytest.raises(ValueError, match="preset fastest"):
        Encoder(SMALL, preset="fastest")


def test_the_stream_says_how_its_colours_are_meant() -> None:
    red = cv2.cvtColor(np.full((320, 320, 3), (200, 30, 40), np.uint8), cv2.COLOR_RGB2YUV_I420)
    (unit,) = Encoder(SMALL, preset="ultrafast").encode(Frame(0, red, np.zeros((2, 1920), np.float32)))
    decoder = av.CodecContext.create("h264", "r")
    (frame,) = [*decoder.decode(unit.video), *decoder.decode(None)]
    assert (frame.colorspace, frame.color_range) == (Colorspace.ITU601, ColorRange.MPEG)
    shown = frame.to_ndarray(format="rgb24")
    assert np.abs(shown.mean((0, 1)) - (200, 30, 40)).max() < 4
