"""Boxes given by hand, in CSV and in JSON."""

import json
from pathlib import Path

import numpy as np
import pytest

from host_engine.avatars.by_hand import POINTS, ByHand, read_boxes
from host_engine.avatars.finders import typical_points
from host_engine.document import Problems

EMPTY = np.zeros((4, 4, 3), np.uint8)


def test_lines_are_drawn_between_the_key_frames(tmp_path: Path) -> None:
    path = tmp_path / "boxes.csv"
    path.write_text("at, x0, y0, x1, y1\n0:02, 40, 20, 140, 120\n0, 0, 0, 100, 100\n")
    finder = ByHand(read_boxes(path), fps=10, start=0.5, scale=(2, 1))
    (face,) = finder.find(5, EMPTY)  # 1 s
    assert face.box.tolist() == [40, 10, 240, 110]
    assert face.points[0] == pytest.approx(typical_points(np.array([20, 10, 120, 110], np.float32))[0] * (2, 1))
    assert finder.find(99, EMPTY)[0].box.tolist() == [80, 20, 280, 120]


def test_points_are_taken_where_they_are_given(tmp_path: Path) -> None:
    points = [[30, 40], [70, 40], [50, 60], [35, 80], [65, 80]]
    path = tmp_path / "boxes.json"
    path.write_text(json.dumps([{"at": 0, "box": [0, 0, 100, 100], "points": points}]))
    assert ByHand(read_boxes(path), 25).find(3, EMPTY)[0].points.tolist() == points
    path = tmp_path / "boxes.csv"
    numbers = ",".join(str(value) for point in points for value in point)
    path.write_text(f"at,x0,y0,x1,y1,{','.join(POINTS)}\n0,0,0,100,100,{numbers}\n")
    assert ByHand(read_boxes(path), 25).find(3, EMPTY)[0].points.tolist() == points


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("b.csv", "at,x0,y0,x1\n0,1,2,3\n", r"b\.csv:1: the head must be at,x0,y0,x1,y1; there is no column y1"),
        ("b.csv", "at,x0,y0,x1,y1\n0,1,2,30,40\n1,a,2,30,40\n", r"b\.csv:3: box holds what is no number"),
        ("b.csv", "at,x0,y0,x1,y1\n0,10,2,3,40\n", r"b\.csv:2: the box is empty"),
        ("b.csv", "at,x0,y0,x1,y1\n0,1,2,30\n", r"b\.csv:2: box must hold 4 numbers"),
        ("b.csv", "at,x0,y0,x1,y1\n", "there is no key frame"),
        ("b.csv", "at,x0,y0,x1,y1\n1,1,2,30,40\n1,1,2,30,40\n", "two key frames are at the same time"),
        ("b.csv", "at,x0,y0,x1,y1,nose_x\n1,1,2,30,40,4\n", "of the points there is no column right_eye_x"),
        ("b.csv", "at,x0,y0,x1,y1\nsoon,1,2,30,40\n", "'soon' is not a time"),
        ("b.json", '[{"at": 0}]', r"b\.json: \[0\]: a key frame needs at"),
        ("b.json", '[{"at": 0, "box": [0, 0, 9, 9], "points": [[1, 2]]}]', "points must hold 5 x 2 numbers"),
        ("b.json", '[{"at": 0,\n]', r"b\.json:2: this is no JSON"),
        ("b.json", '[{"at": 0, "box": [0, 0, NaN, 9]}]', "box must hold 4 numbers"),
        ("b.json", "[3]", "a key frame needs at"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(Problems, match=said):
        read_boxes(path)


def test_files_that_are_no_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="cannot be read"):
        read_boxes(tmp_path / "none.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(Problems, match="no text file"):
        read_boxes(tmp_path / "b.csv")
