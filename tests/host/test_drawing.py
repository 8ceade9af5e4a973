"""The artwork of every host in every outfit: whole, inside its sheet, premultiplied, the same each time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from host_engine.host.artwork import Arm, Artwork, Layer
from host_engine.host.drawing import GESTURES, HOSTS, draw_host

HEIGHT = 480
EVERY = [(name, palette) for name, palettes in HOSTS.items() for palette in palettes]


@pytest.fixture(scope="module", params=EVERY, ids="-".join)
def artwork(request: pytest.FixtureRequest) -> Artwork:
    return draw_host(*request.param, HEIGHT)


def arms(artwork: Artwork) -> list[Arm]:
    return [arm for pair in artwork.arms.values() for arm in pair]


def pictures(artwork: Artwork) -> list[np.ndarray]:
    layers = [*artwork.layers, *(arm.layer for arm in arms(artwork))]
    eyes = [part for eye in artwork.eyes.values() for part in (eye.white, eye.iris, eye.shine, *eye.lids)]
    return [layer.picture for layer in layers] + eyes


def seen(artwork: Artwork, eye: str, step: int) -> float:
    """How much of the eyeball the lid of this step leaves free, in pixels."""
    sprite = artwork.eyes[eye]  # type: ignore[index]
    return float((sprite.white[..., 3] / 255 * (1 - sprite.lids[step][..., 3] / 255)).sum())


def test_there_are_two_hosts_with_two_outfits_each() -> None:
    assert set(HOSTS) == {"mira", "leo"}
    assert all(len(palettes) >= 2 for palettes in HOSTS.values())


def test_has_the_asked_size_and_name(artwork: Artwork) -> None:
    assert (artwork.width, artwork.height) == (round(HEIGHT * 0.8), HEIGHT)
    assert artwork.palette in HOSTS[artwork.name]


def test_pictures_are_premultiplied_and_not_empty(artwork: Artwork) -> None:
    for picture in pictures(artwork):
        assert picture.dtype == np.uint8
        assert picture.shape[2] == 4
        assert picture[..., 3].any()
        assert (picture[..., :3].max(-1) <= picture[..., 3]).all()


def test_layers_lie_inside_the_sheet_and_are_cropped(artwork: Artwork) -> None:
    layers: list[Layer] = [*artwork.layers, *(arm.layer for arm in arms(artwork))]
    for layer in layers:
        height, width = layer.picture.shape[:2]
        assert layer.x >= 0
        assert layer.y >= 0
        assert layer.x + width <= artwork.width
        assert layer.y + height <= artwork.height
        alpha = layer.picture[..., 3] > 0
        assert alpha[:2].any(), layer.name
        assert alpha[-2:].any(), layer.name
        assert alpha[:, :2].any(), layer.name
        assert alpha[:, -2:].any(), layer.name


def test_the_body_reaches_the_lower_edge_and_nothing_else_is_cut(artwork: Artwork) -> None:
    body = next(layer for layer in artwork.layers if layer.name == "body")
    assert body.y + body.picture.shape[0] == artwork.height
    sheet = np.zeros((artwork.height, artwork.width), bool)
    for layer in [*artwork.layers, *(arm.layer for arm in arms(artwork))]:
        height, width = layer.picture.shape[:2]
        sheet[layer.y : layer.y + height, layer.x : layer.x + width] |= layer.picture[..., 3] > 0
    assert not sheet[0].any()
    assert not sheet[:, 0].any()
    assert not sheet[:, -1].any()


def test_layers_are_stacked_so_that_the_face_is_before_the_body(artwork: Artwork) -> None:
    names = [layer.name for layer in artwork.layers]
    assert len(set(names)) == len(names)
    order = [names.index(name) for name in ("back", "body", "face", "brow_l", "front")]
    assert order == sorted(order)


def test_anchors_lie_where_they_belong(artwork: Artwork) -> None:
    places = artwork.anchors
    assert all(0 < p.x < artwork.width and 0 < p.y < artwork.height for p in places.values())
    assert places["eye_l"].x < places["mouth"].x < places["eye_r"].x
    assert places["head"].y < places["mouth"].y < places["chin"].y
    face = next(layer for layer in artwork.layers if layer.name == "face")
    for name in ("mouth", "eye_l", "eye_r"):
        x, y = places[name]
        assert face.picture[int(y) - face.y, int(x) - face.x, 3] == 255, name


def test_the_skin_around_the_mouth_is_clean(artwork: Artwork) -> None:
    face = next(layer for layer in artwork.layers if layer.name == "face")
    x, y = (round(v) for v in artwork.anchors["mouth"])
    reach = round(40 * artwork.mouth_scale)
    around = face.picture[y - face.y - 3 : y - face.y + 6, x - face.x - reach : x - face.x + reach].astype(int)
    assert np.ptp(around[..., 0]) < 60


def test_eyes_open_steadily(artwork: Artwork) -> None:
    for side, eye in artwork.eyes.items():
        assert eye.openness[0] == 0
        assert eye.openness[-1] == 1
        assert list(eye.openness) == sorted(eye.openness)
        assert len(eye.lids) == len(eye.openness)
        shares = [seen(artwork, side, step) for step in range(len(eye.lids))]
        assert shares == sorted(shares)
        assert shares[0] < 0.03 * shares[-1]


def test_parts_of_an_eye_share_one_box_and_the_iris_stays_in_it(artwork: Artwork) -> None:
    for eye in artwork.eyes.values():
        height, width = eye.white.shape[:2]
        assert eye.shine.shape == eye.white.shape
        assert eye.lids.shape[1:] == eye.white.shape
        assert eye.white.shape == artwork.eyes["l"].white.shape
        assert eye.iris.shape[0] == eye.iris.shape[1]
        assert 0 < eye.iris_at.x - eye.x - eye.reach[0] < eye.iris_at.x - eye.x + eye.reach[0] < width
        assert 0 < eye.iris_at.y - eye.y - eye.reach[1] < eye.iris_at.y - eye.y + eye.reach[1] < height


def test_every_gesture_has_both_arms_about_the_same_elbows(artwork: Artwork) -> None:
    assert set(artwork.arms) == set(GESTURES)
    rest = {arm.side: arm for arm in artwork.arms["rest"]}
    assert set(rest) == {"l", "r"}
    for gesture, pair in artwork.arms.items():
        assert {arm.side for arm in pair} == {"l", "r"}
        assert all(arm.elbow == rest[arm.side].elbow for arm in pair)
        if gesture != "rest":
            assert any(arm is not rest[arm.side] for arm in pair)


def test_arms_point_where_their_gesture_says(artwork: Artwork) -> None:
    wave = next(arm for arm in artwork.arms["wave"] if arm.side == "l")
    point = next(arm for arm in artwork.arms["point"] if arm.side == "r")
    assert math.sin(wave.angle) < -0.8  # up
    assert math.cos(point.angle) > 0.3  # to the right,
    assert math.sin(point.angle) > 0.2  # and down
    assert all(math.sin(arm.angle) < -0.5 for arm in artwork.arms["present"])


def test_the_same_pixels_every_time() -> None:
    first, second = (draw_host("mira", "coral", 320) for _ in range(2))
    for a, b in zip(pictures(first), pictures(second), strict=True):
        assert np.array_equal(a, b)


def test_scales_with_the_height() -> None:
    small, large = (draw_host("leo", "navy", height) for height in (300, 600))
    assert large.mouth_scale == pytest.approx(2 * small.mouth_scale)
    assert large.anchors["mouth"].y == pytest.approx(2 * small.anchors["mouth"].y)


@pytest.mark.parametrize(("name", "palette", "height", "what"), [
    ("zoe", "coral", 480, "no host 'zoe'"), ("mira", "navy", 480, "no palette"), ("leo", "navy", 20, "too small"),
])  # fmt: skip
def test_says_what_it_cannot_draw(name: str, palette: str, height: int, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        draw_host(name, palette, height)
