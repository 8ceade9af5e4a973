"""Videos of every kind, read as upright frames at one rate."""

from pathlib import Path

import numpy as np
import pytest
from presenter import film, painted, talking

from host_engine.avatars.source import FootageError, look, pictures, rate_note, within
from host_engine.media import Picture

RED, GREEN, BLUE = (200, 30, 30), (30, 180, 30), (30, 30, 200)


def corners(size: tuple[int, int] = (96, 128)) -> Picture:
    """Red above left, green above right, blue below."""
    picture = np.full((size[1], size[0], 3), BLUE, np.uint8)
    picture[: size[1] // 2, : size[0] // 2] = RED
    picture[: size[1] // 2, size[0] // 2 :] = GREEN
    return picture


def colour(picture: Picture, x: float, y: float) -> int:
    """Which of red, green and blue is the strongest there."""
    return int(picture[int(y * picture.shape[0]), int(x * picture.shape[1])].argmax())


def shades(count: int) -> list[Picture]:
    """Grey pictures that tell their number."""
    return [np.full((64, 64, 3), 20 + 4 * n, np.uint8) for n in range(count)]


def numbers(found: list[Picture]) -> list[int]:
    return [round((float(picture.mean()) - 20) / 4) for picture in found]


@pytest.mark.parametrize("turned", [0, 1, 2, 3])
def test_a_picture_recorded_turned_is_read_upright(tmp_path: Path, turned: int) -> None:
    lying = np.rot90(corners(), -turned)
    video = look(film(tmp_path / "v.mp4", [lying] * 3, turned=turned))
    assert (video.width, video.height, video.turned) == (96, 128, turned)
    for picture in pictures(video, 25, (96, 128)):
        assert [colour(picture, 0.2, 0.2), colour(picture, 0.8, 0.2), colour(picture, 0.5, 0.8)] == [0, 1, 2]
    assert bool(video.notes) == bool(turned)


def test_ten_bit_colours_are_read(tmp_path: Path) -> None:
    video = look(film(tmp_path / "v.mp4", [painted()] * 3, pix_fmt="yuv420p10le"))
    (picture, *_) = pictures(video, 25, (192, 256))
    assert np.abs(picture.astype(int) - painted()).mean() < 4
    assert any("8 are kept" in note for note in video.notes)


def test_hdr_is_told(tmp_path: Path) -> None:
    video = look(film(tmp_path / "v.mp4", [painted()] * 3, pix_fmt="yuv420p10le", trc=16))
    assert any("it is HDR (PQ)" in note for note in video.notes)


def test_of_sixty_frames_a_second_twenty_five_are_taken(tmp_path: Path) -> None:
    video = look(film(tmp_path / "v.mp4", shades(48), 60))
    found = numbers(list(pictures(video, 25, (64, 64))))
    assert len(found) == 20
    assert found == [round(n * 60 / 25) for n in range(20)]


def test_a_changing_rate_keeps_its_times(tmp_path: Path) -> None:
    times = [0, 0.04, 0.08, 0.30, 0.34, 0.60]
    video = look(film(tmp_path / "v.mp4", shades(6), times=times))
    found = numbers(list(pictures(video, 25, (64, 64))))
    assert found[:6] == [0, 1, 2, 2, 2, 3]
    assert found[9] == 4
    assert found[-1] == 5


def test_a_part_is_taken(tmp_path: Path) -> None:
    video = look(film(tmp_path / "v.mp4", shades(30)))
    assert numbers(list(pictures(video, 25, (64, 64), 0.4, 0.6))) == [10, 11, 12, 13, 14]
    assert within(video, 0.4, None) == (0.4, float("inf"))
    with pytest.raises(FootageError, match=r"--from 0:05\.00 lies after the end of the video, at 0:01\.20"):
        within(video, 5, None)
    with pytest.raises(FootageError, match="does not lie after"):
        within(video, 1, 0.5)


def test_sound_is_ignored_and_a_slow_video_is_told(tmp_path: Path) -> None:
    video = look(film(tmp_path / "v.mp4", shades(15), 12, sound=True))
    assert len(list(pictures(video, 25, (64, 64)))) == pytest.approx(31, abs=1)
    assert "12.0 frames a second, the avatar 25" in str(rate_note(video, 25))
    assert rate_note(video, 12) is None


def test_a_damaged_video_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = film(tmp_path / "v.mkv", talking(50))
    data = bytearray(path.read_bytes())
    start = len(data) * 2 // 3
    data[start:] = bytes(len(data) - start)
    path.write_bytes(data)
    assert 5 < len(list(pictures(look(path), 25, (192, 256)))) < 50


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="there is no such file"):
        look(tmp_path / "none.mp4")
    (tmp_path / "text.mp4").write_text("not a video at all")
    with pytest.raises(FootageError, match="this is no video that can be read"):
        look(tmp_path / "text.mp4")
    (tmp_path / "empty.mp4").write_bytes(b"")
    with pytest.raises(FootageError, match=r"empty\.mp4: this is no video"):
        look(tmp_path / "empty.mp4")
