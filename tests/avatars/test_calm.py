"""Where the lips rest."""

import numpy as np
import pytest

from host_engine.avatars.calm import idle_clips, talk_of
from host_engine.avatars.look_through import LIPS

FPS = 25


def lips(opens: np.ndarray, seed: int = 1) -> np.ndarray:
    """Small pictures of a mouth that is open by so much (0..1) in each frame, with a camera's noise."""
    high, wide = LIPS
    y, x = np.mgrid[0:high, 0:wide]
    pictures = np.full((len(opens), high, wide), 150.0)
    pictures[:, abs(y - high / 2) < 1.2] = 110
    for k, opening in enumerate(opens):
        inside = ((x - wide / 2) / 7) ** 2 + ((y - high / 2) / max(0.1, 5 * opening)) ** 2 < 1
        pictures[k][inside] = 30
    noise = np.random.default_rng(seed).normal(0, 1, pictures.shape)
    return np.clip(pictures + noise, 0, 255).astype(np.uint8)


def talk(frames: int) -> np.ndarray:
    return 0.5 + 0.5 * np.sin(np.arange(frames) * 2 * np.pi * 4 / FPS)


def test_silence_before_and_after_the_talk_is_found() -> None:
    clips, rests = idle_clips(lips(np.r_[np.zeros(40), talk(100), np.zeros(60)]), FPS)
    assert rests
    assert len(clips) == 2
    assert clips[0] == (0, pytest.approx(38, abs=2))
    assert clips[1] == (pytest.approx(141, abs=2), 199)


def test_a_mouth_that_is_held_open_does_not_rest() -> None:
    clips, rests = idle_clips(lips(np.r_[talk(80), np.full(40, 0.9), talk(60), np.zeros(30)]), FPS)
    assert rests
    assert clips == ((pytest.approx(181, abs=2), 209),)


def test_where_lips_never_rest_the_calmest_second_is_taken() -> None:
    speed = np.r_[np.full(60, 4.0), np.full(40, 2.2), np.full(60, 4.0)]
    opens = 0.5 + 0.5 * np.sin(np.cumsum(speed) * 2 * np.pi / FPS)
    ((first, last),), rests = idle_clips(lips(opens), FPS)
    assert not rests
    assert last - first == FPS - 1
    assert 50 <= first <= 82


def test_footage_without_talk_is_one_clip() -> None:
    assert idle_clips(lips(np.zeros(80)), FPS) == (((0, 79),), True)
    assert idle_clips(lips(np.zeros(1)), FPS) == (((0, 0),), True)


@pytest.mark.parametrize(
    ("idle", "found"),
    [
        (((0, 9), (90, 99)), (10, 89)),
        (((40, 59),), (0, 99)),
        (((0, 99),), (0, 99)),
        (((10, 19),), (20, 99)),
        ((), (0, 99)),
    ],
)
def test_the_talk_is_what_lies_between_where_that_is_most(
    idle: tuple[tuple[int, int], ...], found: tuple[int, int]
) -> None:
    assert talk_of(idle, 100) == found
