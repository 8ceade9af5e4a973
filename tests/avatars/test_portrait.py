"""Hosts of a single portrait: what is wrong with a picture is said, and what is made moves like a calm person."""

import cv2
import numpy as np
import pytest
from painted_face import painted_face
from presenter import signed_consent

from host_engine.avatars.finders import Found
from host_engine.avatars.frames import Frames
from host_engine.avatars.make_photo import make_from_photo
from host_engine.avatars.parts import Goes
from host_engine.avatars.portrait import Portrait, box_around, points_of, read_portrait, turn_of
from host_engine.avatars.portrait_eyes import eyes_of
from host_engine.avatars.portrait_film import Film
from host_engine.avatars.portrait_layers import layers, person_mask
from host_engine.avatars.portrait_mesh import Mesh
from host_engine.avatars.portrait_motion import Motion, motions
from host_engine.avatars.source import FootageError

STILL = Motion(0, 0, 0, 0, 0, 0, (0, 0))


class Knows:
    """A finder that knows where the faces are."""

    def __init__(self, *faces):
        self.faces = list(faces)

    def find(self, number, picture):
        return self.faces


def portrait(**how):
    picture, box, points = painted_face(**how)
    return Portrait(picture, box, points)


def file_of(path, picture):
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return path


@pytest.fixture(scope="module")
def film():
    return Film(portrait())


def test_the_portrait_at_rest_is_the_picture(film):
    shown = film.picture(STILL).astype(int)
    assert np.abs(shown - painted_face()[0]).max() <= 2


def test_the_person_is_told_from_the_background():
    mask = person_mask(portrait()) > 0
    _, box, points = painted_face()
    x, y = points[2]
    assert mask[round(y), round(x)]
    assert mask[460, 180]  # the shirt
    assert mask[round(box[1]), 180]  # the hair
    assert not mask[:30].any()
    assert not mask[:200, :80].any()
    assert not mask[:200, 280:].any()


def test_behind_the_person_is_what_was_around_her():
    found = layers(portrait())
    alpha = found.person[..., 3]
    bare = cv2.dilate((alpha > 60).astype(np.uint8), np.ones((41, 41))) == 0
    assert np.abs(found.background[bare] - painted_face()[0][bare]).max() < 0.01
    rim = (alpha > 200) & (cv2.distanceTransform((alpha > 200).astype(np.uint8), cv2.DIST_L2, 3) < 5)
    rim[260:] = False
    assert found.background[rim][:, 0].mean() > 100  # the room's grey, not the hair's brown


def test_the_background_stands_still_while_she_moves(film):
    shown = [film.picture(motion) for motion in motions(100, 25, 3)[::7]]
    change = np.ptp(np.stack(shown).astype(int), axis=0).max(2)
    assert change[:25].max() <= 1
    assert change[:180, :60].max() <= 1
    assert change[:180, -60:].max() <= 1
    head = change[120:280, 130:230]
    assert head.mean() > 4


def test_a_turn_moves_the_nose_further_than_the_rim_of_the_head():
    mesh = Mesh(portrait())
    _, box, points = painted_face()
    hair = 0.2 * (box[2] - box[0])
    rim = np.array([(box[0] - hair, points[2, 1]), (box[2] + hair, points[2, 1])], np.float32)
    for side in (-1, 1):
        turned = STILL._replace(yaw=side * 0.06)
        nose = mesh.follow(points, turned)[2] - points[2]
        edge = mesh.follow(rim, turned) - rim
        assert 2 < side * nose[0] < 8
        assert abs(nose[0]) > 2 * np.abs(edge[:, 0]).max()


def test_what_is_told_of_the_points_is_where_they_are_seen():
    whole = portrait()
    mesh = Mesh(whole)
    motion = Motion(0.055, -0.03, 0.02, 0.8, 1.0, 0.0, (0, 0))
    there = mesh.follow(whole.points, motion)
    shown = mesh.places(motion)
    for at, point in zip(there, whole.points, strict=True):
        x, y = (round(float(v)) for v in at)
        assert np.abs(shown[y, x] - (point + np.array([x, y]) - at)).max() < 0.35


def test_nothing_folds_or_tears():
    mesh = Mesh(portrait())
    for motion in (
        Motion(0.06, 0.035, 0.023, 1, 1, 0, (0, 0)),
        Motion(-0.06, -0.035, -0.023, -1, 0, 0, (0, 0)),
    ):
        places = mesh.places(motion)
        across, down = np.diff(places[..., 0], axis=1), np.diff(places[..., 1], axis=0)
        assert 0.75 < across.min() < across.max() < 1.3
        assert 0.75 < down.min() < down.max() < 1.3


def test_the_motion_is_small_smooth_and_the_same_for_a_seed():
    moves = motions(600, 25, 1)
    assert moves == motions(600, 25, 1)
    assert moves != motions(600, 25, 2)
    angles = np.degrees(np.array([move[:3] for move in moves]))
    assert 2 < np.abs(angles).max() <= 5
    assert np.abs(np.diff(angles, axis=0)).max() < 0.4  # degrees a frame
    assert np.abs(np.diff(angles, axis=0)[[0, -1]]).max() < 0.02  # it stands still where the way turns
    blinks = np.array([move.blink for move in moves])
    starts = int(((blinks[1:] > 0.5) & (blinks[:-1] <= 0.5)).sum())
    assert 4 <= starts <= 12
    assert blinks[:10].max() == blinks[-10:].max() == 0
    breath = np.array([move.breath for move in moves])
    assert 10 <= int((np.diff(np.sign(breath - 0.5)) != 0).sum()) <= 14
    assert np.abs([move.gaze for move in moves]).max() < 0.5


def test_any_length_and_rate_can_be_made():
    for frames, fps in ((100, 5), (100, 25), (240, 60), (3000, 25)):
        assert len(motions(frames, fps, 1)) == frames


def test_shut_eyes_are_of_the_skin_above_them(film):
    whole = portrait()
    shut, opened = film.picture(STILL._replace(blink=1.0)), film.picture(STILL)
    for eye in eyes_of(whole):
        x, y = round(eye.x), round(eye.y)
        white = (slice(y - 2, y + 2), slice(x - 9, x - 6))
        assert opened[white].min() > 200
        skin = whole.picture[y - 12 : y - 9, x - 3 : x + 4].reshape(-1, 3).mean(0)
        assert np.abs(shut[y - 2 : y + 2, x - 2 : x + 3].reshape(-1, 3).mean(0) - skin).max() < 25
    away = np.abs(shut.astype(int) - opened).max(2)
    assert away[: round(whole.box[1])].max() <= 1
    assert away[round(float(whole.points[2, 1])) + 8 :].max() <= 1


def test_the_gaze_moves_the_iris_only(film):
    whole = portrait()
    left, right = (film.picture(STILL._replace(gaze=(x, 0.0))).astype(int) for x in (-1.0, 1.0))

    def dark(shown, eye):
        x, y = round(eye.x), round(eye.y)
        part = shown[y - 4 : y + 5, x - 14 : x + 15].sum(2) < 300
        return np.flatnonzero(part.any(0)).mean()

    for eye in eyes_of(whole):
        assert 1 < dark(right, eye) - dark(left, eye) < 8
    assert np.abs(right - left)[round(float(whole.points[2, 1])) :].max() <= 1


def test_a_portrait_becomes_an_avatar(tmp_path):
    picture, box, points = painted_face(270, 360, 100)
    path = file_of(tmp_path / "anna.png", picture)
    done = []
    goes = Goes(tmp_path / "anna", signed_consent(tmp_path), fps=10)
    made = make_from_photo(path, Knows(Found(box, points)), None, goes, lambda *said: done.append(said), seconds=4)
    about = made.footage.about
    assert (about.kind, about.frames, about.fps, about.talk) == ("photo", 40, 10, (0, 39))
    assert about.source.name == "anna.png"
    assert np.abs(made.footage.points - points).max() < 12
    assert done[-1] == ("Writing the frames", 40, 40)
    assert any("100 pixels wide" in note for note in made.notes)
    with Frames(made.footage, patience=5.0) as frames:
        assert np.abs(frames.frame(20).astype(int) - picture).mean() < 8


def test_it_is_cut_to_the_size_that_is_asked_for(tmp_path):
    picture, box, points = painted_face(800, 480, 130)
    path = file_of(tmp_path / "wide.png", picture)
    found = read_portrait(path, Knows(Found(box, points)), size=(270, 480))
    assert found.picture.shape == (480, 270, 3)
    assert abs(float(found.points[2, 0]) - 135) < 2
    larger = read_portrait(path, Knows(Found(box, points)), size=(540, 960))
    assert larger.picture.shape == (960, 540, 3)
    assert abs(larger.wide - 2 * found.wide) < 1


def test_the_points_may_be_given_by_hand(tmp_path):
    picture, _, points = painted_face()
    path = file_of(tmp_path / "anna.png", picture)
    given = points_of(" ".join(f"{x},{y}" for x, y in points))
    found = read_portrait(path, None, given)
    assert np.allclose(found.points, points, atol=0.1)
    assert np.abs(found.box - box_around(points)).max() < 1
    for text in ("", "1,2", "1,2 3,4 5,6 7,8 9,x", "1,2 3,4 5,6 7,8 nan,3"):
        with pytest.raises(FootageError, match="five places"):
            points_of(text)


def said(tmp_path, picture, *faces):
    with pytest.raises(FootageError) as refused:
        read_portrait(file_of(tmp_path / "p.png", picture), Knows(*faces))
    return str(refused.value)


def test_what_is_wrong_with_a_picture_is_said(tmp_path):
    picture, box, points = painted_face()
    face = Found(box, points)
    assert "no face is found" in said(tmp_path, picture)
    other = Found(box + 100, points + 100)
    assert "2 faces are found" in said(tmp_path, picture, face, other)
    small = painted_face(wide=60)
    assert "too small (60 pixels" in said(tmp_path, small[0], Found(*small[1:]))
    moved = np.array([0, box[1] - 2], np.float32)
    cut = np.ascontiguousarray(picture[int(moved[1]) :])
    assert "cut off above" in said(tmp_path, cut, Found(box - np.tile(moved, 2), points - moved))
    assert "cut off below" in said(tmp_path, picture[: int(box[3]) + 3], face)
    turned = painted_face(turned=0.17)
    assert "turned away by about" in said(tmp_path, turned[0], Found(*turned[1:]))
    assert "no face's" in said(tmp_path, picture, Found(box, points[::-1].copy()))
    with pytest.raises(FootageError, match="cannot be read"):
        read_portrait(tmp_path / "none.png", None)
    (tmp_path / "text.png").write_text("hello")
    with pytest.raises(FootageError, match="no picture in PNG or JPEG"):
        read_portrait(tmp_path / "text.png", None)
    whole = file_of(tmp_path / "p.png", picture)
    (tmp_path / "half.png").write_bytes(whole.read_bytes()[:3000])
    with pytest.raises(FootageError, match="damaged"):
        read_portrait(tmp_path / "half.png", None)
    with pytest.raises(FootageError, match="--detector"):
        read_portrait(whole, None)
    bomb = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (100_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    (tmp_path / "bomb.png").write_bytes(bomb)
    with pytest.raises(FootageError, match="100000x100000"):
        read_portrait(tmp_path / "bomb.png", None)


def test_a_turn_of_the_head_is_told_from_the_points():
    """Against a head in space: eyes and mouth in a plane, the nose before it, turned and seen from far away."""
    head = np.array([(-1, -1, 0), (1, -1, 0), (0, 0, 0.84), (-0.8, 1, 0), (0.8, 1, 0)], float) * 30
    for degrees in (-30, -20, -10, 0, 5, 15, 25):
        angle = np.radians(degrees)
        x = head[:, 0] * np.cos(angle) + head[:, 2] * np.sin(angle)
        seen = np.stack((x, head[:, 1]), 1).astype(np.float32)
        assert abs(turn_of(seen) - degrees) < 2
