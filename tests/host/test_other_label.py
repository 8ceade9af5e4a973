"""Another AI label over the one of a finished picture: as if the compositor had drawn it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from host_engine.host.canvas import Placed, lay
from host_engine.host.label import LabelLook, label_look
from host_engine.host.other_label import OtherLabel
from host_engine.host.overlay import chip
from host_engine.show.label_demand import LabelDemand
from host_engine.show.scene import Box, Scene, load_scenes

SCENES = load_scenes(Path(__file__).parents[2] / "scenes")
SCENE = SCENES["studio-vertical"].scaled(360, 640)


def finished(scene: Scene, words: str, seed: int = 1) -> np.ndarray:
    """A picture of colourful blots with the label of a scene, (h * 3 // 2, w) I420."""
    width, height = scene.size
    random = np.random.default_rng(seed).integers(0, 255, (height // 40, width // 40, 3), dtype=np.uint8)
    rgb = np.ascontiguousarray(cv2.resize(random, (width, height), interpolation=cv2.INTER_CUBIC))
    label = scene.label
    lay(rgb, Placed(chip(label.box, words, label.ink, label.fill)), label.box, Box(0, 0, width, height))
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420))


def apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How far the brightness of two pictures is apart."""
    height = one.shape[0] * 2 // 3
    return np.abs(one[:height].astype(int) - other[:height])


def within(box: Box, values: np.ndarray) -> np.ndarray:
    return values[box.y : box.bottom, box.x : box.right]


@pytest.mark.parametrize(("label", "language", "words"), [("AI presenter", "en", "AI presenter"), (None, "de", None)])
def test_it_looks_as_if_it_had_been_drawn_so(label: str | None, language: str, words: str | None) -> None:
    picture = finished(SCENE, "AI host")
    wanted = finished(SCENE, words or SCENE.label.words(language))
    before = picture.copy()
    OtherLabel(label, language).paint(picture, [(SCENE, 1.0)])
    box = SCENE.label.box
    assert within(box, apart(before, wanted)).max() > 100
    assert within(box, apart(picture, wanted)).max() < 25  # what shone through the label before does so no more
    assert within(box, apart(picture, wanted)).mean() < 4
    outside = apart(picture, before)
    outside[box.y - 1 : box.bottom + 1, box.x - 1 : box.right + 1] = 0
    assert outside.max() == 0


def test_nothing_of_the_words_below_shines_through() -> None:
    box, paints = SCENE.label.box, OtherLabel("XXXXXX", "en")
    pictures = [finished(SCENE, words) for words in ("AI host", "WWWWWWWW", ".")]
    for picture in pictures:
        paints.paint(picture, [(SCENE, 1.0)])
    inner = Box(box.x + box.h // 2, box.y + 3, box.w - box.h, box.h - 6)
    for picture in pictures[1:]:
        assert within(inner, apart(picture, pictures[0])).max() <= 3


def test_while_scenes_change_the_label_stays_whole_where_it_does_not_move() -> None:
    once, twice = (finished(SCENE, "AI host") for _ in range(2))
    other = SCENE.model_copy(update={"name": "another"})
    OtherLabel("KI", "de").paint(once, [(SCENE, 1.0)])
    OtherLabel("KI", "de").paint(twice, [(other, 0.4), (SCENE, 0.6)])
    assert np.array_equal(once, twice)


def test_while_scenes_change_a_label_that_moves_goes_over_slowly() -> None:
    label = SCENE.label.model_copy(update={"box": SCENE.label.box._replace(y=300)})
    moved = SCENE.model_copy(update={"label": label})
    picture = finished(SCENE, "AI host")
    before = picture.copy()
    OtherLabel("XXXXXX", "de").paint(picture, [(SCENE, 0.75), (moved, 0.25)])
    changed = apart(picture, before)
    assert within(label.box, changed).mean() > 5
    full = before.copy()
    OtherLabel("XXXXXX", "de").paint(full, [(moved, 1.0)])
    share = within(label.box, changed).mean() / within(label.box, apart(full, before)).mean()
    assert share == pytest.approx(0.25, abs=0.05)


def test_where_only_a_human_is_seen_the_scenes_own_words_stay() -> None:
    human = SCENE.model_copy(update={"host": None, "camera": Box(0, 0, 360, 640)})
    assert OtherLabel("Made by AI", "de").words(human) == SCENE.label.words("de")
    assert OtherLabel("Made by AI", "de").words(SCENE) == "Made by AI"


@pytest.mark.parametrize("box", [Box(-20, 10, 99, 33), Box(333, 620, 60, 40), Box(500, 500, 80, 3), Box(7, 9, 31, 15)])
def test_a_label_at_an_edge_or_outside_harms_nothing(box: Box) -> None:
    scene = SCENE.model_copy(update={"label": SCENE.label.model_copy(update={"box": box})})
    picture = np.full((960, 360), 99, np.uint8)
    OtherLabel("KI", "de").paint(picture, [(scene, 1.0)])
    touched = bool((picture[:640] != 99).any())
    assert touched == (box.x < 360)


class Plan:
    """A policy asks for larger letters than the scenes have."""

    demand, language = LabelDemand(letters=0.05), "en"

    def __init__(self, words: str) -> None:
        self.words = words

    def labels(self) -> dict[str, LabelLook]:
        return {SCENE.name: label_look(SCENE, self.words, "en", self.demand)}


@pytest.mark.parametrize("below", ["Presented by an AI", "AI"])
def test_a_label_that_is_larger_by_law_leaves_nothing_of_the_one_below(below: str) -> None:
    plan, words = Plan(below), "KI-Moderation"
    label = plan.labels()[SCENE.name]
    width, height = SCENE.size
    wanted = label_look(SCENE, words, "en", plan.demand)
    assert wanted.box != label.box
    pictures = []
    for said in (below, ""):  # as it is drawn, and as if there had been no words
        rgb = np.full((height, width, 3), 200, np.uint8)
        sprite = chip(label.box, said, label.ink, label.fill)
        lay(rgb, Placed(sprite), label.box, Box(0, 0, width, height))
        picture = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420))
        OtherLabel(words, "de", plan).paint(picture, [(SCENE, 1.0)])
        pictures.append(picture)
    assert apart(*pictures).max() <= 3
    assert within(wanted.box, pictures[0][:height]).max() > 200  # the new words are there
