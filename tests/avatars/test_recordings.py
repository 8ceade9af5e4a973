"""Real faces: the recordings under HOST_ENGINE_RECORDINGS, where they are (face/yunet*.onnx and talking-face/*.mpg)."""

import os
from pathlib import Path

import numpy as np
import pytest
from presenter import own_consent

from host_engine.avatars.finders import YuNet
from host_engine.avatars.frames import Frames
from host_engine.avatars.make import Made, Wanted, make_from_video
from host_engine.avatars.parts import Goes


def recordings() -> tuple[Path, list[Path]]:
    """The detector and the videos, or a skipped test that says what is missing."""
    folder = os.environ.get("HOST_ENGINE_RECORDINGS")
    if not folder:
        pytest.skip("HOST_ENGINE_RECORDINGS does not name a folder with recordings of faces")
    models = sorted(Path(folder).glob("face/yunet*.onnx"))
    videos = sorted(Path(folder).glob("talking-face/*.mpg"))
    if not models or not videos:
        pytest.skip(f"there is no face/yunet*.onnx or no talking-face/*.mpg in {folder}")
    return models[0], videos


def made(folder: Path, model: Path, video: Path) -> Made:
    net = YuNet(model)
    goes = Goes(folder / video.stem, own_consent(folder))
    return make_from_video(video, lambda scale: net, goes, Wanted(), lambda what, done, count: None)


def test_avatars_are_made_of_real_people(tmp_path: Path) -> None:
    model, videos = recordings()
    for video in videos:
        avatar = made(tmp_path, model, video)
        footage = avatar.footage
        wide = footage.boxes[:, 2] - footage.boxes[:, 0]
        assert 60 < np.median(wide) < 200, video
        inside = (footage.points > footage.boxes[:, None, :2]) & (footage.points < footage.boxes[:, None, 2:])
        assert inside.all(), video
        right_eye, left_eye, nose, right, left = np.median(footage.points, axis=0)
        assert right_eye[0] < nose[0] < left_eye[0], video
        assert right_eye[1] < nose[1] < right[1], video
        assert right[0] < left[0], video
        assert avatar.trembling[1] < 0.15 * avatar.trembling[0], video
        with Frames(footage, patience=60) as frames:
            assert frames.frame(footage.about.frames - 1).shape[:2] == footage.about.size[::-1]
            assert frames.trouble is None
