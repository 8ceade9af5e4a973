"""`host-engine avatar` from the command line."""

from pathlib import Path

import pytest
from presenter import film, own_consent, talking
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


def boxes(folder: Path) -> Path:
    path = folder / "boxes.csv"
    path.write_text("at,x0,y0,x1,y1\n0,56,58,136,162\n1,58,58,138,162\n")
    return path


def test_an_avatar_is_made_listed_and_shown(tmp_path: Path) -> None:
    video = film(tmp_path / "anna.mp4", talking(40))
    consent, folder = own_consent(tmp_path), tmp_path / "avatars" / "anna"
    status, said = run("make", "--video", video, "--consent", consent, "--boxes", boxes(tmp_path), "-o", folder)
    assert status == 0, said
    assert "192x256, 25 frames a second, 1.6 s" in said
    assert "yes, it may be shown today" in said
    assert Footage.open(folder).boxes[0] == pytest.approx([56, 58, 136, 162], abs=1)
    status, said = run("list", tmp_path / "avatars")
    assert (status, "anna footage 192x256 1.6 s until 2099-12-31" in said) == (0, True)
    consent.write_text(consent.read_text() + "revoked: 2026-01-05\n")
    assert "was revoked on 2026-01-05" in run("list", tmp_path / "avatars")[1]
    assert "was revoked on 2026-01-05" in run("show", folder)[1]
    status, said = run("consent", folder, consent)
    assert (status, "was revoked" in said) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say what the avatar is made from: one of --video, --drawn"),
        (("--video", "v.mp4", "--drawn", "mira"), "say what the avatar is made from: one of"),
        (("--video", "v.mp4"), "say how the face is found: --detector (YuNet's ONNX file) or --boxes"),
        (("--video", "v.mp4", "--detector", "none.onnx"), "none.onnx: there is no such file; --detector takes"),
        (("--video", "v.mp4", "--boxes", "boxes.csv"), "v.mp4: there is no such file"),
        (("--video", "v.mp4", "--boxes", "boxes.csv", "--size", "720"), "'720' is not a size; write it like 720x1280"),
        (("--video", "v.mp4", "--boxes", "boxes.csv", "--size", "721x1280"), "both sides must be even"),
        (("--video", "v.mp4", "--boxes", "boxes.csv", "--idle", "3"), "'3' is not a stretch of time"),
        (("--drawn", "anna"), "there is no drawn host 'anna'; there are mira, leo"),
    ],
)
def test_what_cannot_be_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    boxes(tmp_path)
    status, output = run("make", "--consent", own_consent(tmp_path), *arguments)
    assert status == 1
    assert said in output
    assert not (tmp_path / "avatars").exists()


def test_a_folder_without_avatars_is_told(tmp_path: Path) -> None:
    assert "There is no avatar in" in run("list", tmp_path)[1]
    status, said = run("show", tmp_path / "nobody")
    assert (status, "there is no such folder" in said) == (1, True)
