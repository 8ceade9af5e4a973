"""The mouth of a network: its windows beside the visemes, where something is heard, and a ladder that checks them."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.host.mouth import frames_of
from host_engine.host.mouths.chain import MouthError, Mouths, checked
from host_engine.host.mouths.loud import LoudMouth
from host_engine.host.mouths.neural import REACH, NeuralMouth, audible
from host_engine.media import Face, MouthShape, Samples, Speech

FPS = 25


def speech(*parts: tuple[float, bool]) -> Speech:
    """Parts of a length in seconds, voiced or silent."""
    pieces = []
    for seconds, voiced in parts:
        t = np.arange(round(seconds * 48_000)) / 48_000
        pieces.append(0.3 * np.sin(2 * np.pi * 180 * t) * voiced)
    return Speech("a", np.concatenate(pieces).astype(np.float32), (), (), "tone")


class Ears:
    """A network that hears the number of the frame; `off` frames more or fewer."""

    name, side, window, kept = "ears", 8, (2, 3), (1,)

    def __init__(self, off: int = 0, broken: bool = False) -> None:
        self.off, self.broken = off, broken

    def hear(self, samples: Samples, fps: int) -> np.ndarray:
        frames = -(-len(samples) * fps // 16_000) + self.off
        heard = np.zeros((frames, *self.window), np.float16) + np.arange(frames, dtype=np.float16)[:, None, None]
        if self.broken:
            heard[::3] = np.nan
        return heard


def test_every_frame_that_is_heard_has_its_window() -> None:
    spoken = speech((2.0, True))
    faces = NeuralMouth(Ears(), LoudMouth()).faces(spoken, FPS)  # type: ignore[arg-type]
    assert [int(face.heard[0, 0]) for face in faces if face.heard is not None] == list(range(50))
    assert [face._replace(heard=None) for face in faces] == LoudMouth().faces(spoken, FPS)


def test_a_long_silence_needs_no_network_but_its_edges_do() -> None:
    spoken = speech((1.0, True), (2.0, False), (1.0, True))
    faces = NeuralMouth(Ears(), LoudMouth()).faces(spoken, FPS)  # type: ignore[arg-type]
    heard = [face.heard is not None for face in faces]
    reach = round(REACH * FPS)
    assert all(heard[: 25 + reach - 1])
    assert not any(heard[25 + reach + 1 : 75 - reach - 1])
    assert all(heard[75 - reach + 1 :])
    assert all(face.speaking for face in faces)
    assert not audible(np.zeros(48_000, np.float32), FPS).any()


@pytest.mark.parametrize("off", [-1, 1])
def test_a_frame_more_or_less_is_no_trouble(off: int) -> None:
    spoken = speech((1.01, True))
    faces = NeuralMouth(Ears(off), LoudMouth()).faces(spoken, FPS)  # type: ignore[arg-type]
    assert len(checked(faces, frames_of(spoken, FPS))) == 26
    assert all(face.heard is not None for face in faces)


def test_a_network_that_hears_another_line_falls_and_the_visemes_take_over() -> None:
    mouths = Mouths([NeuralMouth(Ears(off=-5), LoudMouth()), LoudMouth()])  # type: ignore[arg-type]
    faces = mouths.faces(speech((1.0, True)), FPS)
    assert not any(face.heard is not None for face in faces)
    assert "45 frames" not in (mouths.trouble or "")
    assert "heard 20 frames in a line of 25" in (mouths.trouble or "")
    assert mouths.used == "loudness"


def test_windows_that_are_no_numbers_are_left_out_of_their_frames_only() -> None:
    spoken = speech((1.0, True))
    faces = NeuralMouth(Ears(broken=True), LoudMouth()).faces(spoken, FPS)  # type: ignore[arg-type]
    left = [face.heard is not None for face in checked(faces, 25)]
    assert left == [k % 3 != 0 for k in range(25)]
    nan = np.full((2, 3), np.nan, np.float16)
    with pytest.raises(MouthError, match="13 of the 25 windows"):
        checked([Face(heard=nan)] * 13 + [Face(heard=np.ones((2, 3), np.float16))] * 12, 25)


def test_windows_are_all_of_one_shape() -> None:
    good, other = np.ones((2, 3), np.float16), np.ones((3, 2), np.float16)
    faces = checked([Face(MouthShape(0.2), heard=good)] * 8 + [Face(heard=other)] * 2, 10)
    assert [face.heard is not None for face in faces] == [True] * 8 + [False] * 2


def test_a_network_that_is_ready_later_leads_from_the_next_line_on() -> None:
    mouths, spoken = Mouths([LoudMouth()]), speech((1.0, True))
    assert mouths.faces(spoken, FPS)[10].heard is None
    assert mouths.trouble is None
    mouths.lead(NeuralMouth(Ears(), LoudMouth()))  # type: ignore[arg-type]
    assert mouths.used == "ears"
    assert mouths.faces(spoken, FPS)[10].heard is not None


def test_visemes_shut_the_lips_of_a_network_that_is_lax_about_it() -> None:
    shapes = [MouthShape(open=0.3), MouthShape(open=0.02), MouthShape(open=0.3)]

    class Shapes:
        name = "shapes"

        def faces(self, speech: Speech, fps: int) -> list[Face]:
            return [Face(shapes[k % 3], speaking=True) for k in range(frames_of(speech, fps))]

    lax, other = Ears(), Ears()
    lax.name = "small"
    spoken = speech((1.2, True))
    found = [NeuralMouth(ears, Shapes()).faces(spoken, FPS) for ears in (lax, other)]  # type: ignore[arg-type]
    assert [face.heard is not None for face in found[0]] == [True, False, True] * 10
    assert all(face.heard is not None for face in found[1])
