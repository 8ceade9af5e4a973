"""Every host at half her size, from every size: like herself, and able to play."""

import cv2
import numpy as np
import pytest

from host_engine.host.avatar import DrawnAvatar
from host_engine.host.drawing import draw_host
from host_engine.host.half_size import half_size
from host_engine.host.perform import Pose
from host_engine.media import Face, MouthShape


def seen(avatar: DrawnAvatar) -> np.ndarray:
    width, height = avatar.size
    avatar.stand_before(np.full((height, width, 3), 120, np.uint8))
    out = np.zeros((height, width, 3), np.uint8)
    avatar.draw(Face(MouthShape(0.5)), Pose(), out)
    return out


@pytest.mark.parametrize(("host", "outfit"), [("mira", "coral"), ("leo", "sand")])
@pytest.mark.parametrize("height", [301, 374])
def test_she_is_like_herself_at_half_the_size(host: str, outfit: str, height: int) -> None:
    artwork = draw_host(host, outfit, height)
    full, half = seen(DrawnAvatar(artwork)), seen(DrawnAvatar(half_size(artwork)))
    size = (half.shape[1], half.shape[0])
    assert size == (-(-full.shape[1] // 2), -(-full.shape[0] // 2))
    shrunk = cv2.resize(full, size, interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk.astype(int) - half).mean() < 4


def test_both_eyes_stay_of_one_size() -> None:
    for height in range(284, 288):
        eyes = half_size(draw_host("mira", "coral", height)).eyes
        assert eyes["l"].white.shape == eyes["r"].white.shape
