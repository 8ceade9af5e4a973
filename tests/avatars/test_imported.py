"""Avatar folders of LiveTalking and MuseTalk: told apart, halved, checked, converted once; never trusted."""

import json
import os
import pickle

import cv2
import numpy as np
import pytest
from presenter import painted, signed_consent

from host_engine.avatars.bring_in import bring_in
from host_engine.avatars.finders import Found, typical_points
from host_engine.avatars.frames import Frames
from host_engine.avatars.imported import look
from host_engine.avatars.parts import Goes
from host_engine.avatars.source import FootageError

COUNT, WIDE = 10, 80


def pictures(count=COUNT):
    return [painted(x=90 + 2 * k) for k in range(count)]


def box(number):
    """x0, y0, x1, y1 of the face in a picture, as a detector has it."""
    x = 90 + 2 * number
    return x - WIDE // 2, 110 - 52, x + WIDE // 2, 110 + 52


def save(folder, shown):
    folder.mkdir(parents=True)
    for number, picture in enumerate(shown):
        cv2.imwrite(str(folder / f"{number:08d}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))


def wav2lip(folder, count=COUNT, order=(1, 3, 0, 2)):
    """As LiveTalking's avatars/wav2lip/genavatar.py writes it: y0, y1, x0, x1 and the faces cut out."""
    shown = pictures(count)
    save(folder / "full_imgs", shown)
    boxes = [box(k) for k in range(count)]
    save(
        folder / "face_imgs",
        [cv2.resize(p[y0:y1, x0:x1], (96, 96)) for p, (x0, y0, x1, y1) in zip(shown, boxes, strict=True)],
    )
    (folder / "coords.pkl").write_bytes(pickle.dumps([tuple(each[k] for k in order) for each in boxes]))
    return folder


def musetalk(folder, doubled=True, empty=()):
    """As MuseTalk's scripts/realtime_inference.py writes it: there and back, x0, y0, x1, y1 of numpy's."""
    shown, boxes = pictures(), [tuple(np.int64(v) for v in box(k)) for k in range(COUNT)]
    boxes = [(0.0, 0.0, 0.0, 0.0) if k in empty else each for k, each in enumerate(boxes)]
    if doubled:
        shown, boxes = shown + shown[::-1], boxes + boxes[::-1]
    save(folder / "full_imgs", shown)
    save(folder / "mask", [np.zeros((64, 64, 3), np.uint8)] * len(shown))
    for name in ("coords.pkl", "mask_coords.pkl"):
        (folder / name).write_bytes(pickle.dumps(boxes))
    (folder / "latents.pt").write_bytes(b"not even looked at")
    (folder / "avator_info.json").write_text(json.dumps({"avatar_id": "x", "video_path": "v.mp4", "bbox_shift": 0}))
    return folder


def test_a_folder_of_wav2lip_is_read(tmp_path):
    found = look(wav2lip(tmp_path / "anna"))
    assert (found.layout, len(found.pictures), found.size, found.notes) == ("wav2lip", COUNT, (192, 256), ())
    assert np.allclose(found.boxes, [box(k) for k in range(COUNT)])
    assert np.allclose(found.points[3], typical_points(found.boxes[3]))
    assert np.array_equal(next(iter(found.frames())), pictures()[0])


def test_a_folder_of_musetalk_is_halved(tmp_path):
    found = look(musetalk(tmp_path / "anna"))
    assert (found.layout, len(found.pictures)) == ("musetalk", COUNT)
    assert "there and back" in found.notes[0]
    eyes, mouth = found.points[0, :2].mean(0), found.points[0, 3:].mean(0)
    x0, y0, x1, y1 = box(0)
    assert np.allclose(eyes, ((x0 + x1) / 2, y0 + 0.275 * (y1 - y0)))
    assert np.allclose(mouth, ((x0 + x1) / 2, y0 + 0.75 * (y1 - y0)))
    assert found.boxes[0, 1] < y0 < mouth[1] < found.boxes[0, 3]


def test_a_folder_of_livetalkings_musetalk_stays_as_long_as_it_is(tmp_path):
    found = look(musetalk(tmp_path / "anna", doubled=False))
    assert (found.layout, len(found.pictures), found.notes) == ("musetalk", COUNT, ())


def test_pictures_are_taken_by_their_numbers(tmp_path):
    folder = wav2lip(tmp_path / "anna", 12)
    for path in sorted((folder / "full_imgs").iterdir()):
        path.rename(path.with_name(f"{int(path.stem)}.png"))  # 0, 1, 10, 11, 2 by name
    assert [int(path.stem) for path in look(folder).pictures] == list(range(12))


def test_the_order_of_the_coordinates_is_told_by_the_faces_themselves(tmp_path):
    usual, swapped = wav2lip(tmp_path / "a"), wav2lip(tmp_path / "b", order=(0, 1, 2, 3))
    assert np.allclose(look(usual).boxes, look(swapped).boxes)
    assert "not usual" in look(swapped).notes[0]
    sides = musetalk(tmp_path / "c", doubled=False)
    wide = [(40, 200, 20, 150)] * COUNT  # as corners it would have its end before its beginning
    (sides / "coords.pkl").write_bytes(pickle.dumps(wide))
    assert "y0, y1, x0, x1" in look(sides).notes[0]


def test_frames_without_a_face_are_bridged(tmp_path):
    found = look(musetalk(tmp_path / "anna", empty=(3, 4)))
    whole = look(musetalk(tmp_path / "berta"))
    assert np.allclose(found.boxes, whole.boxes, atol=0.01)
    assert "4 frames no face" in found.notes[0]


@pytest.mark.parametrize("kind", [wav2lip, musetalk])
def test_it_becomes_an_avatar_of_ours(tmp_path, kind):
    folder = kind(tmp_path / "foreign")
    done = []
    made = bring_in(folder, Goes(tmp_path / "anna", signed_consent(tmp_path)), lambda *said: done.append(said))
    about = made.footage.about
    assert (about.kind, about.frames, about.talk, about.size) == ("imported", COUNT, (0, COUNT - 1), (192, 256))
    assert made.footage.consent.person == "Anna Muster"
    assert about.source.name == "foreign"
    assert done[-1] == ("Writing the frames", COUNT, COUNT)
    assert any("typical face" in note for note in made.notes)
    with Frames(made.footage, patience=5.0) as frames:
        assert np.abs(frames.frame(7).astype(int) - pictures()[7]).mean() < 6


def test_a_detector_finds_the_points_anew(tmp_path):
    class Finder:
        def find(self, number, picture):
            corners = np.array(box(number), np.float32)
            return [Found(corners, typical_points(corners) + 3)]

    goes = Goes(tmp_path / "anna", signed_consent(tmp_path))
    made = bring_in(wav2lip(tmp_path / "foreign"), goes, lambda *said: None, Finder())
    assert made.notes == ()
    assert np.allclose(made.footage.points[5], typical_points(np.array(box(5), np.float32)) + 3, atol=1)


def test_without_consent_nothing_is_converted(tmp_path):
    folder = wav2lip(tmp_path / "foreign")
    expired = signed_consent(tmp_path)
    expired.write_text(expired.read_text().replace("2099-12-31", "2026-01-02"))
    with pytest.raises(Exception, match="expired"):
        bring_in(folder, Goes(tmp_path / "anna", expired), lambda *said: None)
    assert not (tmp_path / "anna").exists()


def refused(folder):
    with pytest.raises(FootageError) as found:
        look(folder)
    return str(found.value)


def test_what_is_missing_or_does_not_fit_is_said(tmp_path):
    assert "no such folder" in refused(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    assert "no full_imgs" in refused(tmp_path / "empty")
    folder = wav2lip(tmp_path / "anna")
    (folder / "full_imgs" / "00000004.png").unlink()
    assert "picture 4 is missing" in refused(folder)
    folder = wav2lip(tmp_path / "berta")
    (folder / "full_imgs" / "00000009.png").unlink()
    assert "holds 9 pictures, but coords.pkl the faces of 10" in refused(folder)
    folder = wav2lip(tmp_path / "carla")
    (folder / "full_imgs" / "4.png").write_bytes(b"")
    assert "there twice" in refused(folder)
    folder = wav2lip(tmp_path / "dora")
    (folder / "full_imgs" / "title.png").write_bytes(b"")
    assert "named by their number" in refused(folder)
    folder = wav2lip(tmp_path / "edda")
    (folder / "coords.pkl").unlink()
    assert "coords.pkl: the file cannot be read" in refused(folder)
    folder = wav2lip(tmp_path / "frida")
    (folder / "coords.pkl").write_bytes(pickle.dumps([(5000, 6000, 5000, 6000)] * COUNT))
    assert "do not lie in pictures of 192x256" in refused(folder)
    folder = wav2lip(tmp_path / "greta")
    (folder / "coords.pkl").write_bytes(pickle.dumps(["one", "two"]))
    assert "no list of faces" in refused(folder)
    folder = musetalk(tmp_path / "hanna", empty=range(1, COUNT))
    (folder / "coords.pkl").write_bytes(pickle.dumps([(0, 0, 0, 0)] * 2 * COUNT))
    assert "no face for 20 of its 20 frames" in refused(folder)


def test_an_avatar_of_ultralight_is_told_apart(tmp_path):
    folder = wav2lip(tmp_path / "anna")
    (folder / "ultralight.pth").write_bytes(b"")
    assert "Ultralight" in refused(folder)


def test_a_damaged_or_differing_picture_is_named(tmp_path):
    folder = wav2lip(tmp_path / "anna")
    damaged = folder / "full_imgs" / "00000005.png"
    damaged.write_bytes(damaged.read_bytes()[:200])
    goes = Goes(tmp_path / "out", signed_consent(tmp_path))
    with pytest.raises(FootageError, match=r"00000005\.png: the picture is damaged"):
        bring_in(folder, goes, lambda *said: None)
    cv2.imwrite(str(damaged), np.zeros((100, 100, 3), np.uint8))
    with pytest.raises(FootageError, match="100x100 pixels, the first one 192x256"):
        bring_in(folder, goes, lambda *said: None)
    assert not (tmp_path / "out").exists()


def test_a_command_in_its_pickle_is_not_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path / 'run'}",)

    folder = wav2lip(tmp_path / "anna")
    (folder / "coords.pkl").write_bytes(pickle.dumps(Evil()))
    assert "system" in refused(folder)
    assert not (tmp_path / "run").exists()
