"""What the compositor shows for a beat, and that it waits for nothing."""

import logging
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from host_engine.host import stage
from host_engine.host.compositor import CROSSFADE, RING, Compositor
from host_engine.host.overlay import Look
from host_engine.host.perform import Pose
from host_engine.media import Beat, Face, Format, Picture
from host_engine.show.rundown import Card, Line, Question, Token
from host_engine.show.scene import Box, Scene, load_scenes

SCENES = load_scenes(Path(__file__).parents[2] / "scenes")
SMALL = Format(360, 640)
SLAB = Box(0, 442, 8, 8)  # a bit of the desk, light by day and dark in the evening
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SILENCE = np.zeros(SMALL.samples, np.float32)


@pytest.fixture(autouse=True)
def _drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The studios are the same in every test."""
    monkeypatch.setattr(stage, "studio", _studio)


_studio = lru_cache(stage.studio)


class AtOnce(Executor):
    """Does the work where it is asked for."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class Never(Executor):
    """Takes work and never does it, until told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, Future[Any]]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.waiting.append((fn, Future()))
        return self.waiting[-1][1]

    def work(self) -> None:
        for fn, done in self.waiting:
            done.set_result(fn())
        self.waiting.clear()


class Grey:
    """An avatar that is one grey, as bright as the mouth is open."""

    made = 0

    def __init__(self, width: int, height: int) -> None:
        Grey.made += 1
        self.size = width, height
        self.stood = 0

    def stand_before(self, background: Picture) -> None:
        assert background.shape == (self.size[1], self.size[0], 3)
        self.stood += 1

    def draw(self, face: Face, pose: Pose, out: Picture) -> tuple[int, int, int, int]:
        out[:] = round(255 * face.mouth.open)
        return 0, 0, *self.size


class Still:
    def pose(self, n: int, beat: Beat) -> Pose:
        return Pose()


def compositor(
    scene: str = "studio", format: Format = SMALL, threads: Executor | None = None, **more: Any
) -> Compositor:
    more = {"scenes": SCENES, "make_avatar": Grey, "now": lambda: NOW, **more}
    return Compositor(format, scene=scene, performer=Still(), threads=threads or AtOnce(), **more)


def line(text: str = "Look at this tea", **parts: Any) -> Line:
    return Line(text, text, tuple(Token(word, word) for word in text.split()), "en", "s1", **parts)


def card(**changes: Any) -> Card:
    whole = dict(product="p", title="Tea", brand="Uji", price="€20", sale_price="€15", saving="-25 %", picture=None)
    return Card(**{**whole, "ends": None, "availability": "in stock", **changes})


def beat(said: Line | None = None, word: int = 1, mouth: float = 0.0, clip: Picture | None = None) -> Beat:
    face = Face(Face().mouth._replace(open=mouth), speaking=said is not None)
    return Beat(SILENCE, face, said, word, clip)


def run(of: Compositor, shown: Beat, start: int = 0, frames: int = 15) -> Picture:
    for n in range(start, start + frames):
        picture = of.draw(n, shown)
    return picture.copy()


def luma(picture: Picture, box: Box) -> Picture:
    return picture[box.y : box.bottom, box.x : box.right]


def box_of(name: str, scene: str = "studio-vertical", format: Format = SMALL) -> Box:
    return SCENES[scene].scaled(format.width, format.height).boxes()[name]


def only(*names: str) -> dict[str, Scene]:
    return {name: SCENES[name] for name in names}


@pytest.mark.parametrize("format", [Format(1080, 1920), Format(640, 360), SMALL])
def test_a_scene_serves_every_size_of_its_shape(format: Format) -> None:
    for name in ("studio", "product-close-up"):
        made = compositor(name, format, scenes=only(f"{name}-vertical", f"{name}-wide"))
        picture = run(made, beat(line(card=card(ends=NOW + timedelta(hours=1)))), frames=2)
        assert picture.shape == (format.height * 3 // 2, format.width)
        assert picture.dtype == np.uint8


def test_the_host_moves_and_is_hidden_by_the_desk() -> None:
    made = compositor()
    face = luma(run(made, beat(mouth=0.2), 0), Box(150, 150, 60, 40)).copy()
    later = run(made, beat(mouth=0.8), 20)
    assert (luma(later, Box(150, 150, 60, 40)).astype(int) - face > 50).all()
    desk = SCENES["studio-vertical"].scaled(360, 640).desk
    assert desk is not None
    below = Box(0, desk, 360, 4)
    np.testing.assert_array_equal(luma(later, below), luma(run(made, beat(mouth=0.1), 40), below))


def test_the_label_is_always_seen() -> None:
    for format in (SMALL, Format(640, 360)):
        for name in ("studio", "flash-sale", "product-close-up"):
            made = compositor(name, format)
            scene = made._home.scene
            box = scene.label.box
            for picture in (run(made, beat(line(card=card())), frames=3), made.draw_slate(50)):
                part = luma(picture, box)
                assert part.min() < 60
                assert part.max() > 180


def test_the_channels_own_label_is_drawn() -> None:
    box = box_of("label")
    own = luma(run(compositor(label="Virtual presenter"), beat(), frames=1), box)
    assert (own != luma(run(compositor(), beat(), frames=1), box)).any()


def test_card_caption_question_and_countdown_come_and_go() -> None:
    made = compositor()
    empty = run(made, beat())
    asked = Question("Ana", "Is it organic?")
    full = run(made, beat(line(card=card(ends=NOW + timedelta(minutes=5)), question=asked)), 20)
    for name in ("card", "caption", "question", "countdown"):
        assert (luma(full, box_of(name)) != luma(empty, box_of(name))).any(), name
    gone = run(made, beat(line("No card here")), 60)
    for name in ("card", "question", "countdown"):
        np.testing.assert_array_equal(luma(gone, box_of(name)), luma(empty, box_of(name)))


def test_a_card_without_end_and_an_ended_sale_have_no_countdown() -> None:
    made = compositor()
    box = box_of("countdown")
    empty = luma(run(made, beat()), box).copy()
    for number, ends in enumerate((None, NOW - timedelta(seconds=1))):
        shown = run(made, beat(line(f"Card {number}", card=card(ends=ends))), 20 + 40 * number)
        np.testing.assert_array_equal(luma(shown, box), empty)


def test_the_word_being_said_is_highlighted() -> None:
    made = compositor()
    said = line("One two three four")
    run(made, beat(said))
    pictures = [luma(run(made, beat(said, word), 20 + word, 1), box_of("caption")) for word in range(4)]
    for before, after in pairwise(pictures):
        assert (before != after).any()


def test_the_last_card_stays_a_while_in_silence() -> None:
    made = compositor()
    empty = luma(run(made, beat()), box_of("card")).copy()
    shown = luma(run(made, beat(line(card=card())), 20), box_of("card")).copy()
    np.testing.assert_array_equal(luma(run(made, beat(), 40, 50), box_of("card")), shown)
    np.testing.assert_array_equal(luma(run(made, beat(), 140, 30), box_of("card")), empty)


def test_a_scene_changes_with_a_crossfade_and_back() -> None:
    made = compositor()
    studio = run(made, beat(line()))
    sale = line("Hurry", scene="flash-sale")
    first = made.draw(15, beat(sale)).astype(int)
    end = run(made, beat(sale), 16, CROSSFADE + 10).astype(int)
    corner = SLAB
    start, mixed, done = (luma(each, corner).mean() for each in (studio, first, end))
    assert min(start, done) < mixed < max(start, done)
    assert abs(mixed - start) < abs(mixed - done)
    back = run(made, beat(line()), 60, CROSSFADE + 10)
    np.testing.assert_array_equal(luma(back, corner), luma(studio, corner))


def test_without_a_line_the_scene_stays() -> None:
    made = compositor()
    sale = run(made, beat(line("Hurry", scene="flash-sale")), frames=30)
    corner = SLAB
    np.testing.assert_array_equal(luma(run(made, beat(), 40), corner), luma(sale, corner))


def test_an_unknown_scene_is_told_once_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    made = compositor()
    before = run(made, beat(line()))
    with caplog.at_level(logging.WARNING):
        after = run(made, beat(line(scene="kitchen")), 20)
    corner = SLAB
    np.testing.assert_array_equal(luma(after, corner), luma(before, corner))
    assert caplog.text.count("there is no scene 'kitchen'") == 1


def test_a_first_scene_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="no scene 'kitchen' for a picture of 360x640; those that fit it: be-right"):
        compositor("kitchen")


def test_one_host_is_made_for_each_size() -> None:
    Grey.made = 0
    compositor()
    boxes = {SCENES[f"{name}-vertical"].scaled(360, 640).boxes()["host"][2:] for name in ("studio", "flash-sale")}
    assert Grey.made == len(boxes) + 1  # and the one of the close-up


def test_no_frame_waits_for_what_is_being_drawn() -> None:
    threads = Never()
    made = compositor(threads=threads)
    empty = run(made, beat())
    waiting = run(made, beat(line(card=card(), scene="flash-sale")), 20)
    np.testing.assert_array_equal(waiting, empty)
    threads.work()
    run(made, beat(line(card=card())), 40, 3)
    threads.work()
    assert (run(made, beat(line(card=card())), 50) != empty).any()


def test_expected_lines_are_ready_when_they_come() -> None:
    threads = Never()
    made = compositor(threads=threads)
    threads.work()
    coming = line("Soon on air", card=card())
    made.expect(coming)
    run(made, beat(), 0, 20)
    threads.work()
    empty = run(made, beat(), 20, 1)
    first = run(made, beat(coming), 21, 1)
    assert (luma(first, box_of("caption")) != luma(empty, box_of("caption"))).any()


def test_a_host_that_cannot_be_drawn_leaves_the_scene_on_air(caplog: pytest.LogCaptureFixture) -> None:
    def make(width: int, height: int) -> Grey:
        if Grey.made:
            raise RuntimeError("no room for another host")
        return Grey(width, height)

    Grey.made = 0
    made = compositor(make_avatar=make)
    before = run(made, beat(line()))
    after = run(made, beat(line(scene="product-close-up")), 20)
    np.testing.assert_array_equal(luma(after, SLAB), luma(before, SLAB))
    assert "no room for another host" in caplog.text


def test_the_ticker_runs_and_can_be_changed() -> None:
    made = compositor(ticker=["Free shipping", "Free returns"])
    first, second = (luma(run(made, beat(), n, 1), box_of("ticker")) for n in (0, 1))
    assert (first != second).any()
    made.set_ticker([])
    gone = luma(run(made, beat(), 2, 2), box_of("ticker"))
    np.testing.assert_array_equal(gone, luma(run(made, beat(), 9, 2), box_of("ticker")))


def test_a_product_video_plays_in_its_window() -> None:
    made = compositor()
    size = made.clip_size
    assert size is not None
    clip = np.full((size[1], size[0], 3), 255, np.uint8)
    shown = run(made, beat(line(card=card()), clip=clip))
    inner = box_of("clip")
    assert (luma(shown, Box(inner.x + 30, inner.y + 30, 60, 30)) > 230).all()


def test_the_slate_is_shown_and_left_again() -> None:
    made = compositor()
    show = run(made, beat(line()))
    slate = [made.draw_slate(n).copy() for n in range(20, 20 + CROSSFADE + 2)][-1]
    message = box_of("message", "be-right-back-vertical")
    assert luma(slate, message).max() > 230
    back = run(made, beat(line()), 60, CROSSFADE + 10)
    np.testing.assert_array_equal(back, show)


def test_without_a_slate_the_host_is_shown() -> None:
    scenes = only("studio-vertical")
    made = compositor(scenes=scenes)
    np.testing.assert_array_equal(made.draw_slate(5), run(compositor(scenes=scenes), beat(), 5, 1))


def test_a_picture_is_left_alone_while_it_is_encoded() -> None:
    made = compositor()
    held = made.draw(0, beat(mouth=0.1))
    copy = held.copy()
    for n in range(1, RING):
        made.draw(n, beat(mouth=n / RING))
    np.testing.assert_array_equal(held, copy)


def test_the_same_beats_give_the_same_pictures() -> None:
    shown = beat(line(card=card(ends=NOW + timedelta(hours=3))), 2, 0.4)
    np.testing.assert_array_equal(run(compositor(), shown), run(compositor(), shown))


def test_the_look_follows_the_size_of_the_picture() -> None:
    look = compositor(format=Format(1080, 1920), scenes=only("studio-vertical"))._home.look
    assert look == Look(SCENES["studio-vertical"].theme, 1.5, "en")


def test_a_scene_chosen_by_hand_is_on_air_with_the_next_frame_and_stays() -> None:
    made = compositor(threads=Never())
    made._lot._workshop = type(made._lot._workshop)(AtOnce())  # the stages are built, nothing that they show is drawn
    shown = line()
    run(made, beat(shown))
    made.choose("product-close-up")
    run(made, beat(shown), 20, 1)
    assert made.shown == ("product-close-up-vertical", 20)
    run(made, beat(line(scene="flash-sale")), 21, 20)
    assert made.shown[0] == "product-close-up-vertical"
    assert {each["name"] for each in made.choices() if each["by_hand"]} == {"product-close-up-vertical"}
    made.choose(None)
    run(made, beat(), 41, 1)
    assert made.shown == ("studio-vertical", 41)
    with pytest.raises(ValueError, match="there is no scene 'moon'"):
        made.choose("moon")


def test_a_scene_with_a_place_for_a_camera_is_chosen_before_and_seen_while_one_is_live() -> None:
    made = compositor()
    made.choose("human-and-host")
    assert {each["name"] for each in made.choices() if each["camera"]} == {"human-and-host-vertical"}
    run(made, beat(line()))
    assert made.shown[0] == "studio-vertical"  # no empty window
    camera = np.full((260, 164, 3), 255, np.uint8)
    seen = run(made, beat(line(), mouth=0.9)._replace(camera=camera), 15, 20)
    assert made.shown == ("human-and-host-vertical", 15)
    middle = Box(0, 90, 60, 100)
    host, human = (box_of(name, "human-and-host-vertical") for name in ("host", "camera"))
    assert (luma(seen, middle._replace(x=human.x + 50)) > 230).all()
    assert (luma(seen, middle._replace(x=host.x + 50)) < 30).all()  # she listens: her mouth is not that of the human
    edge = seen[human.y + 1, human.x + 1]
    assert edge < 230  # the window has round corners, as hers has
    run(made, beat(line()), 35)
    assert made.shown[0] == "studio-vertical"


def test_the_slate_of_a_mute_is_whole_at_once() -> None:
    made = compositor()
    run(made, beat(line()))
    at_once = made.draw_slate(20, at_once=True).copy()
    later = [made.draw_slate(n, at_once=True).copy() for n in range(21, 21 + CROSSFADE + 2)][-1]
    np.testing.assert_array_equal(at_once, later)
    with pytest.raises(LookupError, match="no slate"):
        compositor(scenes=only("studio-vertical")).draw_slate(0, at_once=True)


class Other(Grey):
    """Somebody else, who is white."""

    def draw(self, face: Face, pose: Pose, out: Picture) -> tuple[int, int, int, int]:
        out[:] = 255
        return 0, 0, *self.size


def test_another_host_comes_on_air_between_two_frames() -> None:
    made = compositor()
    face = luma(run(made, beat()), box_of("host"))[100:200, 100:200].copy()
    put_on_air = made.recast(Other)
    assert (luma(run(made, beat(), 20, 1), box_of("host"))[100:200, 100:200] == face).all()
    put_on_air()
    assert (luma(run(made, beat(), 21, 1), box_of("host"))[100:200, 100:200] > 230).all()
    with pytest.raises(ValueError, match="the host is"):
        made.recast(lambda width, height: Other(2, 2))
