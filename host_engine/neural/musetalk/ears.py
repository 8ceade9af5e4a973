"""How MuseTalk hears: the states of Whisper's encoder around each frame."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from host_engine.media import Samples
from host_engine.neural.hearing import frame_count
from host_engine.neural.net import RATE, Half

if TYPE_CHECKING:
    from transformers import WhisperFeatureExtractor

STEP_MS = 20  # Whisper's encoder gives a state for each
STEPS = 10  # that one frame hears
BEFORE = 4  # of them are before the frame: it hears [-80, +120) ms
_STEP = RATE * STEP_MS // 1000  # samples
_SPAN = 30 * RATE  # samples that Whisper takes at once, never fewer
_EDGE = 50  # steps at a cut through a long utterance that are taken from the span that has heard on


class Ears:
    """Whisper's encoder on one device; keeps nothing between calls, so that several threads may hear at once.

    Recipe: MuseTalk 1.5 (github.com/TMElyralab/MuseTalk), musetalk/utils/audio_processor.py. There the zeros before
    the sound are counted by the frame rate, which moves the window at 24 and from 50 frames a second; here it stays
    where the weights were trained, at every rate.
    """

    def __init__(self, encoder: nn.Module, extractor: WhisperFeatureExtractor, device: torch.device, offset_ms: int):
        config: Any = encoder.config
        self._encoder = encoder
        self._extractor = extractor
        self._device = device
        self._offset_ms = offset_ms
        self._layers, self._width = config.encoder_layers + 1, config.d_model
        self.window = (STEPS * self._layers, self._width)
        self._places = places(*self.window)

    def hear(self, samples: Samples, fps: int) -> Half:
        """(frames, 50, 384): for each frame ten steps of five layers, step by step, with their places added."""
        frames = frame_count(samples, fps)
        heard = first_steps(frames, fps, self._offset_ms)[:, None] + np.arange(STEPS)
        with torch.inference_mode():
            states = self._states(samples).cpu()
            silence = states.new_zeros(1, *states.shape[1:])
            around = torch.cat([silence, states, silence])
            chosen = around[torch.from_numpy(np.clip(heard, -1, len(states)) + 1)]
            windows = chosen.reshape(frames, *self.window) + self._places
        return np.asarray(windows.numpy(), np.float16)

    def _states(self, samples: Samples) -> torch.Tensor:
        """(steps, layers, width): the states of every whole step of the sound."""
        wanted = len(samples) // _STEP
        parts = [torch.zeros(0, self._layers, self._width, device=self._device)]
        for start, first, last in spans(len(samples)):
            piece = np.ascontiguousarray(samples[start : start + _SPAN], np.float32)
            made = self._extractor(piece, sampling_rate=RATE, return_tensors="pt")
            features = made.input_features.to(self._device)
            layers = self._encoder(features, output_hidden_states=True).hidden_states
            parts.append(torch.stack(layers, dim=2)[0, first:last])
        return torch.cat(parts)[:wanted]


def first_steps(frames: int, fps: int, offset_ms: int = 0) -> NDArray[np.int64]:
    """The first step that each frame hears; negative before the sound. `offset_ms` > 0 hears later sound."""
    return (np.arange(frames) * 1000 + offset_ms * fps) // (STEP_MS * fps) - BEFORE


def spans(length: int) -> Iterator[tuple[int, int, int]]:
    """(first sample, first step kept, step after the last kept) of the spans of 30 s that Whisper hears.

    Up to 30 s there is one. Longer sound is cut into spans that overlap by 2 s, of which each keeps what lies 1 s
    from the cut, so that no state is made at the edge of what is heard.
    """
    start, whole = 0, _SPAN // _STEP
    while start < length:
        last = start + _SPAN >= length
        yield start, _EDGE if start else 0, whole if last else whole - _EDGE
        if last:
            return
        start += _SPAN - 2 * _EDGE * _STEP


def places(count: int, width: int) -> torch.Tensor:
    """(count, width) float32: the sines and cosines that tell a transformer the place of each token."""
    place = torch.arange(count, dtype=torch.float32)[:, None]
    pace = torch.exp(torch.arange(0, width, 2, dtype=torch.float32) * (-math.log(10_000.0) / width))
    table = torch.zeros(count, width)
    table[:, 0::2] = torch.sin(place * pace)
    table[:, 1::2] = torch.cos(place * pace)
    return table
