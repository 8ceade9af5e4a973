"""A channel whose host was filmed, from its file: what is wrong is said, what is right goes on air, and stays there."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import Future
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
import torch
import yaml
from until import until

from host_engine.avatars.folder import AvatarFile
from host_engine.avatars.frame_writer import FrameWriter
from host_engine.avatars.new_folder import finish, new_folder
from host_engine.channel.hosts.crew import Crewing
from host_engine.channel.studio.build import build
from host_engine.channel_file import config
from host_engine.commands.checking import check_channel, load_channel
from host_engine.commands.render import render
from host_engine.engine import Engine
from host_engine.neural.order import Order

ROOT = Path(__file__).parents[3]
WIDTH, HEIGHT, COUNT = 180, 320, 48
FACE = (60.0, 70.0, 120.0, 150.0)
POINTS = ((76, 100), (104, 100), (90, 112), (80, 128), (100, 128))


def consent(folder: Path, **changes: Any) -> Path:
    """A consent file of our own artwork that allows everything for a year."""
    path = folder / "consent-of-mira.yaml"
    today = date.today()
    whole = {
        "kind": "own-artwork",
        "person": "Mira",
        "scope": {"channels": "any", "brands": "any", "languages": "any", "uses": "any"},
        "given": str(today - timedelta(days=1)),
        "expires": str(today + timedelta(days=365)),
        "contact": "mira@example.com",
    }
    path.write_text(yaml.safe_dump({**whole, **changes}))
    return path


def picture(k: int) -> np.ndarray:
    """A face of a few ellipses that nods a little."""
    out = np.full((HEIGHT, WIDTH, 3), (70, 90, 120), np.uint8)
    cv2.ellipse(out, (90, 110), (30, 40), 0, 0, 360, (220, 180, 160), -1)
    for x, y in POINTS[:2]:
        cv2.circle(out, (x, y), 4, (30, 30, 30), -1)
    cv2.ellipse(out, (90, 128), (11, 3), 0, 0, 360, (150, 60, 60), -1)
    cv2.rectangle(out, (10, 200), (170, 319), (60 + k, 40, 90), -1)
    return out


@pytest.fixture
def avatar(tmp_path: Path) -> Path:
    """The folder of a tiny avatar."""
    folder = tmp_path / "avatars" / "mira"
    boxes = np.array([FACE] * COUNT, np.float32)
    points = np.array([POINTS] * COUNT, np.float32)
    with new_folder(folder) as part:
        with FrameWriter(part / "frames.mp4", (WIDTH, HEIGHT), 25) as writer:
            for k in range(COUNT):
                writer.write(picture(k))

        def about(agreed: Any) -> AvatarFile:
            return AvatarFile(
                name="mira", kind="footage", size=(WIDTH, HEIGHT), fps=25, frames=COUNT, talk=(0, 31),
                idle=((32, COUNT - 1),), consent=agreed,
            )  # fmt: skip

        finish(part, consent(tmp_path), boxes, points, None, about, folder)
    return folder


def channel(folder: Path, **avatar: Any) -> Path:
    """A channel file with a filmed host, small and quick."""
    path = folder / "channel.yaml"
    fields = {
        "name": "test",
        "catalog": str(ROOT / "product_catalogs" / "tea"),
        "scenes": str(ROOT / "scenes"),
        "cache": str(folder / "cache"),
        "format": {"width": 360, "height": 640},
        "voice": {"use": ["espeak"], "music": False},
        "avatar": {"host": "mira", "footage": "avatars/mira", "net": "none", **avatar},
    }
    path.write_text(json.dumps(fields))
    return path


def said(path: Path) -> str:
    return "\n".join(map(str, check_channel(path, catalog=False)))


def test_what_is_right_is_well(avatar: Path, tmp_path: Path) -> None:
    assert said(channel(tmp_path)) == ""
    assert said(channel(tmp_path, host="none")) == ""
    assert load_channel(channel(tmp_path)).avatar.ahead == 5


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"footage": "avatars/nobody"}, "there is no such folder"),
        ({"net": "wav2lip", "license_acknowledged": True, "weights": "w.pth"}, "there is no such file"),
        ({"net": "wav2lip", "license_acknowledged": True}, "brings no weights of its own"),
        ({"net": "musetalk"}, "brings no weights of its own"),
        ({"net": "wav2lip", "weights": "w.pth"}, "for research only"),
        ({"footage": None, "host": "none"}, "there is no host at all"),
        ({"footage": None, "weights": "w.pth"}, "for the lips of footage"),
        ({"device": "quantum"}, "device"),
        ({"ahead": 99}, "ahead"),
        ({"host": "nobody"}, "there is no host 'nobody'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(avatar: Path, tmp_path: Path, wrong: dict[str, Any], words: str) -> None:
    found = said(channel(tmp_path, **wrong))
    assert words in found, found
    assert str(tmp_path) in found


def test_a_consent_that_does_not_cover_the_channel_is_said(avatar: Path, tmp_path: Path) -> None:
    scope = {"channels": ["other"], "brands": "any", "languages": "any", "uses": "any"}
    consent(tmp_path, scope=scope)  # the original that the avatar's copy points to
    found = said(channel(tmp_path))
    assert "does not cover the channel 'test'" in found
    assert "channel.yaml" in found


def weights(folder: Path) -> Path:
    """A file with weights of the small network, drawn by chance."""
    from safetensors.torch import save_file

    from host_engine.neural.small.network import Lips

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        lips = Lips()
    path = folder / "small.safetensors"
    save_file({name: value.contiguous() for name, value in lips.state_dict().items()}, str(path))
    return path


def shown(path: Path) -> list[np.ndarray]:
    """The pictures of a file, RGB."""
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def is_filmed(picture: np.ndarray) -> bool:
    """Whether the picture shows the footage of this test, by the colour of its wall beside the face."""
    wall = picture[150:200, 60:90].reshape(-1, 3).mean(0)
    return bool(np.abs(wall - (70, 90, 120)).max() < 14)


class Air:
    """The engine on air in this process."""

    def __init__(self, path: Path) -> None:
        self.engine = Engine(config.load(path), {})

    async def __aenter__(self) -> Engine:
        self.task = asyncio.create_task(self.engine.run())
        await until(lambda: self.engine.clock.n > 5 or self.task.done(), 30)
        assert not self.task.done(), self.task.exception()
        return self.engine

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])


def looked(engine: Engine) -> np.ndarray:
    """What is seen now."""
    whole = cv2.cvtColor(engine.studio.program._last, cv2.COLOR_YUV2RGB_I420)
    return np.asarray(whole)


@pytest.mark.alone
@pytest.mark.parametrize("host", ["mira", "none"])
async def test_a_revocation_takes_her_off_the_running_channel_within_two_seconds(
    avatar: Path, tmp_path: Path, host: str
) -> None:
    path = channel(tmp_path, host=host)
    async with Air(path) as engine:
        await until(lambda: engine.status(stages=False)["on_air"]["line"], 20)
        assert is_filmed(looked(engine))
        avatar_now = engine.status(stages=False)["avatar"]
        assert (avatar_now["shown"], avatar_now["rung"]) == ("the footage", "warped")
        began = asyncio.get_running_loop().time()
        consent(tmp_path, revoked=str(date.today()))
        await until(lambda: not is_filmed(looked(engine)), 3)
        assert asyncio.get_running_loop().time() - began < 2.0
        await asyncio.sleep(0.5)
        assert not is_filmed(looked(engine))
        assert "avatar/consent" in [alarm.name for alarm in engine.alarms.raised]
        status = engine.status(stages=False)
        assert status["avatar"]["shown"] == ("the drawn host" if host == "mira" else "the slate")
        assert "revoked" in status["avatar"]["consent"]["refused"]
        assert engine.healthy()
        consent(tmp_path)
        await until(lambda: is_filmed(looked(engine)), 3)
        assert engine.alarms.raised == ()
        assert "host_engine_avatar_consent 1.0" in b"".join(engine.profiler.metrics.page()).decode()


@pytest.mark.alone
async def test_a_channel_starts_although_she_may_not_be_shown(avatar: Path, tmp_path: Path) -> None:
    consent(tmp_path, revoked=str(date.today()))
    path = channel(tmp_path)
    assert "was revoked" in said(path)
    async with Air(path) as engine:
        assert engine.status(stages=False)["avatar"]["shown"] == "the drawn host"
        assert not is_filmed(looked(engine))
        assert [alarm.name for alarm in engine.alarms.raised] == ["avatar/consent"]


async def test_no_file_is_made_of_who_agreed_to_be_live_only(avatar: Path, tmp_path: Path) -> None:
    scope = {"channels": "any", "brands": "any", "languages": "any", "uses": ["live"]}
    consent(tmp_path, scope=scope)
    studio = build(config.load(channel(tmp_path)))
    try:
        with pytest.raises(ValueError, match="does not cover the use 'recordings'"):
            await render(studio, tmp_path / "show.mp4", 5)
    finally:
        studio.close()


async def test_a_file_has_lips_in_all_of_its_frames(avatar: Path, tmp_path: Path) -> None:
    studio = build(config.load(channel(tmp_path, net="small", weights=str(weights(tmp_path)), device="cpu")))
    try:
        await render(studio, tmp_path / "show.mp4", 40)
        seen = dict(studio.presenting.presenter.seen)
        status = studio.presenting.status()
    finally:
        studio.close()
    assert not seen.get("warped")
    assert not seen.get("held")
    assert seen["fresh"] > 25
    assert sum(seen.values()) == 40
    assert (status["rung"], status["fresh_ratio"]) == ("network", 1.0)
    assert (avatar / "studied-small.npz").is_file()
    pictures = shown(tmp_path / "show.mp4")
    assert len(pictures) == 40
    assert all(map(is_filmed, pictures))


class Loudness:
    """A worker, and its network: the lips are as bright as the sound of their frame is loud."""

    name, side, window, kept = "loudness", 8, (1,), (1,)

    def ready(self, seconds: float) -> bool:
        return True

    @property
    def net(self) -> Any:
        return self

    def crop(self, box: np.ndarray, points: np.ndarray) -> tuple[int, int, int, int]:
        return 60, 110, 120, 150

    def hear(self, samples: np.ndarray, fps: int) -> np.ndarray:
        size = 16_000 // fps
        whole = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
        return np.sqrt((whole**2).mean(1, keepdims=True)).astype(np.float16)

    def study(self, faces: np.ndarray) -> np.ndarray:
        return np.zeros((len(faces), 1), np.uint8)

    def settle(self, resident: Any) -> int:
        return 0

    def leave(self, avatar: int) -> None:
        pass

    def order(self, order: Order) -> Future[np.ndarray]:
        made: Future[np.ndarray] = Future()
        made.set_result(np.full_like(order.under, min(255, round(float(order.window[0]) * 600))))
        return made

    def status(self) -> dict[str, Any]:
        return {"rung": "eager"}

    def close(self) -> None:
        pass


async def test_lips_are_those_of_the_sound_they_are_heard_with(
    avatar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Crewing, "_found", lambda self, wanted: Loudness())
    studio = build(config.load(channel(tmp_path, net="small", ahead=5)))
    try:
        await render(studio, tmp_path / "show.mp4", 75)
    finally:
        studio.close()
    with av.open(str(tmp_path / "show.mp4")) as file:
        sound = np.concatenate([each.to_ndarray().mean(0) for each in file.decode(audio=0)])
    frames = shown(tmp_path / "show.mp4")
    level = np.sqrt((sound[: 75 * 1920].reshape(75, 1920) ** 2).mean(1))
    lips = np.array([frame[250:270, 172:188].mean() for frame in frames])
    heard = lips != lips.min()
    assert heard.sum() > 40
    fit = {lag: np.corrcoef(np.roll(level, lag)[8:-8], lips[8:-8])[0, 1] for lag in range(-4, 5)}
    assert max(fit, key=lambda lag: fit[lag]) == 0
    assert fit[0] > 0.9
