"""An operator's camera on its way into the picture."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
from until import until

from host_engine.host.avatar import Avatar
from host_engine.host.compositor import Compositor
from host_engine.host.perform import Performer
from host_engine.host.slated import Slated
from host_engine.media import Beat, Face, Format
from host_engine.show.human_scene import LABELS, human_scene
from host_engine.show.scene import Box, faults, load_scenes
from host_engine.takeover.camera import FRESH, Camera, TooLarge, fitted
from host_engine.takeover.wording import line_of

RED, FORMAT = (220, 30, 30), Format(360, 640)
SCENES = load_scenes(Path(__file__).parent.parent.parent / "scenes")
SILENCE = np.zeros(FORMAT.samples, np.float32)


def picture(wide: int, high: int, colour: tuple[int, int, int] = RED) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((high, wide, 3), colour, np.uint8), "rgb24")


class Plain(Avatar):
    """A host who is a grey box."""

    size = (360, 450)
    settled = True

    def stand_before(self, behind):  # type: ignore[no-untyped-def]
        pass

    def draw(self, face, pose, out):  # type: ignore[no-untyped-def]
        out[:] = 128
        return (0, 0, out.shape[1], out.shape[0])

    def halved(self):  # type: ignore[no-untyped-def]
        return self


@pytest.mark.parametrize(("wide", "high"), [(640, 480), (480, 640), (16, 16), (1280, 720)])
def test_a_camera_of_any_shape_fills_its_box(wide: int, high: int) -> None:
    made = fitted(picture(wide, high), (360, 640))
    assert made.shape == (640, 360, 3)
    assert np.abs(made.astype(int) - RED).max() < 12


async def test_the_newest_picture_is_shown_and_one_that_stands_still_is_not() -> None:
    now = [0.0]
    with ThreadPoolExecutor(1) as threads:
        camera = Camera((36, 64), threads, lambda: now[0])
        assert camera.picture is None
        camera.push(picture(64, 48))
        camera.push(picture(64, 48, (0, 0, 255)))  # while the first is being made
        await until(lambda: camera.seen)
        assert camera.left_out == 1
        assert camera.picture is not None
        assert camera.picture[0, 0, 0] > 150
        now[0] += FRESH + 0.01
        assert camera.picture is None
        camera.push(picture(640, 360, (0, 255, 0)))  # another size, in the middle of it
        await until(lambda: camera.seen == 2)
        assert camera.picture is not None


async def test_a_camera_with_more_pixels_than_can_be_decoded_is_refused() -> None:
    with ThreadPoolExecutor(1) as threads:
        camera = Camera((36, 64), threads, lambda: 0.0)
        with pytest.raises(TooLarge, match="3840x2160"):
            camera.push(picture(3840, 2160))


def compositor(**scenes) -> Compositor:  # type: ignore[no-untyped-def]
    return Compositor(
        FORMAT, {**SCENES, **scenes}, "studio-vertical", lambda w, h: Plain(), Performer(25), shop="Shop", label="AI!"
    )


def drawn(made: Compositor, beats: int, beat: Beat, first: int = 0) -> np.ndarray:
    for n in range(first, first + beats):
        seen = made.draw(n, beat)
    return np.array(seen)


async def test_the_human_fills_the_picture_under_all_that_must_stay() -> None:
    made = compositor()
    try:
        assert "human" not in {each["name"] for each in made.choices()}
        with pytest.raises(ValueError, match="camera"):
            made.choose("human")
        line = line_of(1, "en", None)
        host = Beat(SILENCE, Face(), line)
        before = drawn(made, 3, host)
        made.expect(line)
        human = host._replace(camera=np.full((640, 360, 3), RED, np.uint8))
        frames = 3
        while made.shown[0] != "human":  # its stage is built beside the show
            drawn(made, 1, human, frames)
            frames += 1
            assert frames < 12_000
            await asyncio.sleep(0.005)
        after = drawn(made, 20, human, frames)
        middle = after[300:320, 100:200]
        assert np.abs(middle.astype(int) - 88).max() < 25  # Y of that red
        label = SCENES["studio-vertical"].scaled(360, 640).label.box
        there = (slice(label.y, label.bottom), slice(label.x, label.right))
        assert after[there].std() > 20  # a label is there, and it is another one than the AI's
        assert np.abs(after[there].astype(int) - before[there]).max() > 60
        back = drawn(made, 20, host, frames + 20)
        assert made.shown[0] == "studio-vertical"
        assert np.abs(back[there].astype(int) - before[there]).mean() < 4
    finally:
        made.close()


def test_the_scene_of_a_human_keeps_the_places_of_the_scene_it_is_made_from() -> None:
    scene = human_scene(SCENES["flash-sale-wide"])
    assert (scene.card, scene.caption, scene.ticker) == tuple(
        getattr(SCENES["flash-sale-wide"], name) for name in ("card", "caption", "ticker")
    )
    assert scene.host is None
    assert scene.camera == Box(0, 0, 1280, 720)
    assert scene.label.words("de-AT") == LABELS["de"]
    assert scene.label.words("sv") == LABELS["en"]
    assert "AI" not in scene.label.words("en")


async def test_a_file_of_scenes_can_place_the_camera_beside_the_host() -> None:
    close = SCENES["product-close-up-vertical"]
    fields = {"name": "human", "camera": Box(24, 104, 672, 656), "card": None, "clip": None}
    scene = close.model_copy(update=fields)
    assert not list(faults(scene))
    assert list(faults(scene.model_copy(update={"camera": Box(24, 104, 672, 800)})))  # behind the host
    made = compositor(human=scene)
    try:
        assert made.camera_size == (336, 328)
        human = Beat(SILENCE, Face(), line_of(1, "en", None), camera=np.full((328, 336, 3), RED, np.uint8))
        frames = 0
        while made.shown[0] != "human":
            drawn(made, 1, human, frames)
            frames += 1
            assert frames < 12_000
            await asyncio.sleep(0.005)
        after = drawn(made, 20, human, frames)
        assert np.abs(after[60:360, 20:320].astype(int) - 88).max() < 25  # the human
        assert np.abs(after[450:550, 40:120].astype(int) - 126).max() < 12  # and the host
    finally:
        made.close()


async def test_a_human_is_seen_where_the_host_may_not_be_shown() -> None:
    made = compositor()
    slated = Slated(made, lambda: "consent has ended")
    try:
        host = Beat(SILENCE, Face(), line_of(1, "en", None))
        human = host._replace(camera=np.full((640, 360, 3), RED, np.uint8))
        assert made.human_alone
        frames = 0
        while made.shown[0] != "be-right-back-vertical":  # its stage, too, is built beside the show
            slated.draw(frames, host)
            frames += 1
            assert frames < 12_000
            await asyncio.sleep(0.005)
        while made.shown[0] != "human":
            slated.draw(frames, human)
            frames += 1
            assert made.shown[0] in ("be-right-back-vertical", "human")  # never the host in between
            assert frames < 24_000
            await asyncio.sleep(0.005)
        slated.draw(frames, host)
        assert made.shown[0] == "be-right-back-vertical"
    finally:
        made.close()
