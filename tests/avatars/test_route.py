"""The way through the footage: to and fro without a repeated end, by joins that do not show."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from host_engine.avatars.route import TALK, Place, Route, limit_of, poses


def still(frames: int) -> NDArray[np.float32]:
    return np.zeros((frames, 1), np.float32)


def line(frames: int, step: float = 1.0) -> NDArray[np.float32]:
    """Poses that never come back."""
    return (np.arange(frames, dtype=np.float32) * step)[:, None]


def run(route: Route, speaking: list[bool]) -> list[Place]:
    place = route.start()
    places = [place]
    for speaks in speaking:
        places.append(route.next(places[-1], speaks))
    return places


def test_the_ends_are_not_shown_twice() -> None:
    route = Route((0, 3), (), still(4))
    assert [place.frame for place in run(route, [True] * 13)] == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]
    assert route.ahead(Place(2, 1), True, 4) == [3, 2, 1, 0]


def test_a_single_frame_stays() -> None:
    route = Route((0, 0), (), still(1))
    assert {place.frame for place in run(route, [True, False] * 5)} == {0}


def test_a_join_goes_to_the_nearest_pose() -> None:
    pose = np.array([*range(30), *range(100, 110), 300, 4.2, 500, 600], np.float32)[:, None]
    route = Route((0, 29), [(40, 43)], pose, limit=2.0)
    places = [Place(1, 1, TALK)]
    while not places[-1].joined:
        places.append(route.next(places[-1], False))
    assert [place.frame for place in places] == [1, 2, 3, 4, 41]  # it waited for the nearest


def test_where_no_pose_is_near_it_walks() -> None:
    route = Route((0, 5), [(10, 12)], line(13, 10.0), limit=1.0)
    place, seen = Place(3, -1, TALK), []
    for _ in range(9):
        place = route.next(place, False)
        seen.append(place.frame)
        assert not place.joined
    assert seen == [4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_one_idle_clip_follows_the_other() -> None:
    route = Route((0, 9), [(0, 2), (6, 9)], still(10))
    seen = {place.clip for place in run(route, [False] * 40)}
    assert seen >= {0, 1}


def test_a_limit_follows_what_the_footage_moves() -> None:
    assert limit_of(line(100, 2.0)) == 3.0
    assert limit_of(line(100, 0.01)) == 1.5
    assert limit_of(line(100, 50.0)) == 5.0
    assert limit_of(still(1)) == 1.5


def test_poses_are_told_in_per_cent_of_the_face() -> None:
    boxes = np.array([[0, 0, 200, 200], [2, 0, 202, 200]], np.float32)
    points = (np.full((2, 5, 2), 50.0) + np.array([[[0, 0]], [[2, 0]]])).astype(np.float32)
    pose = poses(boxes, points)
    assert abs(np.linalg.norm(pose[1] - pose[0]) - 0.5**0.5) < 1e-3
    dark, light = np.zeros((2, 4, 4), np.uint8), np.array([np.zeros((4, 4)), np.full((4, 4), 26)], np.uint8)
    assert np.linalg.norm(np.diff(poses(boxes, points, light), axis=0)) > 10
    assert np.linalg.norm(np.diff(poses(boxes, points, dark), axis=0)) < 1


@st.composite
def routes(draw: st.DrawFn) -> Route:
    frames = draw(st.integers(1, 60))
    seed = draw(st.integers(0, 2**16))
    walk = np.cumsum(np.random.default_rng(seed).normal(0, 1, (frames, 3)), 0).astype(np.float32)

    def stretch() -> tuple[int, int]:
        first = draw(st.integers(0, frames - 1))
        return first, draw(st.integers(first, frames - 1))

    return Route(stretch(), [stretch() for _ in range(draw(st.integers(0, 3)))], walk, draw(st.floats(0.1, 5)))


@settings(max_examples=150, deadline=None)
@given(routes(), st.lists(st.tuples(st.booleans(), st.integers(1, 40)), min_size=1, max_size=6))
def test_whatever_is_said_steps_are_small_and_joins_do_not_show(route: Route, says: list[tuple[bool, int]]) -> None:
    speaking = [speaks for speaks, count in says for _ in range(count)]
    places = run(route, speaking)
    frames = len(route._joins[TALK].frame)
    for before, place in pairwise(places):
        assert 0 <= place.frame < frames
        if place.joined:
            assert route._joins[place.clip].distance[before.frame] <= route.limit
            assert place.frame == route._joins[place.clip].frame[before.frame]
        else:
            assert abs(place.frame - before.frame) <= 1


@settings(max_examples=30, deadline=None)
@given(routes())
def test_in_the_long_run_every_frame_is_shown(route: Route) -> None:
    talk, clips = route.talk, route.idle
    said = {place.frame for place in run(route, [True] * 600)[150:]}
    assert said == set(range(talk[0], talk[1] + 1))
    silent = {place.frame for place in run(route, [False] * 1500)}
    wanted = clips or (talk,)
    assert silent >= {frame for first, last in wanted for frame in range(first, last + 1)}


@settings(max_examples=60, deadline=None)
@given(routes(), st.integers(0, 400))
def test_the_host_comes_to_what_is_wanted(route: Route, moment: int) -> None:
    """Whenever she begins or ends to speak, she soon is where she should be."""
    places = run(route, [True] * moment + [False] * 300)
    clips = route.idle or (route.talk,)
    assert any(first <= places[-1].frame <= last for first, last in clips) or places[-1].turns >= 2
    places = run(route, [False] * moment + [True] * 300)
    assert route.talk[0] <= places[-1].frame <= route.talk[1]
