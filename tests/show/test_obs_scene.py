"""What a scene file may say of OBS, and what is refused."""

from pathlib import Path

import pytest
import yaml

from host_engine.document import Problems
from host_engine.show.box import Box
from host_engine.show.human_scene import human_scene
from host_engine.show.obs_scene import ObsScene, called_in_obs
from host_engine.show.scene import Scene, load_scenes

GOOD = {
    "size": [720, 1280],
    "background": {"studio": "warm"},
    "desk": 880,
    "host": {"box": [0, 66, 720, 900]},
    "label": {"box": [536, 32, 160, 44]},
}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x06\x00\x00\x00"
BANNER = {"name": "Sale ends tonight", "text": "Sale ends tonight", "box": [24, 1100, 672, 100]}


def scenes(folder: Path, **obs: object) -> dict[str, Scene]:
    """Scenes of these names, each with what is said of OBS."""
    for name, of in obs.items():
        file = folder / f"{name.replace('_', '-')}.yaml"
        file.write_text(yaml.safe_dump(GOOD | ({} if of is None else {"obs": of}), allow_unicode=True))
    return load_scenes(folder)


def problems(folder: Path, **obs: object) -> list[str]:
    with pytest.raises(Problems) as caught:
        scenes(folder, **obs)
    return [str(each) for each in caught.value.problems]


def test_a_scene_without_the_part_is_one_of_obs_with_the_name_of_its_family(tmp_path: Path) -> None:
    found = scenes(tmp_path, flash_sale_vertical=None)["flash-sale-vertical"]
    assert found.obs == ObsScene()
    assert called_in_obs(found.name, found.obs) == "flash-sale"
    assert called_in_obs(found.name, found.obs, {"flash-sale": "Angebot 🔥"}) == "Angebot 🔥"
    assert called_in_obs(found.name, found.obs, {"flash-sale-vertical": "Hoch", "flash-sale": "?"}) == "Hoch"


@pytest.mark.parametrize("hand", ["enforce", "follow"])
def test_one_word_says_what_becomes_of_changes_by_hand(tmp_path: Path, hand: str) -> None:
    assert scenes(tmp_path, studio=hand)["studio"].obs.by_hand == hand


def test_everything_that_obs_can_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "frame.png").write_bytes(PNG)
    obs = scenes(
        tmp_path,
        studio={
            "scene": "Ṡtudio 👩‍💻",
            "by_hand": "follow",
            "feed": [0, 0, 720, 1280],
            "sources": [{"name": "Frame", "image": "frame.png", "box": [24, 1000, 200, 90]}, BANNER],
            "volumes": {"Mic/Aux": -6.5, "Desktop Audio": "muted", "Music": 0},
        },
    )["studio"].obs
    assert obs.scene == "Ṡtudio 👩‍💻"
    assert obs.feed == Box(0, 0, 720, 1280)
    assert obs.sources[0].image == (tmp_path / "frame.png").absolute()  # OBS has a folder of its own
    assert obs.volumes == {"Mic/Aux": -6.5, "Desktop Audio": "muted", "Music": 0.0}
    half = obs.scaled(0.5)
    assert (half.feed, half.sources[1].box) == (Box(0, 0, 360, 640), Box(12, 550, 336, 50))


@pytest.mark.parametrize(
    ("obs", "where", "said"),
    [
        ("sometimes", "by_hand", "enforce, follow"),
        ({"scene": "  "}, "scene", "as it is seen in OBS"),
        ({"scene": "a\tb"}, "scene", "as it is seen in OBS"),
        ({"volumes": {"Mic": 27}}, "volumes", "decibels from -100 to 26"),
        ({"volumes": {"Mic": "loud"}}, "volumes", "or muted"),
        ({"volumes": {"Mic": "nan"}}, "volumes", "decibels"),
        ({"feed": [0, 0, 720, 720]}, "feed", "another shape"),
        ({"feed": [100, 0, 720, 1280]}, "feed", "outside"),
        ({"feed": [0, 0, 360, 640]}, "feed", "AI label cannot be read"),
        ({"feed": [0, 0, 0, 0]}, "feed", "too small"),
        ({"sources": [BANNER | {"box": [500, 20, 200, 60]}]}, "sources[0].box", "covers the AI label"),
        ({"sources": [BANNER | {"box": [250, 250, 200, 60]}]}, "sources[0].box", "covers the host's face"),
        ({"sources": [BANNER | {"box": [24, 1200, 672, 100]}]}, "sources[0].box", "outside"),
        ({"sources": [BANNER | {"box": [24, 1200, 4, 4]}]}, "sources[0].box", "too small"),
        ({"sources": [BANNER, BANNER]}, "sources[1].name", "another source"),
        ({"sources": [BANNER | {"text": None}]}, "sources[0]", "exactly one"),
        ({"sources": [BANNER | {"image": "no.png"}]}, "sources[0].image", "no such picture"),
        ({"sources": [{"name": "x", "image": "a.webp", "box": [24, 1000, 90, 90]}]}, "sources[0].image", "no WebP"),
        ({"sources": [BANNER | {"colour": "#ffffff"}]}, "sources[0].colour", "no field"),
        ({"sources": [BANNER | {"name": "studio"}]}, "sources[0].name", "OBS has a scene 'studio'"),
        ({"mute": ["Mic"]}, "mute", "no field"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(tmp_path: Path, obs: object, where: str, said: str) -> None:
    (tmp_path / "a.webp").write_bytes(b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(20))
    (told,) = problems(tmp_path, studio=obs)
    assert "studio.yaml:" in told
    assert f"obs.{where}" in told or where == "by_hand"
    assert said in told


def test_a_feed_in_a_box_takes_its_label_with_it(tmp_path: Path) -> None:
    """What may not be covered is where the label is seen, not where the scene has it."""
    box = [14, 25, 692, 1230]
    label = Box(536, 32, 160, 44).within(Box(*box), (720, 1280))
    over = BANNER | {"box": [label.x + 10, label.bottom - 8, 100, 30]}
    assert not Box(536, 32, 160, 44).common(Box(*over["box"]))
    assert any("covers the AI label" in each for each in problems(tmp_path, studio={"feed": box, "sources": [over]}))


def test_two_scenes_say_the_same_of_what_is_one_in_obs(tmp_path: Path) -> None:
    other = BANNER | {"text": "Sale ends tomorrow"}
    told = problems(tmp_path, studio={"sources": [BANNER]}, close_up={"sources": [other]})
    assert len(told) == 1
    assert "studio.yaml" in told[0]
    assert "'close-up' has a source 'Sale ends tonight' that shows something else" in told[0]
    told = problems(tmp_path, studio={"scene": "Live", "sources": [BANNER]}, close_up={"scene": "Live"})
    assert any("'close-up' says something else of OBS's scene 'Live'" in each for each in told)
    moved = BANNER | {"box": [24, 1000, 672, 100]}
    assert scenes(tmp_path, studio={"sources": [BANNER]}, close_up={"sources": [moved]})


def test_the_camera_of_an_operator_is_a_scene_of_its_own_in_obs(tmp_path: Path) -> None:
    made = human_scene(scenes(tmp_path, studio={"scene": "Live", "sources": [BANNER]})["studio"])
    assert called_in_obs(made.name, made.obs) == "human"
    assert [each.name for each in made.obs.sources] == ["Sale ends tonight"]
