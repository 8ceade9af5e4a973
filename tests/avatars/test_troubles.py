"""What cannot become an avatar, in sentences with time codes."""

from dataclasses import replace

import numpy as np
import pytest

from host_engine.avatars.finders import typical_points
from host_engine.avatars.look_through import LIPS, SMALL, Looked
from host_engine.avatars.troubles import advice, bridged, find_troubles, longest, runs

FPS = 25


def good(frames: int = 100) -> Looked:
    """A face that sways a little, before a room."""
    sway = 3 * np.sin(np.arange(frames) / 9)[:, None]
    boxes = (np.array([60, 60, 200, 230]) + sway * (1, 0, 1, 0)).astype(np.float32)
    points = np.stack([typical_points(box) for box in boxes])
    rng = np.random.default_rng(3)
    room = rng.integers(0, 255, (SMALL, SMALL))
    small = np.clip(room + rng.normal(0, 1, (frames, SMALL, SMALL)), 0, 255).astype(np.uint8)
    lips = np.zeros((frames, *LIPS), np.uint8)
    return Looked(boxes, points, np.zeros(frames, bool), np.full(frames, 120, np.float32), small, lips)


def said(looked: Looked) -> list[str]:
    return [trouble.what for trouble in find_troubles(looked, FPS, 10.0)]


def test_good_footage_has_no_trouble() -> None:
    assert said(good()) == []
    assert longest(good(), []) == (0, 100)
    assert list(advice(good())) == []


def test_a_short_gap_is_bridged_and_a_long_one_is_told() -> None:
    looked = good()
    looked.boxes[20:30], looked.points[20:30], looked.light[20:30] = np.nan, np.nan, np.nan
    assert said(looked) == []
    whole = bridged(looked.boxes)
    assert np.abs(whole - good().boxes).max() < 4
    looked.boxes[50:75], looked.points[50:75], looked.light[50:75] = np.nan, np.nan, np.nan
    assert said(looked) == ["0:12.00 to 0:13.00 (1.0 s): no face is found"]
    assert longest(looked, find_troubles(looked, FPS)) == (0, 50)


def test_no_face_at_all_is_told() -> None:
    looked = good(30)
    looked.boxes[:], looked.points[:], looked.light[:] = np.nan, np.nan, np.nan
    assert said(looked) == ["0:10.00 to 0:11.20 (1.2 s): no face is found"]
    assert longest(looked, find_troubles(looked, FPS)) == (0, 0)


def test_two_faces_are_told() -> None:
    looked = good()
    looked.others[40:60] = True
    looked.others[5] = True  # for a single frame it is a mistake of the detector
    assert said(looked) == ["0:11.60 to 0:12.40 (0.8 s): two faces are in the picture; only the presenter's may be"]
    assert longest(looked, find_troubles(looked, FPS)) == (0, 40)


def test_a_cut_is_told_and_parts_the_footage() -> None:
    looked = good()
    other = np.random.default_rng(9).integers(0, 255, (SMALL, SMALL)).astype(np.uint8)
    looked.small[30:] = other
    assert said(looked) == ["0:11.20: the picture is cut here; an avatar is made of one take"]
    assert longest(looked, find_troubles(looked, FPS)) == (30, 100)


def test_a_jump_cut_before_the_same_room_is_told() -> None:
    looked = good()
    looked.boxes[60:] += 70
    looked.points[60:] += 70
    assert said(looked) == ["0:12.40: the picture is cut here; an avatar is made of one take"]


def test_quick_motion_is_no_cut() -> None:
    looked = good()
    drift = np.cumsum(np.random.default_rng(1).normal(0, 6, (100, 1)), 0)
    looked.boxes[:] += drift
    looked.points[:] += drift[..., None]
    assert said(looked) == []


def test_small_dark_and_turned_faces_are_told() -> None:
    looked = good()
    looked.boxes[10:20, 2] = looked.boxes[10:20, 0] + 30
    looked.light[30:45] = 12
    looked.points[60:70, 2] = looked.points[60:70, 1]
    found = said(looked)
    assert found[0].startswith("0:10.40 to 0:10.80 (0.4 s): the face is too small (30 pixels wide")
    assert found[1].startswith("0:11.20 to 0:11.80 (0.6 s): the face is too dark (12 of 255")
    assert found[2].startswith("0:12.40 to 0:12.80 (0.4 s): the face is turned away")
    assert longest(looked, find_troubles(looked, FPS)) == (70, 100)


def test_advice_is_given_where_it_works_but_could_be_better() -> None:
    looked = good()
    small = replace(looked, boxes=looked.boxes / 2, light=looked.light / 3)
    first, second = advice(small)
    assert "only 70 pixels wide" in first
    assert "the face is dark (40 of 255)" in second


@pytest.mark.parametrize(
    ("flags", "least", "gap", "found"),
    [
        ("0110", 1, 0, [(1, 2)]),
        ("0110", 3, 0, []),
        ("1101", 1, 0, [(0, 1), (3, 3)]),
        ("1101", 1, 1, [(0, 3)]),
        ("0000", 1, 0, []),
    ],
)
def test_runs(flags: str, least: int, gap: int, found: list[tuple[int, int]]) -> None:
    assert runs(np.array([flag == "1" for flag in flags]), least, gap) == found


def test_a_flash_of_black_is_told_though_so_short_a_gap_would_be_bridged() -> None:
    looked = good()
    looked.boxes[50:55], looked.points[50:55], looked.light[50:55] = np.nan, np.nan, np.nan
    assert said(looked) == []
    looked.small[50:55] = 0
    assert [sentence[:7] for sentence in said(looked)] == ["0:12.00", "0:12.20"]
    assert longest(looked, find_troubles(looked, FPS)) == (0, 50)
