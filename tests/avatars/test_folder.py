"""An avatar's folder: what must be there, and what is refused."""

import shutil
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from presenter import CONSENT, own_consent, talking

from host_engine.avatars.finders import typical_points
from host_engine.avatars.folder import Footage
from host_engine.avatars.new_folder import new_folder, put_consent
from host_engine.avatars.parts import Goes, Parts, write
from host_engine.document import Problems

NOW = datetime(2026, 11, 22)
BOX = np.array([56, 58, 136, 162], np.float32)


def avatar(folder: Path, frames: int = 30) -> Footage:
    """A small avatar of the painted presenter."""
    boxes = np.repeat(BOX[None], frames, 0)
    points = np.repeat(typical_points(BOX)[None], frames, 0)
    parts = Parts(talking(frames), boxes, points, (0, frames - 1), ((0, 9),), "footage")
    return write(parts, Goes(folder / "anna", own_consent(folder)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    return avatar(tmp_path_factory.mktemp("avatars"))


@pytest.fixture
def copy(made: Footage, tmp_path: Path) -> Path:
    shutil.copy(made.folder.parent / "own.yaml", tmp_path)
    return Path(shutil.copytree(made.folder, tmp_path / "anna"))


def test_what_was_written_is_read_again(made: Footage) -> None:
    about = made.about
    assert (about.name, about.kind, about.size, about.frames, about.fps) == ("anna", "footage", (192, 256), 30, 25)
    assert (about.talk, about.idle) == ((0, 29), ((0, 9),))
    assert made.boxes.shape == (30, 4)
    assert made.points.dtype == np.float32
    assert made.small is not None
    assert made.small.shape == (30, 24, 24)
    assert made.refused(NOW) is None
    assert sorted(path.name for path in made.folder.iterdir()) == [
        "avatar.yaml", "consent.yaml", "faces.npz", "frames.mp4", "preview.png",
    ]  # fmt: skip
    assert not list(made.folder.parent.glob(".*"))


def test_everything_that_is_missing_is_told_at_once(copy: Path) -> None:
    for name in ("frames.mp4", "faces.npz", "consent.yaml"):
        (copy / name).unlink()
    with pytest.raises(Problems) as told:
        Footage.open(copy)
    assert [Path(problem.path).name for problem in told.value.problems] == ["frames.mp4", "faces.npz", "consent.yaml"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="there is no such folder; make one with 'avatar make'"):
        Footage.open(tmp_path / "nobody")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("frames: 30", "frames: 31", "do not fit 31 frames"),
        ("frames: 30", "frames: 9", "but the frames are 0 to 8"),
        ("kind: footage", "kind: film", r"avatar\.yaml:2: kind: 'film' is not one of"),
        ("fps: 25", "fps: 250", r"fps: '250' is too big"),
        ("fps: 25", "speed: 25", "there is no field 'speed' here"),
    ],
)
def test_a_wrong_avatar_file_is_told(copy: Path, old: str, new: str, said: str) -> None:
    path = copy / "avatar.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(Problems, match=said):
        Footage.open(copy)


def test_damaged_faces_are_told(copy: Path) -> None:
    path = copy / "faces.npz"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(Problems, match=r"faces\.npz: the faces cannot be read"):
        Footage.open(copy)
    np.savez(path, boxes=np.full((30, 4), np.nan), points=np.zeros((30, 5, 2)))
    with pytest.raises(Problems, match="is not a number"):
        Footage.open(copy)
    np.savez(path, boxes=np.full((30, 4), 900.0), points=np.zeros((30, 5, 2)))
    with pytest.raises(Problems, match=r"outside the picture in frame 0 \(30 such\)"):
        Footage.open(copy)
    np.savez(path, boxes=np.array([object()] * 30), points=np.zeros((30, 5, 2)))
    with pytest.raises(Problems, match="the faces cannot be read"):
        Footage.open(copy)


def test_a_consent_that_was_changed_is_refused(copy: Path) -> None:
    footage = Footage.open(copy)
    path = copy / "consent.yaml"
    path.write_text(path.read_text().replace("2099-12-31", "2199-12-31"))
    assert "consent.yaml was changed since" in str(footage.refused(NOW))
    with pytest.raises(Problems, match=r"avatar\.yaml:\d+: consent\.sha256: consent\.yaml was changed since"):
        Footage.open(copy)
    path.unlink()
    assert "there is no such file" in str(footage.refused(NOW))


@pytest.mark.parametrize("where", ["copy", "original"])
def test_a_revocation_counts_wherever_it_is_written(copy: Path, where: str) -> None:
    footage = Footage.open(copy)
    path = copy / "consent.yaml" if where == "copy" else copy.parent / "own.yaml"
    path.write_text(path.read_text() + "revoked: 2026-11-22\n")
    assert "was revoked on 2026-11-22; ask anna@example.com" in str(footage.refused(NOW))
    assert footage.refused(date(2026, 11, 21)) is None or where == "copy"


def test_an_original_that_is_gone_or_broken_leaves_the_copy(copy: Path) -> None:
    footage = Footage.open(copy)
    original = copy.parent / "own.yaml"
    original.write_text("person: [")
    assert footage.refused(NOW) is None
    original.unlink()
    assert footage.refused(NOW) is None
    assert "does not cover the brand 'Shoes'" in str(footage.refused(NOW, brand="Shoes"))


def test_a_new_consent_is_put_in(copy: Path) -> None:
    later = copy.parent / "later.yaml"
    later.write_text("kind: own-artwork\n" + CONSENT.replace("2099", "2199"))
    put_consent(copy, later)
    footage = Footage.open(copy)
    assert footage.consent.expires.year == 2199
    later.write_text(later.read_text() + "revoked: 2026-01-02\n")
    assert "revoked" in str(footage.refused(NOW))
    with pytest.raises(Problems, match="was revoked"):
        put_consent(copy, later)


def test_nothing_half_made_is_left(tmp_path: Path) -> None:
    def half() -> None:
        with new_folder(tmp_path / "anna") as part:
            (part / "frames.mp4").write_text("half")
            raise RuntimeError("cut")

    with pytest.raises(RuntimeError, match="cut"):
        half()
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_replaced_only_when_that_is_said(made: Footage, copy: Path) -> None:
    with pytest.raises(FileExistsError, match="is already there; name another folder, or say --replace"):
        avatar(copy.parent)
    with new_folder(copy, replace=True) as part:
        (part / "new").touch()
    assert [path.name for path in copy.iterdir()] == ["new"]
    with pytest.raises(FileExistsError, match="is no avatar's folder"), new_folder(copy, replace=True):
        pass
    assert (copy / "new").exists()
