"""From a video to an avatar: what is taken, what is refused, and that nothing half-made is left."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from presenter import ColourFinder, film, own_consent, painted, signed_consent, talking, with_another

from host_engine.avatars.frames import Frames
from host_engine.avatars.make import Made, Wanted, make_from_video
from host_engine.avatars.parts import Goes
from host_engine.avatars.source import FootageError
from host_engine.document import Problems
from host_engine.media import Picture

EVERYTHING = Wanted()


def make(video: Path, wanted: Wanted = EVERYTHING, fps: int = 25) -> Made:
    told: list[tuple[str, int, int]] = []
    goes = Goes(video.parent / "anna", signed_consent(video.parent), fps)
    made = make_from_video(video, lambda scale: ColourFinder(), goes, wanted, lambda *args: told.append(args))
    assert {what for what, _, _ in told} == {"Looking for the face", "Writing the frames"}
    assert told[-1][1] == told[-1][2] == made.footage.about.frames
    return made


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("video") / "talk.mp4", talking(90), sound=True)


def test_a_good_video_becomes_an_avatar(talk: Path) -> None:
    made = make(talk)
    footage = made.footage
    assert footage.about.frames == 90
    assert footage.about.size == (192, 256)
    assert footage.about.source is not None
    assert footage.about.source.name == "talk.mp4"
    assert [first for first, _ in footage.about.idle] == [0, pytest.approx(61, abs=2)]
    middle = (footage.boxes[:, 0] + footage.boxes[:, 2]) / 2
    sways = 96 + 3 * np.sin(2 * np.pi * np.arange(90) / 75)
    assert np.abs(middle - sways).max() < 1.5
    assert made.trembling[1] < made.trembling[0] / 3
    assert any("it repeats after 3.6 s" in note for note in made.notes)
    assert any("80 pixels wide" in note or "81 pixels wide" in note for note in made.notes)
    preview = cv2.imread(str(footage.folder / "preview.png"))
    assert preview.shape[1] > 6 * 150
    with Frames(footage, patience=20) as frames:
        assert np.abs(frames.frame(50).astype(int) - list(talking(90))[50]).mean() < 4


def test_a_part_another_rate_and_another_size_are_taken(talk: Path, tmp_path: Path) -> None:
    video = tmp_path / "talk.mp4"
    video.write_bytes(talk.read_bytes())
    made = make(video, Wanted((128, 128), 0.4, 2.4, idle=((0.4, 1.2),)), fps=30)
    about = made.footage.about
    assert (about.frames, about.size, about.fps, about.idle) == (60, (128, 128), 30, ((0, 23),))
    middle = (made.footage.boxes[:, :2] + made.footage.boxes[:, 2:]) / 2
    assert np.abs(middle[:, 0] - 64).max() < 8  # the face is in the middle of what was cut
    assert 0 < middle[:, 1].mean() < 100
    with Frames(made.footage, patience=20) as frames:
        x, y = (round(float(value)) for value in middle[20])
        red, green, blue = (int(value) for value in frames.frame(20)[y, x])
        assert red > green > blue


def test_the_same_video_turned_in_ten_bit_at_sixty_makes_the_same_avatar(tmp_path: Path) -> None:
    lying = (np.rot90(picture, -1) for picture in talking(120, 60))
    made = make(film(tmp_path / "turned.mp4", lying, 60, pix_fmt="yuv420p10le", turned=1))
    assert made.footage.about.size == (192, 256)
    assert made.footage.about.frames == 50
    assert any("turned by 90 degrees" in note for note in made.notes)
    with Frames(made.footage, patience=20) as frames:
        assert np.abs(frames.frame(0).astype(int) - painted()).mean() < 5


def cut() -> Iterator[Picture]:
    yield from talking(40)
    yield from talking(80, room=(150, 60, 160))


def two() -> Iterator[Picture]:
    for n, picture in enumerate(talking(75)):
        yield with_another(picture, 40, 210, 60) if 30 <= n < 50 else picture


def gone() -> Iterator[Picture]:
    for n, picture in enumerate(talking(80)):
        yield picture if n < 20 or n >= 45 else painted(x=-200)


TROUBLED = {
    "cut": (cut, "0:01.60: the picture is cut here; an avatar is made of one take", (40, 120)),
    "two": (two, "0:01.20 to 0:02.00 (0.8 s): two faces are in the picture; only the presenter's may be", (0, 30)),
    "gone": (gone, "0:00.80 to 0:01.80 (1.0 s): no face is found", (45, 80)),
}


@pytest.mark.parametrize("kind", TROUBLED)
def test_what_is_wrong_is_told_with_its_time_and_the_longest_good_stretch_is_taken(kind: str, tmp_path: Path) -> None:
    pictures, said, (first, stop) = TROUBLED[kind]
    video = film(tmp_path / f"{kind}.mp4", pictures())
    with pytest.raises(FootageError) as told:
        make(video)
    assert f"{video}: {said}" in str(told.value)
    assert "take it with --longest, or with --from" in str(told.value)
    assert {path.name for path in tmp_path.iterdir()} == {"anna.yaml", f"{kind}.mp4", "signed.pdf"}
    made = make(video, Wanted(longest=True))
    assert made.footage.about.frames == pytest.approx(stop - first, abs=2)
    assert made.footage.about.source is not None
    assert made.footage.about.source.start == pytest.approx(first / 25, abs=0.1)


def test_a_video_without_any_face_is_refused(tmp_path: Path) -> None:
    video = film(tmp_path / "room.mp4", [painted(x=-200)] * 40)
    with pytest.raises(FootageError, match=r"(?s)0:00\.00 to 0:01\.60 \(1\.6 s\): no face is found.*record anew"):
        make(video, Wanted(longest=True))


def test_small_and_dark_faces_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match=r"the face is too small \(4\d pixels wide; at least 48"):
        make(film(tmp_path / "far.mp4", [painted(wide=44)] * 40))
    with pytest.raises(FootageError, match=r"the face is too dark \(\d+ of 255; at least 28 are needed"):
        make(film(tmp_path / "dark.mp4", [painted(light=0.12, room=(4, 6, 8))] * 40))


def test_too_short_a_video_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match=r"0\.4 s are too short; at least 1 s are needed"):
        make(film(tmp_path / "blink.mp4", talking(10)))


def test_an_idle_stretch_outside_is_refused(talk: Path, tmp_path: Path) -> None:
    video = tmp_path / "talk.mp4"
    video.write_bytes(talk.read_bytes())
    with pytest.raises(
        FootageError, match=r"--idle 0:03\.00-0:09\.00 is not within what is taken, 0:00\.00 to 0:03\.60"
    ):
        make(video, Wanted(idle=((3.0, 9.0),)))


def test_without_a_valid_consent_nothing_is_made(talk: Path, tmp_path: Path) -> None:
    video = tmp_path / "talk.mp4"
    video.write_bytes(talk.read_bytes())

    def tried(consent: Path) -> str:
        goes = Goes(tmp_path / "anna", consent)
        with pytest.raises(Problems) as told:
            make_from_video(video, lambda scale: ColourFinder(), goes, Wanted(), lambda what, done, count: None)
        assert not (tmp_path / "anna").exists()
        return str(told.value)

    assert "there is no such file" in tried(tmp_path / "none.yaml")
    assert "was revoked on 2026-02-01" in tried(signed_consent(tmp_path, "revoked: 2026-02-01\n"))
    consent = signed_consent(tmp_path)
    consent.write_text(consent.read_text().replace("2099-12-31", "2026-01-31"))
    assert "expired after 2026-01-31" in tried(consent)
    (tmp_path / "signed.pdf").write_bytes(b"another")
    assert "is not the file that was meant" in tried(consent)


def test_a_name_that_cannot_be_used_is_told_before_the_work(talk: Path, tmp_path: Path) -> None:
    goes = Goes(tmp_path / "anna and bert", own_consent(tmp_path))
    with pytest.raises(FootageError, match="'anna and bert' is no name for an avatar"):
        make_from_video(talk, lambda scale: ColourFinder(), goes, Wanted(), lambda what, done, count: None)
