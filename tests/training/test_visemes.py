"""The training of the mouth that listens, small: what it hears, that it learns, and what it leaves on the disk."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from host_engine.commands.cli import app
from host_engine.host.mouths.heard_net import LOOK, VISEMES, HeardNet, Memory
from host_engine.host.mouths.viseme import sounds
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.training import visemes_lessons as lessons
from host_engine.training.visemes_pupil import VisemePupil, ship


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a lesson takes a moment only."""
    monkeypatch.setattr(lessons, "FIRST", 5)
    monkeypatch.setattr(lessons, "BATCH", 2)
    monkeypatch.setattr(lessons, "LENGTH", 120)
    monkeypatch.setattr(lessons, "voices", lambda: [EspeakVoice("en-us+f3"), EspeakVoice("de+m3")])


def test_each_step_is_told_what_is_said_in_it() -> None:
    speech = EspeakVoice("en-us+f3").speak("Bob may pop by.")
    heard = lessons.known(speech)
    lips = heard.visemes == VISEMES.index("PP")
    closures = [sound for sound in sounds(speech.phonemes) if sound.viseme == "PP"]
    assert abs(lips.sum() - 100 * sum(each.end - each.start for each in closures)) < 2 * len(closures)
    middles = [round(100 * (each.start + 0.02)) for each in closures]
    assert max(heard.shapes[middle, 0] for middle in middles[:3]) < 0.25  # with the sound, not ahead of it
    assert heard.shapes[:, 0].max() > 0.5
    assert len(heard.bands) == len(heard.visemes) == len(heard.shapes)


def test_what_a_lesson_tells_of_a_step_comes_some_steps_after_it(few: None) -> None:
    made = lessons.VisemeLessons(1)
    one = made._heard[0]
    made._chance = SimpleNamespace(integers=lambda low, high: 10)  # type: ignore[assignment]
    bands, visemes, _ = made._piece(one)
    count = min(40, len(one.visemes) - 10)
    np.testing.assert_array_equal(bands[:count], one.bands[10 : 10 + count])
    np.testing.assert_array_equal(visemes[:count], one.visemes[10 - LOOK : 10 - LOOK + count])


def test_a_room_and_a_microphone_change_the_sound_but_not_its_length() -> None:
    samples = lessons.levelled(np.sin(np.arange(16_000) / 20).astype(np.float32))
    for seed in range(12):
        heard = lessons.microphone(samples, Random(seed))
        assert heard.shape == samples.shape
        assert np.isfinite(heard).all()


def test_it_learns_and_what_is_shipped_hears_the_same(few: None, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    made, pupil = lessons.VisemeLessons(1), VisemePupil(1)
    missed = [pupil.learn(made.next(), 0.1) for _ in range(8)]
    assert np.mean([each[0] for each in missed[-2:]]) < 0.95 * missed[0][0]
    ship(pupil, tmp_path / "heard.safetensors")
    net = HeardNet.shipped(tmp_path / "heard.safetensors")
    bands = torch.randn(1, 40, 60)
    pupil.eval()
    with torch.no_grad():
        whole = pupil(bands)[0].T.numpy()
    np.testing.assert_allclose(Memory(net).hear(bands[0].T.numpy()), whole, atol=0.05)  # in half the digits


def test_the_command_leaves_weights_and_what_there_is_to_say_of_them(
    few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from host_engine.training import visemes_exam

    exam = visemes_exam.exam
    monkeypatch.setattr(
        visemes_exam, "exam", lambda net: exam(net, [("espeak:en-us+m7", "Buy my map."), ("no:one", "")])
    )
    answer = CliRunner().invoke(app, ["train-visemes", "--steps", "2", "--minutes", "9", "-o", str(tmp_path)])
    assert answer.exit_code == 0, answer.output
    report = json.loads((tmp_path / "heard.json").read_text())
    assert report["steps"] == 2
    assert 0 <= report["summary"]["viseme_accuracy"] <= 1
    assert len(report["utterances"]) == 1
    HeardNet.shipped(tmp_path / "heard.safetensors")
