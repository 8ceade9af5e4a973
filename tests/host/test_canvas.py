"""The canvas redraws little and still shows what a full redraw would show."""

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.host.canvas import Canvas, Placed, Sprite, disjoint
from host_engine.host.slot import Slot
from host_engine.show.scene import Box

WIDTH, HEIGHT = 64, 96
WHOLE = Box(0, 0, WIDTH, HEIGHT)


def noise(seed: int, height: int, width: int, channels: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


def sprite(seed: int, box: Box) -> Sprite:
    rgba = noise(seed, box.h, box.w, 4)
    rgba[..., :3] = (rgba[..., :3].astype(int) * rgba[..., 3:] // 255).astype(np.uint8)
    return Sprite(rgba, box.x, box.y)


boxes = st.builds(Box, st.integers(-9, 60), st.integers(-9, 90), st.integers(1, 40), st.integers(1, 40))
placings = st.builds(
    lambda seed, box, dy, fade: Placed(sprite(seed, box), 0, dy, fade),
    st.integers(0, 99),
    boxes,
    st.integers(-5, 5),
    st.sampled_from([0.0, 0.3, 1.0]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(placings, max_size=4), min_size=1, max_size=4), st.data())
def test_each_frame_is_as_if_drawn_whole(frames: list[list[Placed]], data: st.DataObject) -> None:
    canvas = Canvas(noise(1, HEIGHT, WIDTH, 3))
    for number, items in enumerate(frames):
        drawn = data.draw(boxes).common(WHOLE)
        if drawn is not None:
            canvas.ground[drawn.y : drawn.bottom, drawn.x : drawn.right] = noise(number, drawn.h, drawn.w, 3)
        shown = canvas.show(items, [drawn] if drawn else [])
        expected = Canvas(canvas.ground).show(items)
        np.testing.assert_array_equal(shown, expected)


def test_what_has_not_changed_is_not_touched() -> None:
    canvas = Canvas(noise(1, HEIGHT, WIDTH, 3))
    items = [Placed(sprite(2, Box(4, 4, 20, 20)))]
    before = canvas.show(items).copy()
    canvas.ground[:] = 0  # unseen as long as nobody says that it changed
    np.testing.assert_array_equal(canvas.show(items), before)


def test_an_opaque_sprite_hides_and_a_clear_one_does_not() -> None:
    still = noise(1, HEIGHT, WIDTH, 3)
    clear = Sprite(np.zeros((20, 20, 4), np.uint8), 10, 10)
    full = Sprite(np.full((HEIGHT, WIDTH, 4), 255, np.uint8), 0, 0)
    np.testing.assert_array_equal(Canvas(still).show([Placed(clear)]), cv2.cvtColor(still, cv2.COLOR_RGB2YUV_I420))
    assert (Canvas(still).show([Placed(full)])[:HEIGHT] == 235).all()


@given(st.lists(boxes, max_size=6))
def test_disjoint_boxes_cover_the_same_pixels_once(given_boxes: list[Box]) -> None:
    def painted(of: list[Box]) -> np.ndarray:
        count = np.zeros((150, 120), int)
        for box in of:
            count[box.y + 10 : box.bottom + 10, box.x + 10 : box.right + 10] += 1
        return count

    once = painted(list(disjoint(given_boxes)))
    np.testing.assert_array_equal(once, painted(given_boxes) > 0)


def test_a_slot_slides_in_swaps_and_fades_out() -> None:
    first, second = sprite(1, Box(0, 0, 8, 8)), sprite(2, Box(0, 0, 8, 8))
    slot = Slot(frames=5, rise=20)
    slot.show(100, "a", first)
    fades = [next(slot.placed(n)).fade for n in range(100, 105)]
    rises = [next(slot.placed(n)).dy for n in range(100, 105)]
    assert fades == sorted(fades)
    assert fades[-1] == 1
    assert rises == sorted(rises, reverse=True)
    assert rises[-1] == 0
    slot.show(105, "a", second)
    assert list(slot.placed(105)) == [Placed(second)]
    slot.show(106, None, None)
    leaving = [list(slot.placed(n)) for n in range(106, 112)]
    assert [placed.sprite for placed in leaving[0]] == [second]
    assert leaving[-1] == []


def test_a_settled_slot_stands_still() -> None:
    slot = Slot(frames=5, rise=20)
    shown = sprite(1, Box(0, 0, 8, 8))
    slot.show(10, "a", shown)
    slot.settle()
    assert list(slot.placed(10)) == [Placed(shown)]


def test_frame_numbers_may_leap() -> None:
    slot = Slot(frames=5, rise=20)
    shown = sprite(1, Box(0, 0, 8, 8))
    slot.show(10, "a", shown)
    assert list(slot.placed(10_000)) == [Placed(shown)]
