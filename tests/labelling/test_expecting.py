"""Which labels a frame may show: by scene, by language, by what is asked of them, and none during a change."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.host.label import LabelLook, covered, label_box, label_look
from host_engine.host.label_plan import LabelPlan
from host_engine.host.stage import Brand
from host_engine.labelling.expecting import FADE, Expecting, Pictures
from host_engine.show.human_scene import HUMAN, human_scene
from host_engine.show.label_demand import Corner, LabelDemand, SafeArea
from host_engine.show.scene import Box, load_scenes

TALL = {name: each for name, each in load_scenes(Path(__file__).parents[2] / "scenes").items() if each.fits(720, 1280)}
SCENES = {**TALL, HUMAN: human_scene(TALL["studio-vertical"])}
STUDIO, CLOSE, SLATE = "studio-vertical", "product-close-up-vertical", "be-right-back-vertical"


class Planned:
    def __init__(self, **brand: object) -> None:
        self.brand = Brand("Shop", None, None, "en")._replace(**brand)
        self.plan = LabelPlan(SCENES, lambda: self.brand, STUDIO)
        self.expecting = Expecting(self.plan)

    def words(self, of: str = "programme", n: int | None = None) -> list[str] | None:
        expected = self.expecting.expected(of, n)
        return expected and [each.look.words for each in expected]


def test_the_label_of_the_scene_in_the_language_of_the_catalog() -> None:
    assert Planned().words() == ["AI host"]
    assert Planned(language="de-AT").words() == ["KI-Moderation"]
    assert Planned(label="Virtual Mia").words() == ["Virtual Mia"]
    assert Planned(label="Virtual Mia", demand=LabelDemand(text="AI generated")).words() == ["AI generated"]
    assert Planned(demand=LabelDemand(language="fr")).words() == ["Animation IA"]


def test_a_human_is_labelled_as_one_whatever_is_asked_of_an_ai_host() -> None:
    planned = Planned(label="Virtual Mia", demand=LabelDemand(text="AI generated", letters=0.05))
    planned.plan.changed(HUMAN, 50)
    assert planned.words(n=49) == ["AI generated"]
    assert planned.words(n=50 + FADE) == ["Human host"]
    planned.plan.changed(STUDIO, 500)
    assert planned.words(n=500 + FADE) == ["AI generated"]  # and not that of the human any more


def test_a_frame_of_a_change_is_passed_over() -> None:
    planned = Planned()
    planned.plan.changed(CLOSE, 100)
    assert planned.words(n=99)
    assert all(planned.words(n=n) is None for n in range(100, 100 + FADE))
    assert planned.words(n=100 + FADE)
    assert planned.words(n=3) == ["AI host"]


def test_a_rendition_has_words_of_its_own_and_a_place_of_its_own() -> None:
    planned = Planned()
    planned.expecting.pictures["tall"] = Pictures(text="KI-Host")
    planned.expecting.pictures["french"] = Pictures(language="fr", into=Box(10, 0, 90, 160))
    assert planned.words("tall") == ["KI-Host"]
    assert planned.words("french") == ["Animation IA"]
    assert planned.words() == ["AI host"]
    (each,) = planned.expecting.expected("french", None) or ()
    assert each.into == Box(10, 0, 90, 160)
    assert each.size == (720, 1280)


def test_pictures_that_come_back_from_elsewhere_may_show_the_scene_before() -> None:
    planned = Planned()
    planned.expecting.pictures["obs"] = Pictures(anywhere=True)
    planned.plan.changed(HUMAN, 100)
    assert planned.words("obs") == ["Human host", "AI host"]


def test_a_forced_label_may_be_seen_as_well() -> None:
    planned = Planned()
    planned.expecting.forced = {STUDIO: LabelLook(Box(0, 0, 200, 60), "AI host", "#ffffff", "#000000")}
    own, forced = planned.expecting.expected("programme", 5) or ()
    assert not own.forced
    assert forced.forced
    assert forced.look.box == Box(0, 0, 200, 60)


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@settings(max_examples=15)
@given(
    words=st.sampled_from(["AI host", "Apresentação IA", "AI生成的虚拟主播"]),
    letters=st.sampled_from([0.0, 0.03, 0.05, 0.08]),
    corner=st.sampled_from([None, "top-left", "top-right", "bottom-left", "bottom-right"]),
    safe=st.builds(SafeArea, *[st.sampled_from([0.0, 0.1, 0.16])] * 2, st.sampled_from([0.0, 0.16]), st.just(0.22)),
)
def test_what_is_demanded_is_done(
    scene: object, words: str, letters: float, corner: Corner | None, safe: SafeArea
) -> None:
    wide, high = scene.size  # type: ignore[attr-defined]
    demand = LabelDemand(letters=letters, corner=corner, safe=safe)
    box = label_box(scene, words, demand)
    assert box.x >= safe.left * wide - 1
    assert box.y >= safe.top * high - 1
    assert box.right <= wide * (1 - safe.right) + 1
    assert box.bottom <= high * (1 - safe.bottom) + 1
    assert box.h >= 2 * letters * min(wide, high) - 2 or not letters
    if corner:
        assert ("left" in corner) == (box.x + box.w / 2 < wide / 2) or box.w > 0.5 * wide


def test_a_scene_that_does_what_is_demanded_stays_as_it_is() -> None:
    scene = SCENES[STUDIO]
    look = label_look(scene, None, "en", LabelDemand(letters=0.02, corner="top-right"))
    assert look.box == scene.label.box
    moved = label_look(scene, None, "en", LabelDemand(safe=SafeArea(top=0.13, right=0.16)))
    assert moved.box != scene.label.box
    assert covered(scene, moved.box) == 0
