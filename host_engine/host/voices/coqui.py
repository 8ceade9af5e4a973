"""Coqui TTS: neural voices, from a model in a folder or by name from the hub where the network allows."""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from host_engine.host.voices.espeak import EspeakVoice
from host_engine.host.voices.utterance import Utterance, VoiceError, plain, speech
from host_engine.media import Phoneme, Samples, Speech
from host_engine.neural.torchaudio_cpu import import_torchaudio

if TYPE_CHECKING:
    from TTS.api import TTS

log = logging.getLogger(__name__)

_MODELS = (".pth", ".pt", ".pth.tar", ".safetensors")
_IPA_MODIFIERS = "ːˑ̩̃ʲʰ̪"  # they belong to the letter before them


class Paths(NamedTuple):
    """Where a model lies."""

    model: Path
    config: Path


class CoquiVoice:
    """A model of Coqui TTS: a folder (model file and config.json), a model file beside its config.json, or a name
    of the hub ("tts_models/en/ljspeech/vits"); "#NAME" behind it picks a speaker. It is loaded for its first line.

    Raises VoiceError where the folder does not hold a model.
    """

    def __init__(self, model: str, language: str = "en") -> None:
        where, _, self._speaker = model.partition("#")
        self._model = where
        self._paths = find_model(where)
        self._language = language
        self._guide = EspeakVoice(language)
        self._lock = threading.Lock()
        self._tts: TTS | None = None
        self.name = f"coqui:{model}"
        self.settings = f"{language} {_stamp(self._paths)}"

    def speak(self, text: str) -> Speech:
        """Say a text: blocking, from any thread."""
        return speech(text, self.utter(text), self.name)

    def utter(self, text: str) -> Utterance:
        """What the model says and when."""
        text = " ".join(plain(text).split())
        with self._lock:
            if self._tts is None:
                self._tts = load(self._model, self._paths)
            samples, symbols, durations = _synthesise(self._tts, text, self._speaker, self._language)
            rate = int(self._tts.synthesizer.output_sample_rate)
            ipa = bool(self._tts.synthesizer.tts_model.config.get("use_phonemes", False))
        guide = self._guide.utter(text)
        times = token_times(durations, len(samples) / rate)
        words = word_times(symbols, times, text.split())
        if words and ipa:
            return Utterance(samples, rate, _sounds(symbols, times), words)
        return warp(guide, words, Utterance(samples, rate, [], {}))


def find_model(where: str) -> Paths | None:
    """The files of a model in a folder or beside a file; None for a name of the hub."""
    path = Path(where).expanduser()
    if re.fullmatch(r"tts_models/[\w.-]+/[\w.-]+/[\w.-]+", where) and not path.exists():
        return None
    if not path.exists():
        raise VoiceError(
            f"Coqui TTS: there is no {where!r}; a model is a folder, a model file, or tts_models/LANGUAGE/SET/NAME"
        )
    folder = path if path.is_dir() else path.parent
    models = sorted(p for p in folder.iterdir() if p.name.endswith(_MODELS)) if path.is_dir() else [path]
    config = folder / "config.json"
    if not models:
        raise VoiceError(f"Coqui TTS: {where} holds no model file ({', '.join(_MODELS)})")
    if not config.is_file():
        raise VoiceError(f"Coqui TTS: {config} is missing; it belongs to the model {models[-1].name}")
    return Paths(models[-1], config)


def load(model: str, paths: Paths | None) -> TTS:
    """A loaded model, on the GPU where there is one."""
    # Asked on the terminal, this question would hold up the voice for good.
    if "xtts" in model and os.environ.get("COQUI_TOS_AGREED") != "1":
        raise VoiceError(
            f"{model} may be used under its own terms only: agree with COQUI_TOS_AGREED=1 in the environment"
        )
    import_torchaudio()
    import torch
    from TTS.api import TTS

    torch.set_num_threads(1)  # the other cores are the tick's

    from host_engine.host.voices.coqui_phonemizer import register

    register()
    if paths is None:
        tts = TTS(model_name=model, progress_bar=False)
    else:
        tts = TTS(model_path=str(paths.model), config_path=str(paths.config), progress_bar=False)
    return tts.to("cuda") if torch.cuda.is_available() else tts


def _synthesise(tts: TTS, text: str, speaker: str, language: str) -> tuple[Samples, list[str], list[float]]:
    """Samples, and tokens with their durations in frames where the model tells them."""
    model = tts.synthesizer.tts_model
    who = (speaker or tts.speakers[0]) if tts.speakers else None
    tongue = language.split("-")[0] if tts.languages else None
    if tts.synthesizer.vocoder_model is not None:
        return np.asarray(tts.tts(text, speaker=who, language=tongue, split_sentences=False), np.float32), [], []
    made = model.synthesize(text=text, speaker=who, language=tongue, use_griffin_lim=True)
    samples = np.asarray(made["wav"], np.float32).reshape(-1)
    durations = made.get("outputs", {}).get("durations")
    if durations is None:
        return samples, [], []
    tokens = made["text_inputs"].reshape(-1).tolist()
    frames = [float(d) for d in durations.reshape(-1)]
    vocabulary = model.tokenizer.characters
    symbols = ["" if t == vocabulary.blank_id else vocabulary.id_to_char(t) for t in tokens]
    return (samples, symbols, frames) if len(symbols) == len(frames) else (samples, [], [])


def token_times(durations: Sequence[float], seconds: float) -> list[tuple[float, float]]:
    """(start, end) of each token: together exactly as long as the sound."""
    if not durations or sum(durations) <= 0:
        return []
    edges = np.concatenate([[0.0], np.cumsum(durations)]) * (seconds / sum(durations))
    return list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))


def word_times(
    symbols: Sequence[str], times: Sequence[tuple[float, float]], words: Sequence[str]
) -> Mapping[int, tuple[float, float]]:
    """Start and end of each word, from the tokens between spaces; none where the model made other words of the text."""
    groups: list[tuple[float, float]] = []
    inside = False
    for symbol, (start, end) in zip(symbols, times, strict=False):
        if symbol == " ":
            inside = False
        elif inside:
            groups[-1] = (groups[-1][0], end)
        elif any(letter.isalpha() for letter in symbol):
            groups.append((start, end))
            inside = True
    return dict(enumerate(groups)) if len(groups) == len(words) else {}


def _sounds(symbols: Sequence[str], times: Sequence[tuple[float, float]]) -> list[Phoneme]:
    """IPA tokens as phonemes; blanks and modifiers lengthen the sound before them, punctuation is silence."""
    found: list[Phoneme] = []
    for symbol, (start, end) in zip(symbols, times, strict=True):
        if found and symbol and symbol in _IPA_MODIFIERS:
            found[-1] = Phoneme(found[-1].symbol + symbol, found[-1].start, end)
        elif found and symbol in ("", "ˈ", "ˌ", " "):
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(Phoneme(symbol if symbol.isalpha() else "", start, end))
    return found


def warp(guide: Utterance, words: Mapping[int, tuple[float, float]], to: Utterance) -> Utterance:
    """The sounds and words of a guide's speech stretched onto another's sound: word upon word where those are known,
    else from its first to its last sound."""
    theirs = [0.0, len(guide.samples) / guide.rate]
    ours = [0.0, len(to.samples) / to.rate]
    common = sorted(set(words) & set(guide.words))
    if common:
        theirs[1:1] = [t for i in common for t in guide.words[i]]
        ours[1:1] = [t for i in common for t in words[i]]
    elif spoken := [p for p in guide.phonemes if p.symbol]:
        theirs[1:1] = [spoken[0].start, spoken[-1].end]
        ours[1:1] = _sounding(to)
    line, targets = np.maximum.accumulate(theirs), np.maximum.accumulate(ours)

    def at(seconds: float) -> float:
        return float(np.interp(seconds, line, targets))

    phonemes = [Phoneme(p.symbol, at(p.start), at(p.end)) for p in guide.phonemes]
    return to._replace(phonemes=phonemes, words=words or {i: (at(a), at(b)) for i, (a, b) in guide.words.items()})


def _sounding(spoken: Utterance) -> list[float]:
    """Seconds of the first and the last sample that can be heard."""
    loud = np.flatnonzero(np.abs(spoken.samples) > 0.02 * np.max(np.abs(spoken.samples), initial=0.0))
    return [loud[0] / spoken.rate, (loud[-1] + 1) / spoken.rate] if len(loud) else [0.0, 0.0]


def _stamp(paths: Paths | None) -> str:
    """A mark of the model file, so that a new one of the same name is not taken for the old one."""
    if paths is None:
        return "hub"
    stat: Any = paths.model.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"
