"""Marks are read back from every container, also after `ffmpeg -c copy`, and from files that are damaged."""

import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import CONTENT, SECONDS, copied, streamed, units, written

from host_engine.provenance.label import COMPOSITE, TRAINED
from host_engine.provenance.reading import Unreadable, read

PRODUCED = ("Tee & Söhne", CONTENT)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A file of each kind that the engine writes, by suffix."""
    folder = tmp_path_factory.mktemp("made")
    return {
        ".mp4": written(folder / "a.mp4"),
        ".mkv": written(folder / "a.mkv"),
        ".flv": streamed(folder / "a.flv"),
        "whole": written(folder / "whole.mp4", live=False),
    }


def check(path, sources=(TRAINED,)):
    found = read(path)
    assert (found.key_frames, found.marked, found.others) == (SECONDS, SECONDS, 0)
    assert found.contents == (PRODUCED,)
    assert found.sources == sources
    assert (found.first["frame"], found.last["frame"]) == (0, 25 * (SECONDS - 1))
    assert found.damage is None
    return found


@pytest.mark.parametrize("kind", [".mp4", ".mkv", ".flv", "whole"])
def test_what_the_engine_writes_is_marked_twice(made, kind):
    found = check(made[kind])
    assert (found.tagged["Label"], found.tagged["ContentProducer"], found.tagged["ProduceID"]) == ("1", *PRODUCED)


@pytest.mark.parametrize("of", [".mp4", ".mkv", ".flv"])
@pytest.mark.parametrize("to", ["b.flv", "b.mp4", "b.mkv", "b.ts"])
def test_the_marks_survive_copying(made, tmp_path, of, to):
    check(copied(made[of], tmp_path / to))


def test_also_copying_twice_and_cutting(made, tmp_path):
    found = read(copied(copied(made[".flv"], tmp_path / "b.ts"), tmp_path / "c.mp4", "-ss", "1", "-t", "2"))
    assert found.key_frames == found.marked >= 2


def test_it_tells_when_something_was_recorded_and_what_is_not_marked(tmp_path):
    check(written(tmp_path / "a.mp4", units(recorded=True)), (COMPOSITE,))
    found = read(written(tmp_path / "b.mp4", units(marked=False)))
    assert (found.key_frames, found.marked, found.tagged, found.contents) == (SECONDS, 0, None, ())


@pytest.mark.parametrize("kind", [".mp4", ".mkv", ".flv"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.99])
def test_a_file_that_was_cut_off_tells_what_is_left(made, tmp_path, kind, part):
    data = made[kind].read_bytes()
    path = tmp_path / f"cut{kind}"
    path.write_bytes(data[: int(len(data) * part)])
    found = read(path)
    assert found.contents == (PRODUCED,)
    assert 0 < found.key_frames <= SECONDS


@settings(max_examples=30)
@given(st.sampled_from([".mp4", ".mkv", ".flv", "whole"]), st.integers(0, 2**32), st.integers(1, 60))
def test_damage_is_never_more_than_a_sentence(made, tmp_path_factory, kind, seed, faults):
    data = bytearray(made[kind].read_bytes())
    dice = random.Random(seed)
    for _ in range(faults):
        data[dice.randrange(len(data))] = dice.randrange(256)
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(data)
    with suppress(Unreadable):
        assert read(path).key_frames >= 0


PLAYLIST = b"#EXTM3U\nhttp://127.0.0.1/x.ts\n"


@pytest.mark.parametrize("data", [b"", b"hello" * 1000, PLAYLIST, b"ffconcat version 1.0\n", bytes(9000)])
def test_what_is_no_video_is_a_sentence(tmp_path, data):
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="none of MP4"):
        read(path)


def test_no_file_and_no_pictures_are_sentences(tmp_path):
    with pytest.raises(Unreadable, match="no such file"):
        read(tmp_path / "nothing.mp4")
    with pytest.raises(Unreadable, match="this is no file"):
        read(tmp_path)
    sound = tmp_path / "sound.mkv"
    copied(written(tmp_path / "a.mkv"), sound, "-vn")
    with pytest.raises(Unreadable, match=r"no H\.264"):
        read(sound)
