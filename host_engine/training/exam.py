"""How well a network moves lips that it has not learnt from: other sentences, another voice, measured in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from host_engine.host.mouth import LEAD
from host_engine.host.mouths.viseme import closure, sounds
from host_engine.host.voice import Voice
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.host.voices.flite import FliteVoice
from host_engine.host.voices.utterance import VoiceError
from host_engine.media import REST, MouthShape, Picture, Speech
from host_engine.neural.hearing import at_16k
from host_engine.neural.small.geometry import crop_of
from host_engine.neural.small.net import SmallNet
from host_engine.training.reader import OpennessReader, mouth_box
from host_engine.training.sheet import moments, write_rows
from host_engine.training.sitting import FPS, Sitting
from host_engine.training.talk import same_chance, told

HEIGHT = 720  # of the drawing, in pixels
SHUT = 0.12  # a mouth that is open by less is shut
NEAR = 0.04  # seconds around a closure in which it must be seen
FAR = 0.2  # seconds by which lips may be early or late and still be told to be so
BATCH = 8

Curve = NDArray[np.float64]


class Question(NamedTuple):
    """A sentence said by a voice, from the mouth of a host in an outfit."""

    host: str
    outfit: str
    voice: str  # as in a channel file
    text: str


QUESTIONS = (
    Question("mira", "coral", "flite:slt", "Please put the blue bag in your basket before the big promotion ends."),
    Question("leo", "navy", "flite:rms", "Five more people bought this warm wool jumper while we talked."),
    Question("mira", "sage", "flite:awb", "Have a look at the back of the box, my friends, and buy it today."),
    Question("mira", "plum", "espeak:en-us+f5", "Maybe you remember the small purple bottle from the show last month."),
    Question("leo", "forest", "espeak:de+m8", "Bitte beachten Sie unser Angebot, die Pumpe kostet nur fünf Euro."),
    Question("mira", "coral", "espeak:fr-fr+f5", "Bonjour et bienvenue, le beau sac bleu est en promotion."),
)  # fmt: skip


class Answer(NamedTuple):
    """What was painted (frames, side, side, 3), beside what should have been, and the mouths that were meant."""

    painted: Picture
    copied: Picture  # painted from the very mouths that were meant: what the painter alone can do
    truth: Picture
    shapes: NDArray[np.float32]
    speech: Speech
    read: Curve  # how far open the painted mouths are
    read_truth: Curve


def voice_of(name: str) -> Voice:
    """The voice of a question. Raises VoiceError."""
    kind, _, which = name.partition(":")
    return FliteVoice(which) if kind == "flite" else EspeakVoice(which)


def answer(net: SmallNet, question: Question) -> Answer:
    """What the network paints, on pictures of the host at rest, for the sentence."""
    same_chance(1)
    speech = voice_of(question.voice).speak(question.text)
    heard = at_16k(speech.samples)
    windows, shapes = net.hear(heard, FPS), told(speech, heard).shapes
    sitting = Sitting(question.host, question.outfit, HEIGHT, seed=3)
    rest, truth = [], []
    for shape in shapes:
        pose = sitting.pose(1, 0.5)
        crop = crop_of(sitting.points(pose))
        sitting.settle(pose)
        rest.append(sitting.picture(pose, REST, crop))
        truth.append(sitting.picture(pose, MouthShape(*map(float, shape)), crop))
    kept = net.study(np.stack(rest))
    painted, copied = paint(net, kept, windows[: len(kept)]), copy(net, kept, shapes)
    reader = OpennessReader(sitting)
    return Answer(
        painted, copied, np.stack(truth), shapes, speech, reader.read(painted), reader.read(np.stack(truth))
    )  # fmt: skip


def paint(net: SmallNet, kept: NDArray[np.uint8], windows: NDArray[np.float16]) -> Picture:
    """Pictures (n, side, side, 3) of what the network makes of faces and windows, a few at a time."""
    made = [
        net.move(torch.from_numpy(kept[k : k + BATCH]), torch.from_numpy(windows[k : k + BATCH]))
        for k in range(0, len(kept), BATCH)
    ]
    return _pictures(made)


def copy(net: SmallNet, kept: NDArray[np.uint8], shapes: NDArray[np.float32]) -> Picture:
    """The same, of mouths that are told instead of heard."""
    made = [
        net.paint(torch.from_numpy(kept[k : k + BATCH]), torch.from_numpy(shapes[k : k + BATCH]))
        for k in range(0, len(kept), BATCH)
    ]
    return _pictures(made)


def _pictures(made: Sequence[torch.Tensor]) -> Picture:
    planes = torch.cat(list(made)).permute(0, 2, 3, 1)
    return (planes * 255).round().to(torch.uint8).numpy()


def marks(answer: Answer) -> dict[str, float]:
    """The measures of one answer; times in milliseconds, positive where the painted lips are late."""
    meant = answer.shapes[:, 0].astype(float)
    shut = closures(answer.read, answer.speech)
    return {
        "frames": len(meant),
        "mouth_psnr": psnr(answer.painted, answer.truth),
        "mouth_psnr_painter_alone": psnr(answer.copied, answer.truth),
        "openness_correlation": correlation(answer.read, meant),
        "openness_correlation_of_the_measure": correlation(answer.read_truth, meant),
        "openness_mean_error": float(np.abs(answer.read - meant).mean()),
        "closures": len(shut),
        "closures_seen": sum(shut),
        "closures_seen_in_truth": sum(closures(answer.read_truth, answer.speech)),
        "offset_ms": 1000 * offset(answer.read, meant),
    }


class DrawnExam:
    """As `trainer.Exam`, for the drawn hosts: some of the questions at each look, all of them in the end."""

    def __init__(self, questions: Sequence[Question] | None = None, looks: int = 4) -> None:
        self._questions, self._looks = tuple(questions or QUESTIONS), looks

    def look(self, net: SmallNet) -> dict[str, Any]:
        """The marks over the first questions."""
        return dict(self._asked(net, self._questions[: self._looks])["summary"])

    def report(self, net: SmallNet, sheet: Path) -> dict[str, Any]:
        """The marks of every question, and over all; writes a sheet of pictures."""
        return self._asked(net, self._questions, sheet)

    def _asked(self, net: SmallNet, questions: Sequence[Question], sheet: Path | None = None) -> dict[str, Any]:
        rows, pictures = [], []
        for question in questions:
            try:
                given = answer(net, question)
            except VoiceError as missing:
                rows.append({**question._asdict(), "left_out": str(missing)})
                continue
            rows.append({**question._asdict(), **marks(given)})
            shown = moments(given.speech, given.shapes)
            pictures += [given.truth[shown], given.painted[shown]]
        if sheet is not None:
            write_rows(sheet, pictures)
        asked = [row for row in rows if "left_out" not in row]
        return {"summary": summary(asked), "questions": [_rounded(row) for row in rows]}


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One line over several questions."""
    closures = sum(row["closures"] for row in rows)
    return _rounded({
        "mouth_psnr": fmean(row["mouth_psnr"] for row in rows),
        "mouth_psnr_painter_alone": fmean(row["mouth_psnr_painter_alone"] for row in rows),
        "openness_correlation": fmean(row["openness_correlation"] for row in rows),
        "openness_correlation_least": min(row["openness_correlation"] for row in rows),
        "closures": closures,
        "closure_rate": sum(row["closures_seen"] for row in rows) / max(1, closures),
        "offset_ms": fmean(row["offset_ms"] for row in rows),
    })  # fmt: skip


def psnr(made: Picture, truth: Picture) -> float:
    """Of the mouths' boxes, in dB, over all frames."""
    away = mouth_box(made).astype(np.float32) - mouth_box(truth)
    return float(10 * np.log10(255**2 / max(float(np.square(away).mean()), 1e-4)))


def correlation(a: Curve, b: Curve) -> float:
    """Pearson's; 0 where one of the two does not move."""
    if min(float(a.std()), float(b.std())) < 1e-6:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def closures(opening: Curve, speech: Speech) -> list[bool]:
    """For each p, b, m: is the mouth shut within 40 ms of where the drawn mouth shuts?"""
    times = (np.arange(len(opening)) + 0.5) / FPS
    instants = [closure(sound) - LEAD for sound in sounds(speech.phonemes) if sound.viseme == "PP"]
    return [bool(opening[np.abs(times - at) <= NEAR].min() < SHUT) for at in instants if 0.02 < at < times[-1]]


def offset(opening: Curve, meant: Curve) -> float:
    """Seconds by which an opening comes after the one that was meant: where the two agree best, by a parabola."""
    steps, fine = round(FAR * 100), np.arange(0, len(meant) / FPS, 0.01)
    at = (np.arange(len(meant)) + 0.5) / FPS
    a, b = (np.interp(fine, at, curve) - curve.mean() for curve in (opening, meant))
    alike = [
        float((a[steps + k : len(a) - steps + k] * b[steps : len(b) - steps]).sum()) for k in range(-steps, steps + 1)
    ]
    best = int(np.argmax(alike))
    if not 0 < best < len(alike) - 1:
        return (best - steps) / 100
    low, top, high = alike[best - 1 : best + 2]
    return (best - steps + 0.5 * (low - high) / (low - 2 * top + high)) / 100


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in row.items()}
