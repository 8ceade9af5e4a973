"""Frames decoded ahead of their use: in any order, a bounded number, and none lost to a damaged file."""

import random
import threading
from pathlib import Path

import numpy as np
import pytest
from presenter import own_consent

from host_engine.avatars.finders import typical_points
from host_engine.avatars.folder import Footage
from host_engine.avatars.frames import Frames, NotYet
from host_engine.avatars.parts import Goes, Parts, write
from host_engine.document import Problems

COUNT, LONG = 60, 20.0  # frames; seconds that a test waits at most
BOX = np.array([20, 20, 80, 90], np.float32)


def picture(number: int) -> np.ndarray:
    """A picture that tells its number: the brightness of two fields, and noise that is hard to compress."""
    out = np.random.default_rng(number).integers(100, 140, (96, 112, 3)).astype(np.uint8)
    out[:48, :56] = 20 + 6 * (number % 32)
    out[48:, :56] = 40 + 60 * (number // 32)
    return out


def number_of(found: np.ndarray) -> int:
    low, high = float(found[8:40, 8:48].mean()), float(found[56:88, 8:48].mean())
    return round((low - 20) / 6) + 32 * round((high - 40) / 60)


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    folder = tmp_path_factory.mktemp("avatars")
    boxes, points = np.repeat(BOX[None], COUNT, 0), np.repeat(typical_points(BOX)[None], COUNT, 0)
    parts = Parts(map(picture, range(COUNT)), boxes, points, (0, COUNT - 1), (), "footage")
    return write(parts, Goes(folder / "anna", own_consent(folder)))


@pytest.mark.parametrize("order", ["forwards", "backwards", "anyhow"])
def test_every_frame_is_found_in_any_order(footage: Footage, order: str) -> None:
    numbers = {
        "forwards": [*range(COUNT), *range(5)],
        "backwards": list(range(COUNT - 1, -1, -1)),
        "anyhow": random.Random(1).sample(range(COUNT), COUNT),
    }[order]
    with Frames(footage, patience=LONG) as frames:
        for k, number in enumerate(numbers):
            frames.expect(numbers[k : k + 16])
            assert number_of(frames.frame(number)) == number
        assert frames.held <= 16 + 3 * 8
        assert frames.late == 0
        if order != "anyhow":
            assert frames.decoded <= 1.2 * len(numbers) + 16  # each is decoded about once


def test_pictures_are_nearly_what_was_written(footage: Footage) -> None:
    with Frames(footage, patience=LONG) as frames:
        found = frames.frame(7)
        assert found.shape == (96, 112, 3)
        assert not found.flags.writeable
        assert np.abs(found[:48, :48].astype(int) - picture(7)[:48, :48]).mean() < 1.5


def test_what_is_expected_is_there_without_waiting(footage: Footage) -> None:
    with Frames(footage, patience=LONG) as frames:
        frames.expect(range(20, 36))
        for number in range(20, 36):
            frames.frame(number)
        frames.patience = 0.0
        for number in range(20, 36):
            assert number_of(frames.frame(number)) == number
        assert frames.late == 0


def test_what_is_not_there_is_said_at_once_and_comes_later(footage: Footage) -> None:
    with Frames(footage, patience=0.0) as frames:
        with pytest.raises(NotYet):
            frames.frame(55)
        assert frames.late == 1
        frames.patience = LONG
        assert number_of(frames.frame(55)) == 55
        with pytest.raises(IndexError, match="there is no frame 60; the avatar has 60"):
            frames.frame(60)


def test_never_more_is_held_than_was_said(footage: Footage) -> None:
    with Frames(footage, ahead=4, patience=LONG) as frames:
        for number in random.Random(2).choices(range(COUNT), k=80):
            frames.expect(range(number, min(COUNT, number + 30)))
            frames.frame(number)
            assert frames.held <= 4 + 3 * 8


def damaged(footage: Footage, to: Path, first: int, last: int) -> Footage:
    """The same with the packets of these frames overwritten by noise."""
    import av

    (to / "anna").mkdir()
    for path in footage.folder.iterdir():
        (to / "anna" / path.name).write_bytes(path.read_bytes())
    data = bytearray((to / "anna" / "frames.mp4").read_bytes())
    with av.open(str(footage.video)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    for pos, size in places[first : last + 1]:
        data[pos + 4 : pos + size] = random.Random(pos).randbytes(size - 4)
    (to / "anna" / "frames.mp4").write_bytes(data)
    return Footage.open(to / "anna")


def test_a_damaged_part_leaves_the_last_good_frame_and_a_sentence(footage: Footage, tmp_path: Path) -> None:
    with Frames(damaged(footage, tmp_path, 24, 31), patience=LONG) as frames:
        seen = []
        for number in range(16, 48):
            frames.expect(range(number, COUNT))
            seen.append(number_of(frames.frame(number)))
        assert seen[:8] == list(range(16, 24))
        assert set(seen[8:16]) == {23}
        assert seen[16:] == list(range(32, 48))
        assert "frames 24 to 31 cannot be decoded" in str(frames.trouble)
        assert "make the avatar anew" in str(frames.trouble)


def test_a_file_that_ends_too_early_leaves_the_last_good_frame(footage: Footage, tmp_path: Path) -> None:
    broken = damaged(footage, tmp_path, 0, -1)
    broken.video.write_bytes(footage.video.read_bytes()[: footage.video.stat().st_size * 2 // 3])
    with Frames(broken, patience=LONG) as frames:
        assert number_of(frames.frame(10)) == 10
        assert number_of(frames.frame(59)) == 10
        assert frames.trouble


def test_a_file_whose_beginning_is_damaged_is_refused(footage: Footage, tmp_path: Path) -> None:
    with pytest.raises(Problems, match=r"frames\.mp4: its first frame cannot be decoded"):
        Frames(damaged(footage, tmp_path, 0, 7))


def test_a_file_that_is_no_video_is_refused(footage: Footage, tmp_path: Path) -> None:
    broken = damaged(footage, tmp_path, 0, -1)
    broken.video.write_text("no video")
    with pytest.raises(Problems, match=r"frames\.mp4: cannot be opened"):
        Frames(broken)


def test_closing_ends_the_thread(footage: Footage) -> None:
    frames = Frames(footage)
    frames.expect(range(30))
    frames.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "footage"]


def test_who_is_behind_makes_what_is_due_later_not_what_is_late(footage: Footage) -> None:
    with Frames(footage, patience=0.0) as frames:
        with frames._change:  # the thread that decodes cannot go on meanwhile
            frames.expect(range(20, 36))
            assert frames._order()[0] == 20
            with pytest.raises(NotYet):
                frames.frame(20)
            assert frames._order()[0] == 24
        frames.patience = LONG
        assert number_of(frames.frame(20)) == 20
        with frames._change:
            assert frames._order()[0] == 20
