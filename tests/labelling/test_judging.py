"""A label is read back from decoded pictures: seen where it is whole, and every fault of it is found."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from labelled import LOOK, SIZE, Rgb, expected, ground, i420, labelled, sent

from host_engine.host.fonts import fonts
from host_engine.labelling.finding import Finding
from host_engine.labelling.judging import judge, safe
from host_engine.labelling.view import view_of
from host_engine.show.human_scene import LABELS
from host_engine.show.label_demand import SafeArea
from host_engine.show.scene import Box, Label

WORDS = sorted({*Label(box=LOOK.box).text.values(), *LABELS.values()})
BOX = LOOK.box


def found(picture: Rgb, kbps: int = 800, **more: object) -> Finding:
    return judge(sent(picture, kbps), [expected(**more)])


def covered(part: Box, colour: tuple[int, int, int]) -> Rgb:
    picture = labelled()
    picture[part.y : part.bottom, part.x : part.right] = colour
    return picture


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("kbps", [300, 2500])
def test_a_whole_label_is_seen_in_every_language(words: str, kbps: int) -> None:
    if fonts().lacks(words):
        pytest.skip(f"no font on this machine has the letters of {words}")
    look = LOOK._replace(words=words, box=Box(220, 20, 128, 28))
    assert judge(sent(labelled(look), kbps), [expected(look)]).ok


@pytest.mark.parametrize("seed", range(4))
def test_a_picture_without_a_label_shows_none(seed: int) -> None:
    assert found(ground(seed=seed)).kind in ("missing", "covered")


@pytest.mark.parametrize("colour", [(255, 255, 255), (229, 36, 59), (23, 19, 28)])
@pytest.mark.parametrize("share", [0.45, 1.0])
def test_what_lies_over_it_is_found(colour: tuple[int, int, int], share: float) -> None:
    wide = round(BOX.w * share)
    assert not found(covered(Box(BOX.x, BOX.y, wide, BOX.h), colour)).ok
    assert not found(covered(Box(BOX.right - wide, BOX.y, wide, BOX.h), colour)).ok


def test_a_card_over_its_lower_half_is_found() -> None:
    assert found(covered(Box(0, BOX.y + BOX.h // 2, *SIZE), (250, 250, 250))).kind in ("covered", "missing")


def test_another_text_in_its_place_is_found() -> None:
    for words in ("Human host", "LIVE", "Al hostess", "KI-Moderation"):
        assert not found(labelled(LOOK._replace(words=words))).ok, words


@pytest.mark.parametrize(
    ("ink", "fill"),
    [
        ("#17131c", "#ffffff"),
        ("#ffffff", "#e5243b"),
        ("#ffe000", "#17131c"),
        ("#ffffff", "#0030c0"),
        ("#555555", "#17131c"),
    ],
)
def test_other_colours_are_found(ink: str, fill: str) -> None:
    assert found(labelled(LOOK._replace(ink=ink, fill=fill))).kind in ("recoloured", "faint", "missing", "covered")


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_a_label_that_shines_through_is_found(share: float) -> None:
    half = cv2.addWeighted(labelled(), share, ground(), 1 - share, 0)
    assert not found(np.asarray(half, np.uint8)).ok


def test_a_mirrored_picture_is_called_so() -> None:
    assert found(np.ascontiguousarray(labelled()[:, ::-1])).kind == "mirrored"


def test_a_picture_that_was_cropped_is_called_so() -> None:
    picture = labelled()
    cut = BOX.x + BOX.w // 2 + 4
    cropped = np.ascontiguousarray(np.roll(picture, SIZE[0] - cut, axis=1))
    cropped[:, : SIZE[0] - cut] = ground()[:, : SIZE[0] - cut]
    assert found(cropped).kind == "cropped"


def test_a_label_at_another_place_is_called_moved() -> None:
    finding = found(labelled(LOOK._replace(box=Box(20, 300, BOX.w, BOX.h))))
    assert finding.kind == "moved"
    assert finding.place
    assert max(abs(finding.place.x - 20), abs(finding.place.y - 300)) <= 2
    assert "not at its place" in finding.sentence


def test_a_blurred_label_is_not_legible() -> None:
    assert not found(np.asarray(cv2.GaussianBlur(labelled(), (0, 0), 5), np.uint8)).ok


def test_a_black_picture_is_called_black() -> None:
    assert found(np.zeros((SIZE[1], SIZE[0], 3), np.uint8)).kind == "black"
    assert found(np.full((SIZE[1], SIZE[0], 3), 128, np.uint8)).kind == "missing"


def test_a_rendition_of_another_size_or_shape_still_shows_it() -> None:
    picture = labelled()
    small = np.asarray(cv2.resize(picture, (240, 426), interpolation=cv2.INTER_AREA), np.uint8)
    assert found(small).ok
    wide = np.zeros((640, 1136, 3), np.uint8)
    wide[:, 388:748] = picture
    assert found(wide, into=Box(388, 0, *SIZE)).ok
    assert not found(wide).ok


@pytest.mark.parametrize("scale", [0.6, 1.0, 1.5])
def test_a_picture_put_together_elsewhere_may_show_it_anywhere(scale: float) -> None:
    canvas = ground((1280, 720), seed=3)
    size = round(SIZE[0] * scale / 2) * 2, round(SIZE[1] * scale / 2) * 2
    feed = cv2.resize(labelled(), size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    high = min(size[1], 700)
    canvas[10 : 10 + high, 500 : 500 + size[0]] = feed[:high]
    finding = judge(view_of(canvas), [expected(anywhere=True)])
    assert finding.ok, finding
    again = judge(view_of(canvas), [expected(anywhere=True, hint=finding.place)])
    assert again.ok


def test_a_feed_scaled_away_is_too_small_or_missing() -> None:
    canvas = ground((1280, 720), seed=3)
    canvas[600:664, 40:76] = cv2.resize(labelled(), (36, 64), interpolation=cv2.INTER_AREA)
    assert not judge(view_of(canvas), [expected(anywhere=True)]).ok
    assert not judge(view_of(ground((1280, 720), seed=4)), [expected(anywhere=True)]).ok


def test_a_label_below_a_platforms_buttons_is_unsafe() -> None:
    assert found(labelled(), safe=SafeArea(top=0.13, right=0.16)).kind == "unsafe"
    assert found(labelled(), safe=SafeArea(bottom=0.3, top=0.03)).ok
    assert safe(Box(0, 0, 10, 10), (100, 100), SafeArea(bottom=0.8))


def test_any_of_the_labels_that_may_be_seen_will_do() -> None:
    other = LOOK._replace(words="KI-Moderation")
    picture = sent(labelled())
    assert judge(picture, [expected(other), expected()]).ok
    assert not judge(picture, [expected(other)]).ok
    with pytest.raises(ValueError, match="no label"):
        judge(picture, [])


def test_words_that_no_font_has_cannot_be_written() -> None:
    look = LOOK._replace(words="\U0001f9ff\U000e0fff\U000e0ffe")
    assert fonts().lacks(look.words)
    assert judge(sent(labelled()), [expected(look)]).kind == "unwritable"


def test_words_without_room_are_cut_however_well_they_can_be_seen() -> None:
    look = LOOK._replace(words="This host is an artificial intelligence")
    finding = judge(sent(labelled(look)), [expected(look)])
    assert finding.kind == "cut"
    assert "fewer" in finding.sentence


def test_what_is_no_picture_is_refused_with_a_sentence() -> None:
    for shape in ((5,), (640, 361), (4, 4, 4), (0, 0)):
        with pytest.raises(ValueError, match="no picture"):
            view_of(np.zeros(shape, np.uint8))
    assert view_of(i420(labelled())).size == SIZE
    assert view_of(np.zeros((641, 361, 3), np.uint8)).size == SIZE
