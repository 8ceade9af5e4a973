"""The drawn host as footage: her face is where it is said to be."""

import numpy as np
import pytest

from host_engine.commands.drawn_footage import drawn_footage, perform


def test_her_eyes_are_where_the_points_say() -> None:
    parts = drawn_footage("mira", (360, 640), 25, 2.0)
    assert parts.boxes.shape == (50, 4)
    assert parts.talk == (0, 31)
    assert parts.idle == ((49, 49),)
    assert parts.kind == "drawn"
    checked = 0
    for number, picture in enumerate(parts.pictures):
        x0, y0, x1, y1 = parts.boxes[number]
        assert (parts.points[number] > (x0, y0)).all()
        assert (parts.points[number] < (x1, y1)).all()
        if number % 7 == 0 and picture is not None:
            for eye in parts.points[number][:2]:
                x, y = (round(float(value)) for value in eye)
                near = picture[y - 6 : y + 7, x - 8 : x + 9].astype(int).sum(2)
                skin = picture[round(float(y1)) - 12, round(float((x0 + x1) / 2))].astype(int).sum()
                assert near.min() < 0.55 * skin  # the iris is darker than any skin
                checked += 1
    assert checked >= 10


def test_a_performance_is_always_the_same_and_ends_in_silence() -> None:
    recorded = perform(100, 25)
    assert recorded == perform(100, 25)
    assert recorded.talk == 65
    assert recorded.faces[30].speaking
    assert not recorded.faces[70].speaking
    assert np.ptp([pose.yaw for pose in recorded.poses[:65]]) > 0.02


def test_a_host_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="there is no drawn host 'anna'; there are mira, leo"):
        drawn_footage("anna", (360, 640), 25, 2.0)
