"""How good the weights that ship are, on what they have not learnt from; and whether that measure can be trusted."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from host_engine.host.voices.flite import FliteVoice
from host_engine.host.voices.utterance import VoiceError
from host_engine.media import REST, MouthShape
from host_engine.neural.small import load
from host_engine.neural.small.geometry import crop_of
from host_engine.neural.small.net import SmallNet, load_blank
from host_engine.training.exam import (
    Answer,
    DrawnExam,
    Question,
    answer,
    closures,
    correlation,
    marks,
    offset,
    paint,
    psnr,
)  # fmt: skip
from host_engine.training.reader import OpennessReader
from host_engine.training.sitting import Sitting

SENTENCE = "Maybe five people bought the blue one."


@pytest.fixture(scope="module")
def net() -> SmallNet:
    return load(dtype=torch.float32)


@pytest.fixture(scope="module")
def given(net: SmallNet) -> Answer:
    try:
        FliteVoice("slt")
    except VoiceError as missing:
        pytest.skip(str(missing))
    return answer(net, Question("mira", "coral", "flite:slt", SENTENCE))


def test_lips_follow_a_sentence_that_was_not_learnt(given: Answer) -> None:
    found = marks(given)
    assert found["openness_correlation_of_the_measure"] > 0.97
    assert found["openness_correlation"] > 0.8
    assert found["closures"] >= 4
    assert found["closures_seen"] >= 0.9 * found["closures"] - 1
    assert abs(found["offset_ms"]) < 40
    assert found["mouth_psnr_painter_alone"] > 26


def test_silence_shuts_the_mouth(net: SmallNet) -> None:
    sitting = Sitting("mira", "sage", 640)
    reader = OpennessReader(sitting, pictures=120)
    pose = sitting.pose(5, 0.2)
    crop = crop_of(sitting.points(pose))
    sitting.settle(pose)
    open_mouth = sitting.picture(pose, MouthShape(0.9, 0.2, 0.0, 0.9, 0.6, 0.3), crop)
    shut_mouth = sitting.picture(pose, REST, crop)
    kept = net.study(np.stack([open_mouth, shut_mouth] * 5))
    made = paint(net, kept, net.hear(np.zeros(16_000 * 10 // 25, np.float32), 25))
    assert reader.read(open_mouth[None])[0] > 0.7
    assert reader.read(made).max() < 0.12
    assert psnr(made, np.stack([shut_mouth] * 10)) > 26


def test_a_reader_knows_how_far_a_mouth_is_open() -> None:
    sitting = Sitting("leo", "navy", 560)
    reader = OpennessReader(sitting, pictures=150)
    pose = sitting.pose(50, 0.6)
    crop = crop_of(sitting.points(pose))
    opened = [0.0, 0.1, 0.3, 0.6, 0.9]
    seen = np.stack([sitting.picture(pose, MouthShape(each, 0.1, 0.1, 0.8, 0.4, 0.3), crop) for each in opened])
    assert reader.read(seen) == pytest.approx(opened, abs=0.1)


def test_marks_see_what_is_wrong() -> None:
    curve = np.sin(np.arange(100) / 4) * 0.5 + 0.5
    assert offset(np.roll(curve, 2), curve) == pytest.approx(0.08, abs=0.012)
    assert offset(np.roll(curve, -1), curve) == pytest.approx(-0.04, abs=0.012)
    assert correlation(curve, np.ones(100)) == 0
    pictures = np.zeros((2, 128, 128, 3), np.uint8)
    assert psnr(pictures, pictures + np.uint8(16)) == pytest.approx(24.05, abs=0.01)


def test_a_blank_network_fails(given: Answer) -> None:
    found = DrawnExam([Question("mira", "coral", "flite:slt", "Buy me.")]).look(load_blank(dtype=torch.float32))
    assert found["openness_correlation"] < 0.8
    assert closures(np.ones(len(given.shapes)), given.speech) == [False] * int(marks(given)["closures"])


def test_a_report_has_rows_and_a_sheet(net: SmallNet, tmp_path: Path) -> None:
    exam = DrawnExam(
        [Question("mira", "coral", "espeak:en-us+f5", "I buy my food."), Question("leo", "navy", "flite:nobody", "")]
    )
    found = exam.report(net, tmp_path / "sheet.png")
    assert found["summary"]["closures"] == 2
    assert "no voice 'nobody'" in found["questions"][1]["left_out"]
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None
    assert sheet.shape[0] == 2 * (256 + 6)
