"""An avatar says a text and is judged: with warped lips, with a network's, with what a network may do wrong."""

from __future__ import annotations

import json
from datetime import date

import av
import numpy as np
import pytest
import torch
from painted_face import painted_face
from presenter import own_consent
from typer.testing import CliRunner

from host_engine.avatars.folder import Footage
from host_engine.avatars.parts import Goes, Parts, write
from host_engine.channel.hosts import crew
from host_engine.commands.avatar import app
from host_engine.commands.drawn_footage import drawn_footage
from host_engine.host.voice import open_voices
from host_engine.neural.net import NetError
from host_engine.neural.worker import nets
from host_engine.neural.worker.nets import Wanted
from host_engine.quality import judge_avatar as judging
from host_engine.quality.judge_avatar import judge_avatar

SAID = "Bob may buy a big map. My mum put up a poppy."
FRAMES = 24


@pytest.fixture(scope="module")
def footage(tmp_path_factory) -> Footage:
    """A painted person who sways a little, with her mouth shut."""
    folder = tmp_path_factory.mktemp("avatars")
    picture, box, points = painted_face(240, 320, wide=110)
    shifts = np.stack([3 * np.sin(np.arange(FRAMES) / 5), np.zeros(FRAMES)], 1).astype(np.float32)
    pictures = [
        np.roll(picture, (0, round(float(x))), (0, 1)) for x, _ in shifts
    ]  # by whole pixels; the boxes tell the same
    whole = np.round(shifts)
    parts = Parts(
        pictures,
        (box.reshape(2, 2) + whole[:, None]).reshape(-1, 4).astype(np.float32),
        (points + whole[:, None]).astype(np.float32),
        (0, FRAMES - 1),
        (),
        "footage",
    )
    return write(parts, Goes(folder / "anna", own_consent(folder)))


@pytest.fixture(scope="module")
def speeches():
    return [open_voices("espeak", "en", None).speak(SAID)]


class OpeningNet:
    """A network whose lips are as far apart as the sound is loud; it keeps the face and paints a dark oval on it."""

    name, side, window, kept = "opening", 64, (2,), (3, 64, 64)
    device, dtype = torch.device("cpu"), torch.float32

    def __init__(self, lighter: int = 0) -> None:
        self._lighter = lighter

    def crop(self, box, points):
        x0, y0, x1, y1 = (round(float(edge)) for edge in box)
        return x0, y0, x1, y1

    def hear(self, samples, fps):
        hop = 16_000 // fps
        padded = np.pad(samples, (0, -len(samples) % hop)).reshape(-1, hop)
        loud = np.clip(np.sqrt(np.square(padded).mean(1)) * 8, 0, 1)
        ahead = np.append(loud[1:], 0.0)
        return np.stack([loud, (loud + ahead) / 2], 1).astype(np.float16)

    def study(self, faces):
        return np.ascontiguousarray(faces.transpose(0, 3, 1, 2))

    def move(self, kept, windows):
        y, x = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")
        half = 1 + 6 * windows[:, 1, None, None].float()
        inside = ((x - 32) / 8) ** 2 + ((y - 50) / half) ** 2 < 1
        faces = (kept.float() + self._lighter) / 255
        return torch.where(inside[:, None], torch.full_like(faces, 0.12), faces).clamp(0, 1)


@pytest.fixture
def networks(monkeypatch):
    """What `load_net` makes: by the decoder's name."""
    made = {"sd-vae": OpeningNet(), "taesd": OpeningNet(2)}
    monkeypatch.setattr(nets, "loader", lambda wanted: lambda device, dtype: made[decoder(wanted)])
    monkeypatch.setattr(crew, "mark", lambda wanted: wanted.kind)
    return made


def decoder(wanted: Wanted) -> str:
    return json.loads(wanted.options).get("decoder", "sd-vae")


def values(judged) -> dict[str, float | None]:
    return {each.name: each.value for each in judged.readings}


def passed(judged) -> dict[str, bool | None]:
    return {each.name: each.passed for each in judged.readings}


def test_warped_lips_are_judged(footage, speeches):
    judged = judge_avatar(footage, None, speeches)
    found = passed(judged)
    assert judged.name == "anna, warped lips"
    for gate in ("mouth ahead of the phonemes", "agreement with the phonemes", "p, b and m that shut the lips"):
        assert found[gate], values(judged)
    for gate in ("PSNR outside the mouth", "SSIM outside the mouth", "seam around the mouth"):
        assert found[gate], values(judged)
    assert found["LSE-D and LSE-C"] is None


def test_the_drawn_hosts_footage_is_judged_by_her_lines(tmp_path, speeches):
    """And held to what a rig can do."""
    mira = write(drawn_footage("mira", (180, 320), 25, 1.2), Goes(tmp_path / "mira", own_consent(tmp_path)))
    judged = judge_avatar(mira, None, speeches)
    found = values(judged)
    assert found["agreement with the phonemes"] > 0.8
    assert found["p, b and m that shut the lips"] == 100
    assert passed(judged)["fastest lips"]


def test_a_networks_lips_are_judged(footage, speeches, networks):
    judged = judge_avatar(footage, Wanted.of("small"), speeches)
    assert judged.name == "anna, opening"
    found = passed(judged)
    assert found["agreement with the loudness"], values(judged)
    assert found["PSNR outside the mouth"], values(judged)
    assert (footage.folder / "studied-opening.npz").is_file()


def test_a_network_that_paints_another_colour_leaves_a_seam(footage, speeches, networks, monkeypatch):
    """Its mask is hard, and its faces are lighter than the footage."""
    networks["sd-vae"] = OpeningNet(60)
    plain = values(judge_avatar(footage, Wanted.of("small"), speeches))
    monkeypatch.setattr(
        "host_engine.host.footage_study.jaw_mask",
        lambda points, crop, side: np.pad(np.full((24, 40), 255, np.uint8), ((34, 6), (12, 12))),
    )
    hard = judge_avatar(footage, Wanted.of("small"), speeches)
    assert passed(hard)["seam around the mouth"] is False
    assert values(hard)["seam around the mouth"] > 1.5 * plain["seam around the mouth"]


def test_musetalks_two_decoders_are_compared(footage, speeches, networks):
    near = values(judge_avatar(footage, Wanted.of("musetalk", "m"), speeches))
    assert near["TAESD from SD-VAE"] == pytest.approx(2 / 255, abs=1e-3)
    assert near["TAESD against SD-VAE"] > 38
    networks["taesd"] = OpeningNet(12)
    far = passed(judge_avatar(footage, Wanted.of("musetalk", "m"), speeches))
    assert far["TAESD from SD-VAE"] is False


def test_a_missing_second_decoder_is_told(footage, speeches, networks, monkeypatch):
    def loader(wanted):
        def load(device, dtype):
            if decoder(wanted) == "taesd":
                raise NetError("there is no taesd")
            return OpeningNet()

        return load

    monkeypatch.setattr(nets, "loader", loader)
    judged = judge_avatar(footage, Wanted.of("musetalk", "m"), speeches)
    (missing,) = [each for each in judged.readings if each.name == "TAESD from SD-VAE"]
    assert (missing.passed, missing.why) == (None, "there is no taesd")


def test_a_network_that_cannot_be_opened_is_a_sentence(footage, speeches, monkeypatch):
    def load(device, dtype):
        raise NetError("weights.pth: is truncated or damaged; fetch it anew")

    monkeypatch.setattr(nets, "loader", lambda wanted: load)
    with pytest.raises(NetError, match="truncated"):
        judge_avatar(footage, Wanted.of("small"), speeches)


def test_the_command_tells_all_and_keeps_what_was_said(footage, tmp_path, monkeypatch):
    monkeypatch.setattr(judging, "EVERY", 20)
    film = tmp_path / "said.mp4"
    command = ["check", str(footage.folder), "--voice", "espeak", "--text", SAID, "--save", str(film), "--json"]
    result = CliRunner().invoke(app, command)
    told = json.loads(result.stdout)
    assert told["passed"] == (result.exit_code == 0)
    assert {row["name"] for row in told["readings"]} >= {"mouth ahead of the loudness", "PSNR outside the mouth"}
    with av.open(str(film)) as file:
        assert file.streams.video[0].frames > 50
        assert file.streams.audio


def test_the_command_ends_with_1_where_a_gate_is_not_passed(footage, monkeypatch):
    monkeypatch.setattr(judging, "NET", judging.NET._replace(closures=1.01))
    result = CliRunner(env={"COLUMNS": "160"}).invoke(
        app, ["check", str(footage.folder), "--voice", "espeak", "--text", "Bob may buy a map."]
    )
    assert result.exit_code == 1
    assert "FAIL" in result.output
    assert "p, b and m that shut the lips" in result.output
    assert "gates are not passed" in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "name an avatar's folder"),
        (["nowhere"], "there is no such folder"),
        (["nowhere", "--net", "wav2lip"], "--license-acknowledged"),
        (["--video", "clip.mp4"], "how the face is found"),
        (["--video", "clip.mp4", "--detector", "no.onnx"], "there is no such file"),
    ],
)
def test_mistakes_are_sentences(arguments, sentence):
    result = CliRunner().invoke(app, ["check", *arguments])
    assert result.exit_code == 1
    assert sentence in " ".join(result.output.split())


def test_without_a_consent_that_holds_nothing_is_rehearsed(footage, monkeypatch):
    monkeypatch.setattr("host_engine.quality.cli.today", lambda: date(2100, 1, 1))
    result = CliRunner().invoke(app, ["check", str(footage.folder), "--voice", "espeak"])
    assert result.exit_code == 1
    assert "expired" in result.output
