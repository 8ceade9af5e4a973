"""Whisper by faster-whisper: one utterance, one pass, no memory of the one before. For the worker process only."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel

from host_engine.audience.ears.heard import Heard
from host_engine.audience.transcript import RATE, Heard16

TOKENS, EACH = 12, 9  # of a transcript: at most so many, and so many for each second of speech
ALIASES = {"cmn": "zh", "nb": "no", "iw": "he", "in": "id", "tl": "tl"}

log = logging.getLogger(__name__)


class _Once(WhisperModel):  # type: ignore[misc]
    """Does not encode the same sound twice, first to find its language and then to find its words."""

    _last: tuple[Any, Any] | None = None

    def encode(self, features: Any) -> Any:
        # The two differ in the last frame of the sound, which one of them leaves out.
        if self._last is not None and self._last[0].shape == features.shape:
            differ = np.flatnonzero((self._last[0] != features).any(axis=0))
            if len(differ) <= 1:
                return self._last[1]
        self._last = (features, super().encode(features))
        return self._last[1]

    def forget(self) -> None:
        self._last = None


class Whisper:
    """A recogniser. Raises RuntimeError or ValueError, a sentence of CTranslate2, where the model is none."""

    languages: tuple[str, ...] | None = None  # every one that it was taught

    def __init__(self, path: Path, name: str, threads: int, device: str = "cpu", tokens: int | None = None) -> None:
        """tokens: how many a transcript has at most, for benchmarks of models that never end by themselves."""
        self.name = f"whisper:{name}"
        self._tokens = tokens
        kind = "int8" if device == "cpu" else "int8_float16"
        self._model = _Once(str(path), device, compute_type=kind, cpu_threads=threads, local_files_only=True)
        if not self._model.model.is_multilingual:
            self.languages = ("en",)
        self.hear(np.zeros(RATE // 2, np.float32), "en")  # what is used first takes longest

    def hear(self, samples: Heard16, language: str | None) -> Heard:
        """Blocks for some tenths of a second or some seconds. language: None to have it detected."""
        try:
            segments, info = self._model.transcribe(
                samples,
                language=self._known(language),
                beam_size=1,
                best_of=1,
                temperature=0.0,
                condition_on_previous_text=False,
                without_timestamps=True,
                max_new_tokens=self._tokens or TOKENS + int(EACH * min(30.0, len(samples) / RATE)),
                no_speech_threshold=None,  # the guards judge, by the same numbers
                compression_ratio_threshold=None,
                log_prob_threshold=None,
            )
            found = list(segments)
        finally:
            self._model.forget()
        if not found:
            return Heard("", info.language, no_speech=1.0)
        return Heard(
            text=" ".join(each.text.strip() for each in found).strip(),
            language=info.language,
            no_speech=max(each.no_speech_prob for each in found),
            logprob=min(each.avg_logprob for each in found),
            compression=max(each.compression_ratio for each in found),
        )

    def _known(self, language: str | None) -> str | None:
        """The language as Whisper calls it; None, which means detection, for one that it was not taught."""
        base = (language or "").replace("_", "-").split("-")[0].lower()
        base = ALIASES.get(base, base)
        return base if base in self._model.supported_languages else None


def gpu() -> bool:
    """Whether CTranslate2 finds a CUDA device."""
    import ctranslate2  # type: ignore[import-untyped]

    try:
        return bool(ctranslate2.get_cuda_device_count())
    except RuntimeError as error:
        log.warning("CUDA cannot be used by the ears: %s", error)
        return False


def download(name: str) -> Path:
    """The folder of a model by name, fetched where it is not here yet. Blocks. Raises whatever the hub raises."""
    from faster_whisper import download_model

    return Path(download_model(name))
