"""What counts as a frozen picture: in drawn scenes, after a fault of the drawing, and never for the host at rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from host_engine.channel.studio.build import build
from host_engine.channel.studio.studio import Studio
from host_engine.channel_file import config
from host_engine.media import Beat, Face, Format, Frame, Picture, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.picture_watch import PictureWatch, Place
from host_engine.outputs.programme import Watch
from host_engine.outputs.sound_watch import SoundWatch
from host_engine.playout.program import Program
from host_engine.timing import Timings

ROOT = Path(__file__).parents[2]
FORMAT = Format(360, 640, 25)
HOST = (0, 32, 360, 400)
CAPTION, TICKER = (12, 406, 336, 60), (0, 612, 360, 28)


class Scene:
    """A busy picture in which some places change from frame to frame."""

    def __init__(self) -> None:
        random = np.random.default_rng(1)
        small = random.integers(40, 200, (20, 12), dtype=np.uint8)
        self.ground = np.full((960, 360), 128, np.uint8)
        self.ground[:640] = cv2.resize(small, (360, 640), interpolation=cv2.INTER_CUBIC)

    def picture(self, n: int, *, breath: bool = False, words: bool = False) -> Picture:
        picture = self.ground.copy()
        if words:
            for x, y, w, h in (CAPTION, TICKER):
                at = x + n * 20 % w
                picture[y : y + h, at : at + 30] = 235
        if breath:  # shoulders that rise by four pixels
            picture[250 : 251 + n // 25 % 2 * 4, 100:300] = 220
        return picture


def encoded(pictures: Iterator[Picture], bitrate: int = 400_000, format: Format = FORMAT) -> list[Unit]:
    encoder = Encoder(format, preset="superfast", bitrate=bitrate)
    quiet = np.zeros((2, format.samples), np.float32)
    return [unit for n, picture in enumerate(pictures) for unit in encoder.encode(Frame(n, picture, quiet))]


def moves(units: list[Unit], place: Place | None) -> list[bool]:
    watch = PictureWatch(lambda: place)
    units = units[25:]  # the first picture of an encoder is a poor one
    return [watch.moved(unit.video) for unit in units if unit.key]


@pytest.mark.parametrize("bitrate", [150_000, 700_000])
def test_a_still_picture_is_still_whatever_coding_does_to_it(bitrate: int) -> None:
    units = encoded((Scene().picture(n) for n in range(176)), bitrate)
    assert moves(units, Place()) == [True] + [False] * 6


def test_captions_and_a_ticker_that_run_on_are_no_sign_of_life() -> None:
    units = encoded(Scene().picture(n, words=True) for n in range(126))
    assert moves(units, Place(HOST, (CAPTION, TICKER))) == [True] + [False] * 4
    assert all(moves(units, Place()))  # where nobody says what matters, they are


def test_a_breath_is_a_sign_of_life() -> None:
    units = encoded(Scene().picture(n, words=True, breath=True) for n in range(126))
    assert all(moves(units, Place(HOST, (CAPTION, TICKER))))


def test_a_scene_without_a_host_may_stand_still_and_a_change_of_scene_starts_anew() -> None:
    units = encoded(Scene().picture(n) for n in range(126))
    assert all(moves(units, None))
    places = iter([Place(HOST), Place(HOST), Place(), Place(), Place()])
    watch = PictureWatch(lambda: next(places))
    assert [watch.moved(unit.video) for unit in units[25::25]] == [True, False, True, False, False]


def test_what_cannot_be_decoded_is_no_alarm() -> None:
    watch, sound = PictureWatch(), SoundWatch(48_000)
    units = encoded(Scene().picture(n) for n in range(76))
    for data in (b"\0" * 100, b"\0\0\0\1\x65" + bytes(range(200)), b""):
        assert watch.moved(av.Packet(data) if data else av.Packet(1))
        assert sound.level(av.Packet(data or b"\0")) is None or data
    assert watch.moved(units[50].video)
    assert not watch.moved(units[75].video)


def test_the_level_is_that_of_the_sound() -> None:
    encoder = Encoder(Format(320, 320))
    tone = np.sin(2 * np.pi * 1000 / 48_000 * np.arange(1920)).astype(np.float32)
    picture = np.full((480, 320), 128, np.uint8)
    watch = SoundWatch(48_000)
    for amplitude, expected in ((0.1, -23.0), (0.001, -63.0), (0.0, -120.0)):
        frames = [Frame(encoder._last + 1 + n, picture, np.stack([tone, tone]) * amplitude) for n in range(25)]
        levels = [watch.level(packet) for frame in frames for unit in encoder.encode(frame) for packet in unit.aac]
        assert levels[-5:] == pytest.approx([expected] * 5, abs=2.0)


class Broken:
    """A picture that cannot be drawn any more from some frame on."""

    def __init__(self, last: int) -> None:
        self.scene, self.last = Scene(), last

    def draw(self, n: int, beat: Beat) -> Picture:
        if n > self.last:
            raise RuntimeError("no brush")
        return self.scene.picture(n, breath=True)

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


class Still:
    def mix(self, speech: Any) -> Any:
        return np.stack([speech, speech])


def test_a_fault_of_the_drawing_is_seen_within_four_seconds_and_its_end_too() -> None:
    picture = Broken(last=60)
    program = Program(picture, Still(), lambda: Encoder(FORMAT, preset="superfast", bitrate=400_000), Timings(25))
    watch, stood = Watch(FORMAT, -60.0), list[float]()
    beat = Beat(np.zeros(FORMAT.samples, np.float32), Face())
    try:
        for n in range(300):
            if n == 200:
                picture.last = 300
            stood += [watch.look([unit]).still for unit in program.encode(program.draw(n, beat))]
    finally:
        program.close()
    first = next(n for n, seconds in enumerate(stood) if seconds >= 3.0)
    assert 50 + 75 <= first <= 60 + 100  # the last picture that was drawn differs from the one of frame 50
    assert stood[225] == stood[-1] == 0


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    channel = config.load(ROOT / "channel.yaml").model_copy(update={"cache": tmp_path_factory.mktemp("cache")})
    channel._folder = ROOT
    studio = build(channel)
    yield studio
    studio.close()


def test_the_host_at_rest_is_never_taken_for_frozen_and_one_who_stands_still_is(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a long idle time one picture a second is drawn, and encoded at the bits a picture has on air."""
    place = Place(*studio.picture.alive or ())
    assert studio.picture._stage.scene.caption in place.without
    beat = studio.playout.idle.pull()
    slow = Format(720, 1280, 5)
    encoder, watch = Encoder(slow, preset="superfast", bitrate=500_000), Watch(slow, -60.0, lambda: place)
    stood = []
    for second in range(24):
        picture = studio.picture.draw((second + 1) * 25, beat)
        for n in range(second * 5, second * 5 + 5):
            units = encoder.encode(Frame(n, picture, np.zeros((2, slow.samples), np.float32)))
            stood.append(watch.look(units).still)
    assert max(stood) < 2
    pose = studio.picture._performer.pose(1600, beat)
    monkeypatch.setattr(studio.picture._performer, "pose", lambda n, beat: pose)
    pictures = (studio.picture.draw(1600 + n, beat) for n in range(101))
    still = encoded(pictures, 1_200_000, Format(720, 1280))
    assert moves(still, place) == [True] + [False] * 3
