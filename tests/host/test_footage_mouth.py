"""The warped mouth: rest leaves the footage as it is, opening opens, closing closes, and nothing else is touched."""

import time
from itertools import pairwise

import cv2
import numpy as np
import pytest
from painted_face import painted_face

from host_engine.host.footage_mouth import warp
from host_engine.host.lip_lines import lip_lines
from host_engine.host.mouth_place import place_of
from host_engine.host.mouths.viseme import SHAPES
from host_engine.media import REST, MouthShape

SPEAKING = [name for name in SHAPES if name != "sil"]


def crop(opened=0.0):
    """The head of a painted face, 300x300, with box and points in it."""
    picture, box, points = painted_face(360, 480, 180, opened)
    x0, y0 = 30, 50
    moved = np.array([x0, y0], np.float32)
    return np.ascontiguousarray(picture[y0 : y0 + 300, x0 : x0 + 300]), box - np.tile(moved, 2), points - moved


def darkness(picture, points):
    """How many pixels about the mouth are as dark as the inside of a mouth."""
    (x0, y0), (x1, _) = points[3], points[4]
    mouth = picture[round(y0) - 25 : round(y0) + 60, round(x0) : round(x1)].astype(int)
    return int((mouth.sum(2) < 210).sum())


def gap(picture, points, box):
    place = place_of(points, box, picture.shape[:2])
    _, lines = lip_lines(picture, place)
    return lines.lower - lines.upper


def test_at_rest_the_picture_stays_as_it_is():
    for opened in (0.0, 0.6):
        picture, box, points = crop(opened)
        assert np.array_equal(warp(picture, points, box, REST), picture)


def test_near_rest_the_picture_nearly_stays():
    picture, box, points = crop()
    near = warp(picture, points, box, REST._replace(open=0.004, wide=0.21, smile=0.8))
    assert np.abs(near.astype(int) - picture).mean() < 0.5


@pytest.mark.parametrize("viseme", SPEAKING)
def test_what_is_far_from_the_mouth_is_not_touched(viseme):
    picture, box, points = crop()
    moved = warp(picture, points, box, SHAPES[viseme])
    changed = (moved != picture).any(2)
    assert changed.any()
    eyes = round(float(points[:2, 1].mean()))
    assert not changed[: eyes + 15].any()
    for edge in (changed[:, :2], changed[:, -2:], changed[-2:]):
        assert not edge.any()


def test_the_motion_fades_out_so_that_no_seam_can_show():
    picture, box, points = crop()
    noise = np.random.default_rng(3).normal(0, 60, picture.shape)
    grainy = np.clip(picture + cv2.GaussianBlur(noise, (0, 0), 1.2), 0, 255).astype(np.uint8)
    moved = warp(grainy, points, box, SHAPES["aa"])
    change = np.abs(moved.astype(int) - grainy).mean(2)
    rim = np.concatenate([change[2:5].ravel(), change[-5:-2].ravel(), change[:, 2:5].ravel(), change[:, -5:-2].ravel()])
    assert rim.max() < 6 < change.max()


def test_it_opens_further_the_further_the_shape_is_open():
    picture, box, points = crop()
    found = [darkness(warp(picture, points, box, SHAPES["aa"]._replace(open=k / 10)), points) for k in range(11)]
    assert all(b >= a for a, b in pairwise(found[1:])), found
    assert found[10] > found[5] > max(found[2], found[0])


def test_the_jaw_goes_down_with_the_lower_lip():
    picture, box, points = crop()
    chin = round(float(box[3]))
    x = round(float(points[2, 0]))
    column = slice(x - 8, x + 8)

    def edge(shown):  # where the chin ends and the neck's shadowless skin or the background begins cannot be told by
        return shown[chin - 30 : chin + 30, column].astype(float)  # colour: so by how far the picture has moved

    marked = picture.copy()
    marked[chin - 12 : chin - 8, column] = (20, 60, 200)
    moved = warp(marked, points, box, SHAPES["aa"])
    blue = [np.flatnonzero((edge(each)[..., 2] - edge(each)[..., 0]).mean(1) > 60).mean() for each in (marked, moved)]
    assert 2 < blue[1] - blue[0] < 30


def test_open_lips_of_the_footage_shut_for_a_p():
    shut = crop()
    opened = crop(0.35)
    assert gap(opened[0], opened[2], opened[1]) > 0.3
    assert gap(shut[0], shut[2], shut[1]) < 0.1
    closed = warp(opened[0], opened[2], opened[1], SHAPES["PP"])
    assert darkness(closed, opened[2]) < 0.15 * darkness(opened[0], opened[2])


def test_a_drawn_line_is_a_mouth_that_is_shut():
    picture, box, points = crop()
    (x0, y), (x1, _) = points[3:]
    drawn = cv2.GaussianBlur(np.full_like(picture, (250, 226, 212)), (0, 0), 0.8)
    cv2.ellipse(drawn, (150, round(float(y)) + 17), (14, 5), 0, 0, 360, (240, 200, 188), -1, cv2.LINE_AA)
    cv2.line(drawn, (round(float(x0)), round(float(y))), (round(float(x1)), round(float(y))), (160, 60, 66), 2)
    assert gap(drawn, points, box) == 0


def test_noise_does_not_make_the_lips_tremble():
    rng = np.random.default_rng(5)
    for opened in (0.0, 0.35):
        picture, box, points = crop(opened)
        place = place_of(points, box, picture.shape[:2])
        found = []
        for _ in range(12):
            noisy = np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
            there, lines = lip_lines(noisy, place)
            found.append((there.x, there.y, there.half, there.unit * lines.upper, there.unit * lines.lower))
        assert np.std(found, axis=0).max() < 1.0  # pixels, of a mouth that is 58 wide


def test_rounded_lips_are_narrower_than_spread_ones():
    picture, box, points = crop()

    def width(shape):
        shown = warp(picture, points, box, shape).astype(int)
        rows = shown[round(points[3, 1]) - 12 : round(points[3, 1]) + 13]
        lips = (rows[..., 0] - rows[..., 1] > 55) & (rows[..., 0] < 200)
        return int(lips.any(0).sum())

    assert width(MouthShape(0.05, -0.4, 1.0, 0.0, 0.2, 0.0)) < 0.85 * width(MouthShape(0.05, 0.75, 0.0, 0.0, 0.2, 0.7))


def test_teeth_are_seen_where_the_shape_says_so():
    picture, box, points = crop()

    def pale(teeth):
        shown = warp(picture, points, box, MouthShape(0.3, 0.6, 0.0, teeth, 0.0, 0.4)).astype(int)
        mouth = shown[round(points[3, 1]) - 10 : round(points[3, 1]) + 30, round(points[3, 0]) : round(points[4, 0])]
        return int(((mouth.min(2) > 120) & (mouth.max(2) - mouth.min(2) < 45)).sum())

    assert pale(1.0) > pale(0.0) + 60


@pytest.mark.parametrize(
    "points",
    [
        np.full((5, 2), np.nan, np.float32),
        np.zeros((5, 2), np.float32),
        np.full((5, 2), 150, np.float32),
        np.full((5, 2), 1e9, np.float32),
        np.array([(100, 100), (200, 100), (150, np.inf), (120, 220), (180, 220)], np.float32),
        np.array([(100, 200), (200, 200), (150, 150), (120, 100), (180, 100)], np.float32),  # upside down
        np.array([(100, 100), (200, 100), (150, 160), (180, 220), (120, 220)], np.float32),  # corners swapped
        np.array([(100, 400), (200, 400), (150, 460), (120, 520), (180, 520)], np.float32),  # outside
        np.zeros((3, 2), np.float32),
    ],
)
def test_odd_points_leave_the_picture_as_it_is(points):
    picture, box, _ = crop()
    assert np.array_equal(warp(picture, points, box, SHAPES["aa"]), picture)


def test_odd_boxes_shapes_and_crops_do_no_harm():
    picture, box, points = crop()
    for odd in (np.full(4, np.nan), np.zeros(4), np.array([1e9, 1e9, -1e9, -1e9])):
        assert warp(picture, points, odd, SHAPES["aa"]).shape == picture.shape
    for shape in (MouthShape(*[float("nan")] * 6), MouthShape(9, 9, 9, 9, 9, 9), MouthShape(-9, -9, -9, -9, -9, -9)):
        assert warp(picture, points, box, shape).dtype == np.uint8
    for bottom in (210, 225, 240, 260):  # the crop ends at the lips, above the chin, at the chin
        low = np.ascontiguousarray(picture[:bottom])
        moved = warp(low, points, box, SHAPES["aa"])
        assert np.array_equal(moved[-1], low[-1])
    rng = np.random.default_rng(1)
    for _ in range(200):
        some = points + rng.normal(0, rng.choice([2, 20, 200]), (5, 2))
        assert warp(picture, some, box, SHAPES["O"]).shape == picture.shape


def test_a_tilted_head_is_warped_along_its_own_axes():
    picture, box, points = crop()
    turn = cv2.getRotationMatrix2D((150.0, 150.0), 12.0, 1.0)
    tilted = np.asarray(cv2.warpAffine(picture, turn, (300, 300), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    there = (points @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
    straight = warp(picture, points, box, SHAPES["aa"])
    moved = warp(tilted, there, box, SHAPES["aa"])
    back = cv2.warpAffine(moved, cv2.invertAffineTransform(turn), (300, 300), borderMode=cv2.BORDER_REPLICATE)
    mouth = slice(140, 240), slice(90, 210)
    assert np.abs(back[mouth].astype(int) - straight[mouth]).mean() < 6


def test_the_same_is_the_same_and_what_it_is_given_stays():
    picture, box, points = crop()
    before = picture.copy()
    assert np.array_equal(warp(picture, points, box, SHAPES["E"]), warp(picture, points, box, SHAPES["E"]))
    assert np.array_equal(picture, before)


def test_it_takes_a_small_part_of_a_frame():
    picture, box, points = crop()
    warp(picture, points, box, SHAPES["aa"])
    taken = []
    for _ in range(30):
        start = time.thread_time()
        warp(picture, points, box, SHAPES["aa"])
        taken.append(time.thread_time() - start)
    assert min(taken) < 0.006  # 2 ms are meant, on a core of its own
