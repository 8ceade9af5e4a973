"""Coqui TTS: a tiny random VITS, loaded the way a user's model is, speaks; its durations become words and sounds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from host_engine.host.voice import check, open_voices
from host_engine.host.voices.coqui import CoquiVoice, find_model, token_times, warp, word_times
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.host.voices.utterance import Utterance, VoiceError
from host_engine.neural.torchaudio_cpu import import_torchaudio

LINE = "Hello everyone, this lamp is ours alone!"


def make_model(folder: Path, phonemes: bool) -> Path:
    import_torchaudio()
    import torch
    from TTS.tts.configs.vits_config import VitsArgs, VitsConfig
    from TTS.tts.models.vits import Vits

    from host_engine.host.voices.coqui_phonemizer import register

    register()
    torch.manual_seed(3)
    args = VitsArgs(
        hidden_channels=32, hidden_channels_ffn_text_encoder=64, num_heads_text_encoder=2, num_layers_text_encoder=1,
        num_layers_flow=1, num_layers_posterior_encoder=1, upsample_initial_channel_decoder=32,
        init_discriminator=False,
    )  # fmt: skip
    chosen = {"use_phonemes": True, "phonemizer": "espeak", "phoneme_language": "en-us"} if phonemes else {}
    config = VitsConfig(model_args=args, **chosen)
    network = Vits(config)
    torch.save({"model": network.state_dict()}, folder / "model.pth")
    config.save_json(str(folder / "config.json"))
    return folder


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> CoquiVoice:
    return CoquiVoice(str(make_model(tmp_path_factory.mktemp("letters"), False)))


@pytest.fixture(scope="module")
def phonemes(tmp_path_factory: pytest.TempPathFactory) -> CoquiVoice:
    return CoquiVoice(str(make_model(tmp_path_factory.mktemp("phonemes"), True)))


def test_a_model_of_letters_speaks_with_the_sounds_of_espeak(letters: CoquiVoice) -> None:
    utterance = letters.utter(LINE)
    assert sorted(utterance.words) == list(range(7))
    guide = [p.symbol for p in EspeakVoice("en").utter(LINE).phonemes]
    assert [p.symbol for p in utterance.phonemes] == guide
    check(letters.speak(LINE), LINE)


def test_a_model_of_phonemes_tells_its_own(phonemes: CoquiVoice) -> None:
    utterance = phonemes.utter(LINE)
    seconds = len(utterance.samples) / utterance.rate
    assert utterance.phonemes[-1].end == pytest.approx(seconds)  # the durations are the samples, all of them
    for before, after in zip(utterance.phonemes, utterance.phonemes[1:], strict=False):
        assert after.start == before.end
    first = [p.symbol for p in utterance.phonemes if p.symbol][:5]
    assert first == ["h", "ə", "l", "o", "ʊ"]
    assert sorted(utterance.words) == list(range(7))
    check(phonemes.speak(LINE), LINE)


@pytest.mark.parametrize("text", ["25 € – 大家", "a\x00b \ud800", "word " * 40])
def test_odd_texts_give_their_words(letters: CoquiVoice, text: str) -> None:
    assert [w.text for w in letters.speak(text).words] == text.split()


def test_the_chain_takes_it_and_falls_to_espeak_from_a_broken_model(tmp_path: Path) -> None:
    (tmp_path / "model.pth").write_bytes(b"not a model")
    (tmp_path / "config.json").write_text("{}")
    voices = open_voices(f"coqui:{tmp_path}", "en")
    assert voices.name == f"coqui:{tmp_path}"
    assert voices.speak("hello").voice == "espeak:en-us+f3"
    assert list(voices.fallen) == [f"coqui:{tmp_path}"]


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="there is no '/nowhere/model'"):
        find_model("/nowhere/model")
    with pytest.raises(VoiceError, match="holds no model file"):
        find_model(str(tmp_path))
    (tmp_path / "best.pth").touch()
    with pytest.raises(VoiceError, match=r"config\.json is missing; it belongs to the model best\.pth"):
        find_model(str(tmp_path))
    assert find_model("tts_models/en/ljspeech/vits") is None


def test_terms_are_not_asked_for_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COQUI_TOS_AGREED", raising=False)
    with pytest.raises(VoiceError, match="COQUI_TOS_AGREED"):
        CoquiVoice("tts_models/multilingual/multi-dataset/xtts_v2").utter("hello")


def test_tokens_share_the_sound_exactly() -> None:
    times = token_times([1, 2, 0, 5], 4.0)
    assert times == [(0.0, 0.5), (0.5, 1.5), (1.5, 1.5), (1.5, 4.0)]
    assert token_times([], 1.0) == []


def test_words_are_tokens_between_spaces_or_none() -> None:
    times = [(float(i), i + 1.0) for i in range(6)]
    assert word_times(["h", "i", " ", "y", "", "!"], times, ["hi", "y!"]) == {0: (0.0, 2.0), 1: (3.0, 6.0)}
    assert word_times(["h", "i", " ", "y", "", "!"], times, ["hi", "25", "y!"]) == {}


def test_without_words_the_guide_is_stretched_from_first_to_last_sound() -> None:
    sound = np.concatenate([np.zeros(16000), np.ones(32000), np.zeros(8000)]).astype(np.float32)
    warped = warp(EspeakVoice("en").utter("hello you"), {}, Utterance(sound, 16000, [], {}))
    spoken = [p for p in warped.phonemes if p.symbol]
    assert spoken[0].start == pytest.approx(1.0)
    assert spoken[-1].end == pytest.approx(3.0)
    assert warped.words[0][0] == pytest.approx(1.0, abs=0.1)


def test_torchaudio_works_beside_a_torch_without_cuda_and_coqui_is_not_loaded_unasked() -> None:
    program = """
import sys
import host_engine.host.voice
assert not {"TTS", "torch", "torchaudio"} & set(sys.modules), "loading voices must be quick"
from host_engine.neural.torchaudio_cpu import import_torchaudio
torchaudio = import_torchaudio()
import torch
assert torchaudio.functional.resample(torch.ones(1, 160), 16000, 48000).shape == (1, 480)
assert torchaudio.transforms.MelSpectrogram()(torch.zeros(1, 8000)).shape[1] == 128
"""
    subprocess.run([sys.executable, "-c", program], check=True)
