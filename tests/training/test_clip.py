"""Learning from a video: its faces and sound in time with each other, and nobody's without consent."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from host_engine.avatars.source import FootageError
from host_engine.commands.cli import app
from host_engine.document import Problems
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.media import MouthShape
from host_engine.neural.hearing import at_16k
from host_engine.neural.small.geometry import crop_of
from host_engine.neural.small.mel import windows
from host_engine.neural.small.network import SIDE
from host_engine.training.clip import Clip, read_clip
from host_engine.training.footage import FootageLessons
from host_engine.training.footage_exam import FootageExam
from host_engine.training.pupil import Pupil
from host_engine.training.sitting import Sitting

TEXT = "Maybe five people bought the big blue bag before we had a look at all of them."
YEAR = timedelta(days=365)


def agreed(folder: Path, uses: str = "[live, training]", expires: date | None = None) -> Path:
    (folder / "signed.txt").write_text("yes")
    proof = hashlib.sha256(b"yes").hexdigest()
    path = folder / "consent.yaml"
    path.write_text(
        f"person: Mira\nscope: {{channels: any, brands: any, languages: any, uses: {uses}}}\n"
        f"given: {date.today() - YEAR}\nexpires: {expires or date.today() + YEAR}\ncontact: mira@example.org\n"
        f"proof: {{file: signed.txt, sha256: {proof}}}\n"
    )
    return path


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a video of the drawn host, who stands for a person, and where her face is in it."""
    folder = tmp_path_factory.mktemp("filmed")
    speech, sitting = EspeakVoice("en-us").speak(TEXT), Sitting("mira", "coral", 560)
    faces = ViseMouth().faces(speech, 25)
    with av.open(str(folder / "mira.mp4"), "w") as out:
        pictures, sound = (
            out.add_stream("libx264", 25, {"crf": "12", "preset": "ultrafast"}),
            out.add_stream("aac", 48_000),
        )
        pictures.width, pictures.height, pictures.pix_fmt, sound.layout = 448, 280, "yuv420p", "mono"
        rows = [
            "at,x0,y0,x1,y1,"
            + ",".join(f"{p}_{a}" for p in ("right_eye", "left_eye", "nose", "right_mouth", "left_mouth") for a in "xy")
        ]
        for n, face in enumerate(faces):
            pose = sitting.pose(1, 0.4)
            points = sitting.points(pose)
            sitting.picture(pose, MouthShape(*face.mouth), crop_of(points))
            for packet in pictures.encode(av.VideoFrame.from_ndarray(sitting.shown, format="rgb24")):
                out.mux(packet)
            box = [*(points.min(0) - 40), *(points.max(0) + 40)]
            rows.append(",".join(f"{value:.2f}" for value in (n / 25, *box, *points.ravel())))
        frame = av.AudioFrame.from_ndarray(speech.samples[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
        for packet in [*pictures.encode(), *sound.encode(frame), *sound.encode()]:
            out.mux(packet)
    (folder / "faces.csv").write_text("\n".join(rows))
    return folder


@pytest.fixture(scope="module")
def clip(filmed: Path) -> Clip:
    return read_clip(filmed / "mira.mp4", agreed(filmed), filmed / "faces.csv")


def test_sound_and_faces_are_in_time(clip: Clip) -> None:
    speech = EspeakVoice("en-us").speak(TEXT)
    frames = len(ViseMouth().faces(speech, 25))
    assert abs(len(clip.faces) - frames) <= 1
    assert clip.faces.shape[1:] == (SIDE, SIDE, 3)
    meant = windows(at_16k(speech.samples), 25)[: len(clip.said)].astype(np.float32)
    away = [
        float(np.abs(clip.said[3 + k : -3 + k or None].astype(np.float32) - meant[3:-3]).mean())
        for k in (-2, -1, 0, 1, 2)
    ]
    assert int(np.argmin(away)) == 2


def test_steps_on_a_video_teach(clip: Clip) -> None:
    lessons, pupil = FootageLessons(clip, 1, faces=2, windows=8, talks=2), Pupil(1)
    lesson = lessons.lesson()
    assert lesson.shapes is None
    assert lesson.said is not None
    missed = [pupil.learn(lesson, 0.0)[0] for _ in range(8)]
    assert missed[-1] < 0.9 * missed[0]
    assert torch.equal(FootageLessons(clip, 1, faces=2, windows=8, talks=2).lesson().target, lesson.target)


def test_the_exam_is_the_end_of_the_video(clip: Clip, tmp_path: Path) -> None:
    from host_engine.neural.small.net import load_blank

    found = FootageExam(clip).report(load_blank(dtype=torch.float32), tmp_path / "sheet.png")["summary"]
    assert found["held_out_frames"] == round(0.12 * len(clip.faces))
    assert found["mouth_psnr_untouched"] > found["mouth_psnr"]  # a blank network paints rubbish
    assert (tmp_path / "sheet.png").is_file()


def test_training_must_be_agreed_to(filmed: Path, tmp_path: Path) -> None:
    with pytest.raises(Problems, match="does not cover the use 'training'"):
        read_clip(filmed / "mira.mp4", agreed(tmp_path, "[live]"), filmed / "faces.csv")
    with pytest.raises(Problems, match="expired"):
        read_clip(filmed / "mira.mp4", agreed(tmp_path, expires=date.today() - timedelta(1)), filmed / "faces.csv")


def test_a_video_without_sound_teaches_nothing(filmed: Path, tmp_path: Path) -> None:
    with av.open(str(tmp_path / "mute.mp4"), "w") as out:
        stream = out.add_stream("libx264", 25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for packet in [*stream.encode(av.VideoFrame(64, 64, "yuv420p")), *stream.encode()]:
            out.mux(packet)
    with pytest.raises(FootageError, match="no sound"):
        read_clip(tmp_path / "mute.mp4", agreed(tmp_path), filmed / "faces.csv")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--video", "a.mp4"], "consent"),
        (["--video", "a.mp4", "--consent", "c.yaml"], "--detector"),
        (["--consent", "c.yaml"], "belong to a --video"),
        (["--drawn", "nobody"], "no drawn host 'nobody', but mira, leo"),
        (["--video", "a.mp4", "--consent", "c.yaml", "--boxes", "b.csv"], "c.yaml"),
    ],
)
def test_the_command_says_what_is_missing(given: list[str], said: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["train-mouth", "-o", str(tmp_path), *given])
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())
