"""`host-engine avatar make --photo` and `host-engine avatar import` from the command line."""

import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest
from painted_face import painted_face
from presenter import own_consent, painted
from typer.testing import CliRunner

from host_engine.avatars.folder import Footage
from host_engine.commands.avatar import app
from host_engine.process.ending import PROCESS


@pytest.fixture(autouse=True)
def _signals_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PROCESS, "interrupts", lambda: None)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, " ".join(result.output.split())


def portrait(folder: Path) -> tuple[Path, str]:
    picture, _, points = painted_face(240, 320, 100)
    cv2.imwrite(str(folder / "anna.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return folder / "anna.png", " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def test_a_photo_becomes_an_avatar(tmp_path: Path) -> None:
    photo, points = portrait(tmp_path)
    folder = tmp_path / "avatars" / "anna"
    made = ("--photo", photo, "--consent", own_consent(tmp_path), "-o", folder, "--seconds", 4, "--fps", 5)
    status, said = run("make", *made, "--points", points)
    assert status == 0, said
    assert "anna (photo)" in said
    assert "240x320, 5 frames a second, 4.0 s" in said
    assert Footage.open(folder).about.kind == "photo"


def test_what_is_wrong_with_a_photo_is_said(tmp_path: Path) -> None:
    photo, points = portrait(tmp_path)
    given = ("--photo", photo, "--consent", own_consent(tmp_path), "-o", tmp_path / "anna")
    for more, what in (
        ((), "say how the face in"),
        (("--points", "1,2"), "--points takes five places"),
        (("--points", points, "--seconds", 300), "4 to 120 s are made of a picture"),
        (("--points", points.replace(",", ",9", 1)), "no face's"),
    ):
        status, said = run("make", *given, *more)
        assert (status, what in said) == (1, True), said
    assert not (tmp_path / "anna").exists()


def test_a_folder_of_another_program_becomes_an_avatar(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    for name in ("full_imgs", "face_imgs"):
        (foreign / name).mkdir(parents=True)
    for number in range(6):
        picture = cv2.cvtColor(painted(), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(foreign / "full_imgs" / f"{number:08d}.png"), picture)
        cv2.imwrite(str(foreign / "face_imgs" / f"{number:08d}.png"), np.ascontiguousarray(picture[58:162, 56:136]))
    (foreign / "coords.pkl").write_bytes(pickle.dumps([(58, 162, 56, 136)] * 6))
    status, said = run("import", foreign, "--consent", own_consent(tmp_path), "-o", tmp_path / "anna")
    assert status == 0, said
    assert "anna (imported)" in said
    assert np.allclose(Footage.open(tmp_path / "anna").boxes, (56, 58, 136, 162))
    status, said = run("import", tmp_path, "--consent", own_consent(tmp_path), "-o", tmp_path / "berta")
    assert (status, "there is no full_imgs in it" in said) == (1, True)
