"""What a scene file may say, and what is refused."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from host_engine.document import Problems
from host_engine.show.scene import Box, Scene, choose, contrast, faults, load_scenes, names

SCENES = Path(__file__).parents[2] / "scenes"
GOOD = {
    "size": [720, 1280],
    "background": {"studio": "warm"},
    "desk": 880,
    "host": {"box": [0, 66, 720, 900]},
    "label": {"box": [536, 32, 160, 44]},
    "caption": [24, 812, 672, 122],
    "card": [24, 956, 672, 224],
}


def written(folder: Path, **changes: object) -> Path:
    """A folder with one scene: the good one with parts changed, or left out where the change is None."""
    scene = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    (folder / "studio.yaml").write_text(yaml.safe_dump(scene, sort_keys=False))
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(Problems) as caught:
        load_scenes(folder)
    return [str(each) for each in caught.value.problems]


def test_shipped_scenes_are_right_and_come_in_both_shapes() -> None:
    scenes = load_scenes(SCENES)
    for family in ("studio", "flash-sale", "product-close-up", "human-and-host", "be-right-back"):
        assert family in names(scenes)
        for width, height in ((720, 1280), (1080, 1920), (1280, 720), (1920, 1080)):
            assert choose(scenes, family, width, height) is not None


def test_a_name_for_the_other_shape_finds_its_sister() -> None:
    scenes = load_scenes(SCENES)
    found = choose(scenes, "studio-vertical", 1280, 720)
    assert found is not None
    assert found.name == "studio-wide"
    assert choose(scenes, "kitchen", 720, 1280) is None
    assert choose(scenes, "studio", 720, 720) is None


def test_every_problem_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    written(tmp_path, card=[24, 956, 900, 224], caption=[24, 812, 0, 0])
    (tmp_path / "other.yaml").write_text("size: [720, 1280]\nbackground: {studio: mars}\n")
    told = problems(tmp_path)
    assert any("studio.yaml:" in each and "card" in each and "outside" in each for each in told)
    assert any("studio.yaml:" in each and "caption" in each and "too small" in each for each in told)
    assert any("other.yaml:2" in each and "background.studio" in each for each in told)


def test_a_scene_without_ai_label_is_refused(tmp_path: Path) -> None:
    assert any("label" in each for each in problems(written(tmp_path, label=None)))


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ({"box": [536, 32, 160, 20]}, "too small"),
        ({"box": [536, 32, 40, 44]}, "too small"),
        ({"box": [640, 32, 160, 44]}, "outside"),
        ({"box": [536, 32, 160, 44], "ink": "#888888", "fill": "#777777"}, "contrast"),
        ({"box": [536, 32, 160, 44], "text": {"de": "KI"}}, "'en'"),
        ({"box": [536, 32, 160, 44], "text": {"en": "   "}}, "label.text"),
    ],
)
def test_a_label_that_cannot_be_seen_is_refused(tmp_path: Path, label: dict[str, object], word: str) -> None:
    assert any(word in each for each in problems(written(tmp_path, label=label)))


@pytest.mark.parametrize("part", ["logo", "live", "countdown", "clip"])
def test_nothing_may_cover_the_label(tmp_path: Path, part: str) -> None:
    told = problems(written(tmp_path, **{part: [500, 20, 100, 40]}))
    assert any(part in each and "covers" in each for each in told)


def test_nothing_may_cover_the_face(tmp_path: Path) -> None:
    assert any("face" in each for each in problems(written(tmp_path, question=[200, 250, 400, 120])))


def test_text_boxes_may_not_overlap(tmp_path: Path) -> None:
    assert any("overlaps" in each for each in problems(written(tmp_path, ticker=[0, 1100, 720, 60])))


def test_host_stands_behind_the_desk_and_shows_have_a_host(tmp_path: Path) -> None:
    assert any("mid-air" in each for each in problems(written(tmp_path, desk=1100)))
    assert any("needs a host" in each for each in problems(written(tmp_path, host=None, desk=None)))
    assert any("message" in each for each in problems(written(tmp_path, kind="slate")))


def test_a_background_picture_must_be_one(tmp_path: Path) -> None:
    assert any("no such picture" in each for each in problems(written(tmp_path, background={"image": "a.png"})))
    (tmp_path / "a.png").write_text("hello")
    assert any("not a picture" in each for each in problems(written(tmp_path, background={"image": "a.png"})))
    assert any("exactly one" in each for each in problems(written(tmp_path, background={})))


def test_an_empty_folder_and_two_scenes_of_one_name_are_problems(tmp_path: Path) -> None:
    assert any("no scenes" in each for each in problems(tmp_path))
    written(tmp_path)
    (tmp_path / "zz.yaml").write_text((tmp_path / "studio.yaml").read_text() + "name: studio\n")
    assert any("zz.yaml" in each and "named 'studio'" in each for each in problems(tmp_path))


def test_scaled_boxes_keep_their_places_on_even_pixels() -> None:
    for scene in load_scenes(SCENES).values():
        width, height = (round(side * 1.5) for side in scene.size)
        large = scene.scaled(width, height)
        assert not list(faults(large))
        assert all(value % 2 == 0 for box in large.boxes().values() for value in box)
        for name, box in scene.boxes().items():
            assert all(abs(a * 1.5 - b) <= 2 for a, b in zip(box, large.boxes()[name], strict=True))


def test_a_scene_does_not_stretch() -> None:
    with pytest.raises(ValueError, match="does not fit 720x720"):
        Scene.model_validate(GOOD).scaled(720, 720)


def test_label_words_follow_the_language() -> None:
    label = Scene.model_validate(GOOD).label
    assert label.words("de-AT") == label.words("de") == "KI-Moderation"
    assert label.words("xx") == label.words("en")


boxes = st.builds(Box, st.integers(-50, 50), st.integers(-50, 50), st.integers(1, 60), st.integers(1, 60))


@given(boxes, boxes)
def test_the_common_part_lies_in_both(first: Box, second: Box) -> None:
    common = first.common(second)
    assert common == second.common(first)
    if common is not None:
        for box in (first, second):
            assert box.x <= common.x < common.right <= box.right
            assert box.y <= common.y < common.bottom <= box.bottom


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_contrast_is_between_none_and_black_on_white(first: str, second: str) -> None:
    assert 1 <= contrast(first, second) == contrast(second, first) <= contrast("#000000", "#ffffff")
