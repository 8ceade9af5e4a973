"""Any talking video is judged from its file: a painted person whose mouth is known, in time, late, shuffled, mute."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from painted_face import painted_face

from host_engine.avatars.finders import Found, YuNet
from host_engine.avatars.source import FootageError
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.voice import open_voices
from host_engine.media import Picture
from host_engine.quality.film import Film
from host_engine.quality.judge_video import Judgement, judge_video
from host_engine.quality.lse import Sync
from host_engine.quality.openness import mouth, openness, usual
from host_engine.quality.syncnet import SyncNet
from host_engine.quality.watch import sound

FPS, SIZE = 25, (240, 320)
SAID = "Please put the blue bag in your basket before the big promotion ends."


class Known:
    """Knows the face, but for frames in which it is told to miss it."""

    def __init__(self, missing: range = range(0)) -> None:
        self._missing = missing
        _, self._box, self._points = face(0)

    def find(self, number: int, picture: Picture) -> list[Found]:
        return [] if number in self._missing else [Found(self._box, self._points)]


def face(opened: float) -> tuple[Picture, np.ndarray, np.ndarray]:
    return painted_face(*SIZE, wide=110, opened=opened)


@pytest.fixture(scope="module")
def said() -> tuple[np.ndarray, np.ndarray]:
    """How open the mouth is in each frame, and the sound."""
    speech = open_voices("espeak", "en", None).speak(SAID)
    return np.array([each.mouth.open for each in ViseMouth().faces(speech, FPS)]), speech.samples


def film(path: Path, openings: np.ndarray, samples: np.ndarray) -> Path:
    hop = 48_000 // FPS
    padded = np.pad(samples, (0, max(0, len(openings) * hop - len(samples))))
    with Film(path, SIZE, FPS) as made:
        for n, opening in enumerate(openings):
            made.add(face(float(opening))[0], padded[n * hop : (n + 1) * hop])
    return path


def judged(path: Path, finder: Known | None = None, **options) -> dict[str, float | bool | None]:
    found: Judgement = judge_video(path, lambda scale, fps: finder or Known(), 60, **options)
    return {each.name: each.passed for each in found.readings} | {
        f"{each.name}, value": each.value for each in found.readings
    }


@pytest.fixture(scope="module")
def lead(said, tmp_path_factory) -> float:
    """What is measured, in ms, where nothing was shifted."""
    found = judged(film(tmp_path_factory.mktemp("videos") / "said.mp4", *said))
    assert found["mouth ahead of the loudness"]
    assert found["agreement with the loudness"]
    assert found["frames with a face"]
    return found["mouth ahead of the loudness, value"]


@pytest.mark.parametrize("frames", [-3, -1, 2, 3])
def test_shifted_lips_are_found_within_15_ms(said, lead, tmp_path, frames):
    """Painted, encoded, decoded, found again."""
    openings, samples = said
    found = judged(film(tmp_path / "said.mp4", np.roll(openings, frames), samples))
    shifted = found["mouth ahead of the loudness, value"]
    assert lead - shifted == pytest.approx(1000 * frames / FPS, abs=15)
    assert found["mouth ahead of the loudness"] == (-45 <= shifted <= 125)


def test_shuffled_lips_fail(said, tmp_path):
    openings, samples = said
    found = judged(film(tmp_path / "shuffled.mp4", np.random.default_rng(1).permutation(openings), samples))
    assert found["agreement with the loudness"] is False
    assert found["roughness of the opening"] is False


def test_a_face_that_is_often_away_is_told(said, tmp_path):
    openings, samples = said
    found = judged(film(tmp_path / "away.mp4", openings, samples), Known(range(10, 40)))
    assert found["frames with a face"] is False
    assert found["agreement with the loudness"]


@pytest.mark.parametrize(("part", "why"), [("still", "nothing is heard"), ("short", "shorter than 2 s")])
def test_what_cannot_be_measured_is_said_so(said, tmp_path, part, why):
    openings, samples = said
    path = tmp_path / "part.mp4"
    if part == "still":
        film(path, openings, np.zeros_like(samples))
    else:
        film(path, openings[:30], samples[: 30 * 1920])
    found = judge_video(path, lambda scale, fps: Known(), 60)
    assert found.readings[-1].name == "lips"
    assert why in found.readings[-1].why


def test_no_face_at_all_is_a_sentence(said, tmp_path):
    path = film(tmp_path / "nobody.mp4", said[0][:60], said[1])
    with pytest.raises(FootageError, match="no face was found"):
        judge_video(path, lambda scale, fps: Known(range(1000)), 60)


def test_syncnet_judges_where_its_file_is_given(said, tmp_path, monkeypatch):
    given = []

    def lse(network: SyncNet, faces: Picture, samples: np.ndarray) -> Sync:
        given.append((faces.shape, len(samples)))
        return Sync(7.5, 6.5, 2)

    torch.save(SyncNet().state_dict(), tmp_path / "syncnet.model")
    monkeypatch.setattr("host_engine.quality.lse.lse", lse)
    path = film(tmp_path / "said.mp4", said[0][:60], said[1])
    found = judged(path, syncnet=tmp_path / "syncnet.model")
    ((shape, count),) = given
    assert shape == (60, 224, 224, 3)
    assert count == pytest.approx(60 * 640, abs=700)
    assert (found["LSE-D, SyncNet's distance, value"], found["LSE-C, its confidence, value"]) == (7.5, 6.5)
    assert found["sound late by SyncNet"] is False


def test_the_opening_is_read_from_the_pixels():
    known = np.linspace(0, 1, 21)
    seen = openness([mouth(*face(float(each))) for each in [*known, *np.zeros(20)]])[:21]
    assert np.corrcoef(known, seen)[0, 1] > 0.98
    assert seen[0] < 0.12
    assert seen[-1] > 0.3
    assert (np.diff(seen) > -0.05).all()


def test_a_face_that_is_none_leaves_the_opening_as_it_was():
    picture, box, points = face(0.6)
    assert mouth(picture, box, np.full((5, 2), np.nan, np.float32)) is None
    shut = usual([mouth(*face(0))], at_rest=True)
    seen = openness([mouth(picture, box, points), None, mouth(picture, box, points)], shut)
    assert seen[0] == seen[1] == seen[2] > 0.2
    assert openness([None, None]).tolist() == [0, 0]


def test_sound_that_begins_late_is_put_where_it_is_heard(tmp_path):
    """A click one second after the first picture, in a file whose sound begins after half a second."""
    import av

    path = tmp_path / "late.mkv"
    samples = np.zeros(48_000, np.int16)
    samples[24_000:24_100] = 20_000
    with av.open(str(path), "w") as file:
        picture = file.add_stream("libx264", FPS)
        picture.width, picture.height, picture.pix_fmt = *SIZE, "yuv420p"
        heard = file.add_stream("pcm_s16le", 48_000, layout="mono")
        for _ in range(50):
            file.mux(picture.encode(av.VideoFrame.from_ndarray(face(0)[0], "rgb24")))
        file.mux(picture.encode(None))
        for start in range(0, len(samples), 960):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + 960], "s16", "mono")
            frame.sample_rate, frame.pts = 48_000, start + 24_000
            file.mux(heard.encode(frame))
        file.mux(heard.encode(None))
    found = sound(path, 10)
    assert int(np.abs(found).argmax()) == pytest.approx(48_000, abs=150)
    assert len(sound(path, 1.2)) == int(1.2 * 48_000)


def recordings(pattern: str) -> list[Path]:
    folder = os.environ.get("HOST_ENGINE_RECORDINGS")
    return sorted(Path(folder).rglob(pattern)) if folder else []


def test_people_are_in_time():
    """Clips of the GRID corpus: real speakers pass, and fail when their lips come 200 ms late."""
    clips, models = recordings("grid_*.mpg"), recordings("yunet*.onnx")
    if not clips or not models:
        pytest.skip("the recordings (GRID clips and YuNet) are not here; name their folder in HOST_ENGINE_RECORDINGS")
    for clip in clips:
        found = judge_video(clip, lambda scale, fps: YuNet(models[0]), 60)
        assert not [each.name for each in found.readings if each.passed is False], clip
