"""PSNR, SSIM, seams and decoders: known differences give known figures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from host_engine.quality.decoders import readings as decoders
from host_engine.quality.likeness import SAME, agreement, placed, psnr, seam, ssim
from host_engine.quality.surroundings import Surroundings

RNG = np.random.default_rng(5)


@pytest.fixture(scope="module")
def source() -> np.ndarray:
    """A picture with soft shapes, like a face out of focus."""
    return cv2.resize(RNG.integers(60, 200, (12, 16, 3), np.uint8), (160, 120), interpolation=cv2.INTER_CUBIC)


@pytest.fixture(scope="module")
def mask() -> np.ndarray:
    return np.pad(np.full((40, 50), 255, np.uint8), ((50, 30), (60, 50)))


def test_psnr_of_a_known_difference(source):
    other = source.astype(np.int16) + np.where(np.arange(160) % 2, 2, -2)[:, None]
    assert psnr(other.astype(np.uint8), source) == pytest.approx(10 * np.log10(255**2 / 4), abs=0.01)
    assert psnr(source, source) == SAME
    assert psnr(source, source, np.zeros(source.shape[:2], bool)) == SAME


def test_only_what_lies_outside_counts(source, mask):
    made = source.copy()
    made[mask > 0] = 0
    assert psnr(made, source, mask == 0) == SAME
    assert ssim(made, source, mask == 0) == pytest.approx(1)
    assert psnr(made, source) < 15
    assert ssim(made, source) < 0.95


def test_ssim_tells_noise_from_a_change_of_light(source):
    noisy = np.clip(source + RNG.normal(0, 12, source.shape), 0, 255).astype(np.uint8)
    lighter = cv2.add(source, np.full_like(source, 12))
    assert ssim(source, source) == pytest.approx(1)
    assert ssim(noisy, source) < 0.8 < 0.97 < ssim(lighter, source)


def test_a_hard_edge_is_a_seam_and_a_soft_one_is_not(source, mask):
    lighter = cv2.add(source, np.full_like(source, 25))
    soft = cv2.GaussianBlur(mask, (31, 31), 0)

    def laid(over: np.ndarray) -> np.ndarray:
        share = over[..., None] / 255
        return (share * lighter + (1 - share) * source).round().astype(np.uint8)

    assert seam(source, source, mask) == pytest.approx(1)
    assert seam(laid(mask), source, mask) > 3
    assert seam(laid(soft), source, soft) < 1.5
    assert seam(laid(mask), source, np.zeros_like(mask)) == 1


def test_a_seam_that_the_feather_hides_badly_is_found(source, mask):
    """The picture's edge is hard although the mask's is soft over some of it."""
    lighter = cv2.add(source, np.full_like(source, 60))
    cut = cv2.GaussianBlur(mask, (21, 21), 0)
    cut[:70] = 0  # the mask was cut off
    share = cut[..., None] / 255
    made = (share * lighter + (1 - share) * source).round().astype(np.uint8)
    assert seam(made, source, cut) > 1.5


def test_a_mask_is_placed_even_where_its_crop_reaches_past_the_frame():
    mask = np.full((32, 32), 255, np.uint8)
    whole = placed(mask, (-10, 80, 30, 120), 100, 60)
    assert whole.shape == (100, 60)
    assert (whole[80:, :30] == 255).all()
    assert whole.sum() == 255 * 20 * 30
    assert not placed(mask, (200, 200, 240, 240), 100, 60).any()


def test_surroundings_pass_for_lips_that_stay_in_their_place(source, mask):
    seen = Surroundings()
    assert seen.readings()[0].value is None
    for _ in range(3):
        seen.add(source, source, mask)
    assert all(reading.passed for reading in seen.readings())
    spoilt = Surroundings()
    resized = cv2.resize(cv2.resize(source, (80, 60)), (160, 120))
    spoilt.add(resized, source, mask)
    noisy = np.clip(source + RNG.normal(0, 6, source.shape), 0, 255).astype(np.uint8)
    spoilt.add(noisy, source, mask)
    assert [reading.passed for reading in spoilt.readings()][:2] == [False, False]


def test_two_decoders_agree_or_not(source):
    faces = np.stack([source, source])
    near, far = cv2.add(source, np.full_like(source, 3)), cv2.add(source, np.full_like(source, 9))
    assert agreement(np.stack([near, near]), faces).mae == pytest.approx(3 / 255, abs=1e-4)
    assert [reading.passed for reading in decoders(agreement(np.stack([near, near]), faces))] == [True, True]
    assert [reading.passed for reading in decoders(agreement(np.stack([far, far]), faces))] == [False, False]
    only = np.zeros(source.shape[:2], np.uint8)
    only[:10] = 255
    assert agreement(faces, faces, only) == (0, SAME)
