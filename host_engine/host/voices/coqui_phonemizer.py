"""Text to IPA for Coqui TTS by the espeak-ng that is in this process.

Most of its models were trained on espeak's phonemes, and it would call an `espeak-ng` program, which few machines have.
"""

from __future__ import annotations

from TTS.tts.utils.text import phonemizers
from TTS.tts.utils.text.phonemizers.base import BasePhonemizer

from host_engine.host.voices.espeak import EspeakVoice, voices


class Phonemizer(BasePhonemizer):  # type: ignore[misc]
    """Coqui's interface of a phonemizer, for one language."""

    def __init__(self, language: str, **options: object) -> None:
        super().__init__({"en": "en-us", "zh-cn": "cmn"}.get(language, language), **options)
        self._espeak = EspeakVoice(self._language)

    @staticmethod
    def name() -> str:
        return "espeak"

    @staticmethod
    def supported_languages() -> dict[str, str]:
        # The short codes of its models beside espeak-ng's own.
        return {code: code for code in [*voices()[0], "fr", "en"]}

    @classmethod
    def is_available(cls) -> bool:
        return True

    def version(self) -> str:
        return self._espeak.settings

    def _phonemize(self, text: str, separator: str = "") -> str:
        return self._espeak.transcribe(text)


def register() -> None:
    """Make this the phonemizer called "espeak", and the one of every language that has no better."""
    phonemizers._register_phonemizers()
    phonemizers.PHONEMIZERS[Phonemizer.name()] = Phonemizer
    for language in Phonemizer.supported_languages():
        phonemizers.DEF_LANG_TO_PHONEMIZER.setdefault(language, Phonemizer.name())
