"""The forced label: over whatever was drawn, where it is to be, and with what was there before kept for a look."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from labelled import LOOK, expected, ground, i420, labelled

from host_engine.host.label import label_look
from host_engine.labelling.forced_label import ForcedLabel, elsewhere, in_place, patch_of, seen_from
from host_engine.labelling.judging import judge
from host_engine.labelling.view import view_of
from host_engine.show.human_scene import HUMAN, human_scene
from host_engine.show.label_demand import AS_THE_SCENE, LabelDemand, SafeArea
from host_engine.show.scene import Box, load_scenes

SCENES = load_scenes(Path(__file__).parents[2] / "scenes")


def test_it_is_read_as_the_label_that_it_stands_for() -> None:
    picture = i420(ground())
    ForcedLabel({"studio": patch_of(in_place(LOOK))}, lambda: "studio")(picture)
    assert judge(view_of(picture), [expected()]).ok


def test_it_covers_whatever_is_there_and_nothing_else() -> None:
    white, black = (np.full((960, 360), level, np.uint8) for level in (235, 16))
    for picture in (white, black):
        ForcedLabel({"studio": patch_of(in_place(LOOK))}, lambda: "studio")(picture)
    box = LOOK.box
    assert np.array_equal(white[box.y : box.bottom, box.x : box.right], black[box.y : box.bottom, box.x : box.right])
    assert (white[: box.y] == 235).all()
    assert (white[box.bottom : 640] == 235).all()
    assert (white[:640, : box.x] == 235).all()


def test_what_was_there_before_can_be_looked_at() -> None:
    stamp = ForcedLabel({"studio": patch_of(in_place(LOOK))}, lambda: "studio")
    for picture, there in ((i420(labelled()), True), (i420(ground()), False)):
        stamp(picture)
        assert stamp.beneath
        box, view = stamp.beneath
        look = seen_from(LOOK, box)
        assert judge(view, [expected(look, (box.w, box.h))]).ok is there


def test_each_scene_has_its_own_and_a_strange_one_the_first() -> None:
    scene = ["b"]
    stamp = ForcedLabel(
        {name: patch_of(in_place(LOOK._replace(words=f"AI {name}"))) for name in "ab"}, lambda: scene[0]
    )
    for name, words in (("b", "AI b"), ("a", "AI a"), ("none", "AI a")):
        scene[0] = name
        picture = i420(ground())
        stamp(picture)
        assert judge(view_of(picture), [expected(LOOK._replace(words=words))]).ok
    with pytest.raises(ValueError, match="no label"):
        ForcedLabel({}, lambda: "")


@pytest.mark.parametrize("name", [*SCENES, HUMAN])
@pytest.mark.parametrize("safe", [SafeArea(), SafeArea(0, 0.13, 0.16, 0.22)])
def test_elsewhere_it_is_larger_safe_and_away_from_its_own_place(name: str, safe: SafeArea) -> None:
    scene = SCENES.get(name) or human_scene(SCENES["studio-wide"])
    demand = LabelDemand(safe=safe)
    own = label_look(scene, None, "de", AS_THE_SCENE)
    look = elsewhere(scene, own, demand)
    wide, high = scene.size
    assert look.box.h > own.box.h
    assert not look.box.common(own.box)
    assert Box(0, 0, wide, high).common(look.box) == look.box
    assert look.box.y >= safe.top * high - 1
    assert look.box.right <= wide * (1 - safe.right) + 1
    assert not any(value % 2 for value in look.box)


def test_elsewhere_it_leaves_the_hosts_face_free() -> None:
    scene = SCENES["studio-vertical"]
    look = elsewhere(scene, label_look(scene, None, "en"), AS_THE_SCENE)
    assert scene.host
    box = scene.host.box
    face = Box(box.x + box.w // 3, box.y + round(0.13 * box.h), box.w // 3, round(0.23 * box.h))
    assert not look.box.common(face)
