"""Cards, captions, chips and the ticker: they stay in their boxes and say what they should."""

import logging
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from host_engine.host.canvas import Sprite
from host_engine.host.caption import Caption
from host_engine.host.card import card
from host_engine.host.clip_window import ClipWindow
from host_engine.host.overlay import Look, chip, countdown, logo, question, slate
from host_engine.host.photo import emblem, photo
from host_engine.host.ticker import Ticker
from host_engine.show.rundown import Card, Line, Question, Token
from host_engine.show.scene import Box, Theme

LOOK = Look(Theme(), 1.0, "de")
CARD = Card(
    "p1", "Hochleistungsfeuchtigkeitscreme mit Traubenkernöl, Doppelpack 2 × 50 ml", "Kräutermanufaktur",
    "1.349,00 €", "1.119,90 €", "-17 %", None, datetime(2026, 5, 1, tzinfo=UTC), "auf Lager",
)  # fmt: skip
LONG = "Donaudampfschifffahrtsgesellschaftskapitän " * 9


def line(text: str, language: str = "en") -> Line:
    return Line("l1", text, tuple(Token(word, word) for word in text.split()), language, "s1")


def opacity(sprite: Sprite) -> np.ndarray:
    return 255 - sprite.keep[..., 0]


def inside(sprite: Sprite, box: Box, shadow: int = 0) -> bool:
    """Nothing but a soft shadow of at most `shadow` pixels is painted outside the box."""
    seen = opacity(sprite).copy()
    x, y = box.x - sprite.box.x, box.y - sprite.box.y
    if shadow:
        seen[max(y, 0) : y + box.h, max(x, 0) : x + box.w] = 0
        return int(seen.max()) < 110 and not seen[0].any()
    return sprite.box.common(box) == sprite.box


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "tea.png"
    cv2.imwrite(str(path), np.full((300, 200, 3), (30, 160, 220), np.uint8))
    return path


@pytest.mark.parametrize("box", [Box(24, 956, 672, 224), Box(800, 90, 426, 476), Box(0, 0, 200, 80)])
@pytest.mark.parametrize("title", ["Tee", CARD.title, LONG, "緑茶" * 80])
def test_a_card_stays_in_its_box(box: Box, title: str, picture: Path) -> None:
    shown = CARD.__class__(**{**CARD.__dict__, "title": title, "picture": picture, "availability": "ausverkauft"})
    assert inside(card(shown, box, LOOK), box, shadow=22)


def test_a_sale_and_missing_stock_are_seen(picture: Path) -> None:
    box = Box(24, 24, 672, 224)

    def drawn(**changes: object) -> np.ndarray:
        return card(Card(**{**CARD.__dict__, "picture": picture, **changes}), box, LOOK).colour

    assert (drawn() != drawn(sale_price=None, saving=None)).any()
    assert (drawn() != drawn(availability="ausverkauft")).any()
    assert (drawn() == drawn(availability="")).all()


def test_a_bad_picture_leaves_a_card_without_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    box = Box(24, 24, 672, 224)
    plain = card(CARD, box, LOOK).colour
    for content in (b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40):
        path = tmp_path / "bad.png"
        path.write_bytes(content)
        with caplog.at_level(logging.WARNING):
            shown = card(Card(**{**CARD.__dict__, "picture": path}), box, LOOK)
        np.testing.assert_array_equal(shown.colour, plain)
    assert "without its picture" in caplog.text


def test_a_damaged_or_huge_picture_is_refused(tmp_path: Path) -> None:
    whole = cv2.imencode(".png", np.zeros((50, 50, 3), np.uint8))[1].tobytes()
    (tmp_path / "cut.png").write_bytes(whole[:60])
    with pytest.raises(ValueError, match="damaged"):
        photo(tmp_path / "cut.png", 10, 10)
    size = (90_000).to_bytes(4, "big")
    (tmp_path / "huge.png").write_bytes(whole[:16] + size + size + whole[24:])
    with pytest.raises(ValueError, match="at most 8000"):
        photo(tmp_path / "huge.png", 10, 10)


def test_a_photo_fills_and_an_emblem_keeps_its_shape(picture: Path, tmp_path: Path) -> None:
    assert photo(picture, 90, 120).shape == (120, 90, 4)
    extended = photo(picture, 300, 90)
    assert extended.shape == (90, 300, 4)
    assert (np.abs(extended.astype(int) - (220, 160, 30, 255)) <= 1).all()
    assert emblem(picture, 90, 60).shape == (60, 40, 4)
    framed = tmp_path / "framed.png"
    cv2.imwrite(str(framed), np.pad(np.full((20, 40, 4), 255, np.uint8), ((30, 10), (5, 5), (0, 0))))
    assert emblem(framed, 80, 80).shape == (40, 80, 4)
    grey = tmp_path / "grey.png"
    cv2.imwrite(str(grey), np.full((9, 9), 60_000, np.uint16))
    assert (photo(grey, 4, 4) == (234, 234, 234, 255)).all()


def test_every_word_of_a_caption_has_its_turn() -> None:
    said = line("Look at this beautiful serum it goes in light as water and keeps your skin fresh all day long")
    box = Box(24, 800, 500, 110)
    caption = Caption(said, box, LOOK)
    assert len(caption.pages) > 1
    assert [word for page in caption.pages for word in page.tokens] == list(range(len(said.tokens)))
    pictures = [caption.at(word) for word in range(-1, len(said.tokens))]
    for before, after in pairwise(pictures):
        assert before is not None
        assert after is not None
        assert inside(after, box)
        assert before.box != after.box or (before.colour != after.colour).any()


def test_said_words_are_brighter_than_coming_ones() -> None:
    page = Caption(line("one two three"), Box(0, 0, 500, 110), LOOK).pages[0]
    assert page.said.colour.sum() > page.coming.colour.sum()
    np.testing.assert_array_equal(page.at(-1).colour, page.coming.colour)


@pytest.mark.parametrize("text", [LONG, "保湿" * 90, "مرحبا بكم في العرض المباشر اليوم", "a", "W" * 300])
@pytest.mark.parametrize("box", [Box(24, 800, 672, 122), Box(0, 0, 120, 40), Box(340, 812, 352, 158)])
def test_captions_stay_in_their_box(text: str, box: Box) -> None:
    caption = Caption(line(text), box, LOOK)
    for word in (-1, 0, len(text.split()) - 1, 999):
        shown = caption.at(word)
        assert shown is not None
        assert inside(shown, box)


@pytest.mark.parametrize("words", range(9, 40))
def test_no_word_stands_on_a_page_of_its_own(words: int) -> None:
    pages = Caption(line(" ".join(["steeped"] * words)), Box(0, 0, 620, 110), LOOK).pages
    assert len(pages) == 1 or min(len(page.tokens) for page in pages) > 1


def test_a_line_without_words_has_no_caption() -> None:
    assert Caption(line(""), Box(0, 0, 300, 80), LOOK).at(0) is None


def test_the_ticker_moves_whole_pixels_and_comes_round() -> None:
    ticker = Ticker(Box(0, 0, 300, 40), ["Versandkostenfrei ab 40 €", " ", "30 Tage Rückgabe"], LOOK, 3)
    first, second = ticker.at(0), ticker.at(1)
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first.colour[:, 3:], second.colour[:, :-3])
    seen = [ticker.at(n) for n in range(600)]
    assert any((each.colour == first.colour).all() for each in seen[1:] if each)
    assert all(each is not None and each.colour.shape == (40, 300, 3) for each in seen)


def test_a_ticker_without_items_is_empty_and_a_long_one_bounded() -> None:
    assert Ticker(Box(0, 0, 300, 40), ["", "  "], LOOK, 3).at(7) is None
    long = Ticker(Box(0, 0, 300, 40), [LONG] * 90, LOOK, 3).at(123_456_789)
    assert long is not None
    assert long.colour.shape == (40, 300, 3)


@pytest.mark.parametrize("words", ["AI host", LONG, "人工知能" * 30])
def test_small_things_stay_in_their_boxes(words: str) -> None:
    box, bubble = Box(536, 32, 160, 44), Box(24, 600, 560, 176)
    mark, wordmark = np.full((30, 50, 4), 255, np.uint8), np.full((30, 120, 4), 255, np.uint8)
    assert inside(chip(box, words, "#ffffff", "#000000", dot=True), box)
    assert inside(countdown(box, "23:59:59", LOOK), box)
    assert inside(question(bubble, Question(words, words * 3), LOOK), bubble, shadow=22)
    assert inside(slate(Box(60, 400, 600, 260), LOOK), Box(60, 400, 600, 260))
    for emblem_or_none in (mark, wordmark, None):
        shown = logo(box, words, emblem_or_none, LOOK.theme)
        assert shown is not None
        assert inside(shown, box)
    assert logo(box, "", None, LOOK.theme) is None


def test_a_clip_fills_its_window_with_round_corners() -> None:
    window = ClipWindow(Box(10, 20, 120, 80), 1.0)
    for shape in ((80, 120), (300, 90)):
        shown = window.at(np.full((*shape, 3), 200, np.uint8))
        assert shown.box == window.box
        assert (shown.colour[40, 60] == 200).all()
        assert not shown.colour[0, 0].any()
        assert shown.keep[0, 0, 0] == 255
