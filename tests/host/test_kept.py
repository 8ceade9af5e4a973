"""What takes long to make is found again after a restart; a file that is broken, old or too much does no harm."""

import os
from pathlib import Path

import numpy as np
import pytest

from host_engine.host.drawing import draw_host
from host_engine.host.kept import Kept
from host_engine.host.music import Bed, Mixer
from host_engine.host.portfolio import ARTWORK, packed, unpacked
from host_engine.media import Format

CODE = Path(__file__)


class Painter:
    """Makes a picture and counts how often."""

    def __init__(self, size=10):
        self.times, self.size = 0, size

    def __call__(self):
        self.times += 1
        return np.full((self.size, self.size, 3), self.times, np.uint8)


def files(folder):
    return sorted(folder.iterdir())


def test_made_once_for_each_thing(tmp_path):
    paint = Painter()
    for _ in range(3):  # each as after a restart
        assert Kept(tmp_path).made(("studio", 1), CODE, paint)[0, 0, 0] == 1
    assert Kept(tmp_path).made(("studio", 2), CODE, paint)[0, 0, 0] == 2
    assert paint.times == 2
    assert [path.suffix for path in files(tmp_path)] == [".npz", ".npz"]


def test_other_code_makes_it_anew(tmp_path):
    paint, codes = Painter(), [tmp_path / "old.py", tmp_path / "new.py"]
    for number, code in enumerate(codes):
        code.write_text(f"version = {number}")
        Kept(tmp_path / "kept").made(("studio", 1), code, paint)
    assert paint.times == 2


@pytest.mark.parametrize("harm", [b"", b"garbage " * 100, "cut short", "flipped"])
def test_a_broken_file_is_made_anew_and_said(tmp_path, harm, caplog):
    paint = Painter(100)
    Kept(tmp_path).made(("studio", 1), CODE, paint)
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    path.write_bytes({"cut short": whole[:-50], "flipped": flipped}.get(harm, harm))
    assert Kept(tmp_path).made(("studio", 1), CODE, paint)[0, 0, 0] == 2
    assert str(path) in caplog.text
    assert Kept(tmp_path).made(("studio", 1), CODE, paint)[0, 0, 0] == 2


def test_a_file_of_something_else_is_no_artwork(tmp_path):
    Kept(tmp_path).made(("host",), CODE, Painter())
    artwork = Kept(tmp_path).made(("host",), CODE, lambda: draw_host("mira", "coral", 100), ARTWORK)
    assert artwork.name == "mira"


def test_a_disk_that_takes_nothing_does_not_matter(tmp_path, caplog):
    file = tmp_path / "file"
    file.write_text("")
    assert Kept(file / "folder").made(("studio",), CODE, Painter())[0, 0, 0] == 1
    assert "could not be kept" in caplog.text or "unreadable" in caplog.text


def test_the_least_used_makes_room(tmp_path):
    kept, paint = Kept(tmp_path, limit=100_000), Painter(100)
    for number in range(3):
        kept.made((number,), CODE, paint)
        for age, path in enumerate(sorted(files(tmp_path), key=lambda path: path.stat().st_mtime_ns, reverse=True)):
            os.utime(path, (1000 - age, 1000 - age))
    assert len(files(tmp_path)) == 3
    kept.made((0,), CODE, paint)  # used again: another one goes
    kept.made((3,), CODE, paint)
    assert len(files(tmp_path)) == 3
    kept.made((0,), CODE, paint)
    assert paint.times == 4
    kept.made((1,), CODE, paint)
    assert paint.times == 5


def test_half_written_files_of_the_dead_are_removed(tmp_path):
    old, young = tmp_path / "a.1-1.part", tmp_path / "b.1-1.part"
    old.write_text("")
    young.write_text("")
    os.utime(old, (0, 0))
    Kept(tmp_path).made((1,), CODE, Painter())
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize("host", [("mira", "coral"), ("leo", "navy")])
def test_artwork_comes_back_as_it_was(host, tmp_path):
    drawn = draw_host(*host, 200)
    back = unpacked(packed(drawn))
    assert same(drawn, back)
    Kept(tmp_path).made(host, CODE, lambda: drawn, ARTWORK)
    assert same(drawn, Kept(tmp_path).made(host, CODE, lambda: pytest.fail("it is there"), ARTWORK))


def same(one, other):
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and all(same(getattr(one, f), getattr(other, f)) for f in vars(one))
    return one == other


def test_music_from_the_folder_is_the_same_music(tmp_path):
    fresh, first, kept = (Bed(Format(fps=1), 3, kept) for kept in (None, Kept(tmp_path), Kept(tmp_path)))
    assert len(files(tmp_path)) == 1
    for _ in range(10):
        sound = fresh.next()
        assert np.array_equal(sound, first.next())
        assert np.array_equal(sound, kept.next())
    assert Mixer(Format(), kept=Kept(tmp_path)).mix(np.zeros(1920, np.float32)).shape == (2, 1920)
