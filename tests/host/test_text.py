"""Text stays in its box, whatever it says."""

from datetime import timedelta
from pathlib import Path

import pytest
import skia
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.host import text
from host_engine.host.canvas import paint
from host_engine.host.fonts import FontMissing, Fonts
from host_engine.host.text import Style
from host_engine.host.wording import WORDINGS, in_stock, time_left
from host_engine.show.scene import Box

CATALOGS = Path(__file__).parents[2] / "product_catalogs"
HARD = [
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen aus Feuchtigkeitsspendungsmaterial",
    "https://shop.example/produkte/hochleistungs-feuchtigkeitsserum?variante=30ml&quelle=livestream",
    "高保湿ヒアルロン酸美容液は肌にうるおいを与え一日中なめらかに保ちます。",
    "سيروم مرطب بحمض الهيالورونيك للاستخدام اليومي على البشرة الجافة",
    "מסכת לילה מזינה עם שמן ארגן",
    "👩🏽‍🔬🧴✨ Serum 50 ml — 24,90\u00a0€",
    "W" * 500,
    "á" * 300,
    "",
]


def overflows(block: text.Block, width: float, height: float, lines: int) -> bool:
    exact = [text.fonts().paragraph(line, block.size, block.weight).MaxIntrinsicWidth for line in block.lines]
    wide = max(exact, default=0.0) > width + 1
    return wide or block.height > height + 0.01 or len(block.lines) > lines


@pytest.mark.parametrize("words", HARD)
@pytest.mark.parametrize("box", [(600, 100, 2), (120, 40, 1), (60, 300, 9), (5, 5, 1), (0, 0, 3)])
def test_hard_texts_stay_inside(words: str, box: tuple[int, int, int]) -> None:
    width, height, lines = box
    assert not overflows(text.fit(words, width, height, Style(40, 12), lines), width, height, lines)


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=90), st.integers(1, 700), st.integers(1, 200), st.integers(1, 4))
def test_any_text_stays_inside(words: str, width: int, height: int, lines: int) -> None:
    assert not overflows(text.fit(words, width, height, Style(36, 11), lines), width, height, lines)


@pytest.mark.parametrize("path", sorted(CATALOGS.glob("*/catalog.yaml")), ids=lambda path: path.parent.name)
def test_titles_of_the_demo_catalogs_are_seen_whole(path: Path) -> None:
    titles = [product["title"] for product in yaml.safe_load(path.read_text())["products"]]
    assert titles
    for title in titles:
        block = text.fit(title, 440, 112, Style(30, 18.6), 3)
        assert block.whole
        assert not overflows(block, 440, 112, 3)


def test_text_that_fits_keeps_size_and_words() -> None:
    block = text.fit("Green tea from Uji", 600, 100, Style(30, 12), 2)
    assert (block.size, block.whole) == (30, True)
    assert " ".join(block.lines) == "Green tea from Uji"


def test_words_shrink_before_they_break_and_break_before_they_are_cut() -> None:
    compound = "Feuchtigkeitscreme"
    smaller = text.fit(compound, 200, 40, Style(40, 12), 1)
    assert smaller.lines == (compound,)
    assert smaller.size < 40
    broken = text.fit(compound, 90, 200, Style(40, 30), 9)
    assert broken.whole
    assert "".join(line.rstrip("-") for line in broken.lines) == compound
    cut = text.fit(compound * 5, 90, 40, Style(40, 30), 1)
    assert not cut.whole
    assert cut.lines[0].endswith("…")


def test_lines_are_balanced_and_prices_stay_in_one_piece() -> None:
    block = text.fit("Hydrating Serum with Hyaluronic Acid for 24,90\u00a0€", 330, 90, Style(28, 12), 2)
    assert len(block.lines) == 2
    assert min(block.widths) > 0.6 * max(block.widths)
    assert block.lines[1].endswith("24,90\u00a0€")


@given(st.text(max_size=60))
def test_no_character_is_lost_in_clusters(words: str) -> None:
    assert "".join(text.clusters(words)) == words


def test_painted_letters_stay_in_the_box() -> None:
    box = Box(10, 10, 300, 90)
    for words in HARD:
        block = text.fit(words, box.w, box.h, Style(34, 10), 2)
        around = paint(Box(0, 0, 320, 110), lambda canvas, b=block: text.draw(canvas, b, box, skia.ColorWHITE))
        alpha = 255 - around.keep[..., 0]
        assert not alpha[:, :8].any()
        assert not alpha[:, -8:].any()
        assert not alpha[:6].any()
        assert not alpha[-6:].any()


def test_a_missing_font_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="reinstall the package font-manrope"):
        Fonts(tmp_path)


def test_scripts_find_a_font_of_their_own() -> None:
    assert text.fonts().families("Tea 24,90 €", "bold") == ["bold"]
    assert text.right_to_left("  مرحبا")
    assert not text.right_to_left("Tea מ")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, ""),
        (0, ""),
        (59, "00:59"),
        (3599, "59:59"),
        (3600, "01:00:00"),
        (7 * 86_400 + 9, "7 Tagen"),
        (99 * 86_400, ""),
    ],
)
def test_time_left(seconds: int, shown: str) -> None:
    assert time_left(timedelta(seconds=seconds), "de-DE") == shown


def test_wordings_are_complete_and_stock_is_only_told_where_it_matters() -> None:
    for words in WORDINGS.values():
        assert all(words)
        assert "{n}" in words.days
        assert "{viewer}" in words.asks
    assert in_stock("auf Lager", "de")
    assert in_stock("", "en")
    assert not in_stock("ausverkauft", "de")
