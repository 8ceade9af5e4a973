"""Voices for other languages: the channel's own for its own, others opened once, those that nobody has told."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_engine.host.tongues import Tongues
from host_engine.host.voice import VoiceError, Voices, open_voices
from host_engine.media import Speech


class Own:
    name, settings = "own", ""

    def speak(self, text: str) -> Speech:
        raise AssertionError("the channel's own voice was asked")


def test_the_channels_own_voice_says_its_own_language() -> None:
    tongues = Tongues(Own(), "de-AT", lambda language: pytest.fail("nothing is to be opened"))
    assert tongues.other("de") is None
    assert tongues.other("de_CH") is None
    assert tongues.sayable("de-DE")


def test_others_are_opened_once_and_speak_their_language(tmp_path: Path) -> None:
    opened: list[str] = []

    def open(language: str) -> Voices:
        opened.append(language)
        return open_voices("espeak", language, tmp_path)

    tongues = Tongues(Own(), "en", open)
    assert tongues.sayable("zh-CN")
    for language, text in (("zh", "你好"), ("fr", "Bonjour à tous"), ("zh", "谢谢")):
        assert tongues.speak(language, text).seconds > 0.3
    assert opened == ["zh", "fr"]
    assert tongues.other("fr") is tongues.other("fr-CA")


def test_a_language_that_nobody_speaks_is_not_sayable() -> None:
    tries = 0

    def open(language: str) -> Voices:
        nonlocal tries
        tries += 1
        raise VoiceError(f"nobody speaks {language}")

    tongues = Tongues(Own(), "en", open)
    assert not tongues.sayable("xx")
    assert tongues.other("xx") is None
    assert tries == 1
    with pytest.raises(AssertionError, match="own voice"):
        tongues.speak("xx", "hello")
