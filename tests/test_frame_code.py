"""The number in the picture: read again behind codecs and scaling, and never read wrong."""

from __future__ import annotations

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from host_engine import frame_code
from host_engine.media import Coding, Format
from host_engine.outputs.picture_encoder import PictureEncoder

SIZES = ((720, 1280), (1280, 720), (1080, 1920), (640, 360), (360, 640), (322, 242))


def busy(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    """An I420 picture full of edges, (height * 3 // 2, width), with colour."""
    random = np.random.default_rng(seed)
    coarse = random.integers(16, 236, (height * 3 // 2 // 8 + 1, width // 8 + 1), np.uint8)
    return np.ascontiguousarray(np.kron(coarse, np.ones((8, 8), np.uint8))[: height * 3 // 2, :width])


def moving(width: int, height: int, n: int) -> NDArray[np.uint8]:
    """An I420 picture with texture, in which something moves."""
    picture = np.ascontiguousarray(np.broadcast_to(np.linspace(60, 180, width).astype(np.uint8), (height, width)))
    texture = np.random.default_rng(1).integers(-12, 12, (height, width))
    picture = (picture + texture).astype(np.uint8)
    cv2.circle(picture, (width // 2 + 9 * (n % 20), height // 2), width // 5, 220, -1)
    return np.concatenate([picture, np.full((height // 2, width), 110, np.uint8)])


def luma(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture[: len(picture) * 2 // 3]


@given(st.integers(0, 2**40), st.sampled_from(SIZES))
@settings(deadline=None, max_examples=40)
def test_what_is_written_is_read(n: int, size: tuple[int, int]) -> None:
    picture = busy(*size)
    frame_code.write(picture, n)
    assert frame_code.read(luma(picture)) == n % frame_code.COUNT


@pytest.mark.parametrize("size", SIZES[:3])
def test_the_rest_of_the_picture_stays_as_it_was(size: tuple[int, int]) -> None:
    before, after = busy(*size), busy(*size)
    frame_code.write(after, 77)
    changed = np.argwhere(luma(before) != luma(after))
    assert changed[:, 0].min() >= size[1] - size[0] // 60
    assert changed[:, 1].max() <= size[0] * 0.46
    shown = cv2.cvtColor(after, cv2.COLOR_YUV2RGB_I420)[-4:, : int(size[0] * 0.44)].astype(int)
    assert np.ptp(shown, axis=2).max() <= 2  # grey, in the colours too


@pytest.mark.parametrize("size", SIZES[:2])
@pytest.mark.parametrize("interpolation", [cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_NEAREST])
def test_it_outlives_a_poor_codec_scaling_and_a_screenshot(size: tuple[int, int], interpolation: int) -> None:
    width, height = size
    encoder = PictureEncoder(Format(width, height), Coding("libx264", "ultrafast"), 400_000)
    decoder = av.CodecContext.create("h264", "r")
    read = []
    for n in range(9000, 9010):
        picture = moving(width, height, n)
        frame_code.write(picture, n)
        for packet in encoder.encode(n, picture):
            for frame in decoder.decode(packet):
                seen = frame.to_ndarray(format="rgb24")
                small = cv2.resize(seen, (320, 320 * height // width), interpolation=interpolation)
                jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
                read.append(frame_code.read(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE)))
    assert read == list(range(9000, 9000 + len(read)))
    assert len(read) >= 8


def test_a_picture_without_a_number_has_none() -> None:
    assert all(frame_code.read(luma(busy(720, 1280, seed))) is None for seed in range(50))
    ramp = np.tile(np.linspace(16, 235, 720).astype(np.uint8), (1280, 1))
    assert frame_code.read(ramp) is None
    for grey in (0, 16, 128, 255):
        assert frame_code.read(np.full((320, 320), grey, np.uint8)) is None


@given(st.integers(0, frame_code.COUNT - 1), st.sets(st.integers(0, frame_code.CELLS - 1), min_size=1, max_size=3))
@settings(deadline=None, max_examples=200)
def test_up_to_three_wrong_cells_are_never_another_number(n: int, wrong: set[int]) -> None:
    picture = np.full((480, 320), 128, np.uint8)
    frame_code.write(picture, n)
    for cell in wrong:
        strip = luma(picture)[-4:, cell * 4 : cell * 4 + 4]
        strip[:] = frame_code.LEVELS.sum() - strip
    assert frame_code.read(luma(picture)) is None


def test_a_covered_or_cropped_row_is_no_number() -> None:
    picture = busy(720, 1280)
    frame_code.write(picture, 1234)
    covered = luma(picture).copy()
    covered[-40:, 100:200] = 90
    assert frame_code.read(covered) is None
    assert frame_code.read(luma(picture)[:-20]) is None
    assert frame_code.read(luma(picture)[:, 30:]) is None


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (2, 320), (90, 100)])
def test_a_picture_too_small_has_none(shape: tuple[int, int]) -> None:
    assert frame_code.read(np.zeros(shape, np.uint8)) is None


def test_the_distance_between_two_frames() -> None:
    assert frame_code.behind(130, 100) == 30
    assert frame_code.behind(100, 130) == -30
    assert frame_code.behind(frame_code.COUNT + 5, frame_code.COUNT - 5) == 10
