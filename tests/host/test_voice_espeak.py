"""espeak-ng: exact words for any text, sane timings, languages as people write them."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.host.voice import check
from host_engine.host.voices.espeak import EspeakVoice, voices
from host_engine.host.voices.utterance import VoiceError

LINE = "Hello everyone, welcome back: this lamp is ours alone, for nineteen euros!"
NASTY = [
    "",
    " ",
    "...",
    "– & –",
    "1 000 000 €",
    "<speak><break time='9s'/>hi</speak>",
    "[[h@l'oU]] \\x1b[31m",
    "a\x00b \x1b[0m c\u2028d e\x85f",
    "\ud800 half",
    "🎉 wow 🎉",
    "Grüße – 3,5 % … & Ende",
    "大家好，欢迎来到直播间 12元",
    "مرحبا بكم",
    "x" * 3000,
    "word " * 400,
]


@pytest.mark.parametrize("text", NASTY)
def test_every_text_gives_its_words_and_does_no_harm(text: str) -> None:
    speech = EspeakVoice("en").speak(text)
    assert [w.text for w in speech.words] == text.split()
    if any(c.isascii() and c.isalpha() for c in text):
        check(speech, text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_words_are_those_of_the_text_whatever_it_is(text: str) -> None:
    speech = EspeakVoice("en").speak(text)
    assert [w.text for w in speech.words] == text.split()
    starts = [w.start for w in speech.words]
    assert starts == sorted(starts)
    assert all(w.start <= w.end <= speech.seconds for w in speech.words)


def test_phonemes_are_ipa_without_stress_and_tile_the_speech() -> None:
    speech = check(EspeakVoice("en-us").speak(LINE), LINE)
    symbols = [p.symbol for p in speech.phonemes]
    assert symbols[:4] == ["h", "ə", "l", "oʊ"]
    assert not set("ˈˌ'") & set("".join(symbols))
    for before, after in zip(speech.phonemes, speech.phonemes[1:], strict=False):
        assert after.start == pytest.approx(before.end)
    assert speech.phonemes[-1].end == pytest.approx(speech.seconds, abs=0.25)


def test_words_sound_when_they_are_said() -> None:
    speech = EspeakVoice("en").speak(LINE)
    levels = [np.sqrt(np.mean(speech.samples[int(w.start * 48000) : int(w.end * 48000)] ** 2)) for w in speech.words]
    assert min(levels) > 0.01
    gap = speech.samples[int((speech.words[1].end + 0.05) * 48000) : int((speech.words[2].start - 0.02) * 48000)]
    assert np.sqrt(np.mean(gap**2)) < 0.01  # the pause at the comma lies between the words


def test_emojis_and_marks_of_emphasis_are_not_read_out() -> None:
    speech = EspeakVoice("en").speak("wow 🎉 *nice* ❤️ one")
    assert "".join(p.symbol for p in speech.phonemes) == "waʊnaɪswʌn"
    said = [w.text for w in speech.words if w.end - w.start > 0.1]
    assert said == ["wow", "*nice*", "one"]


def test_word_starts_are_where_their_first_sound_is() -> None:
    speech = EspeakVoice("de").speak("Guten Morgen – meine Lieben")
    starts = {round(p.start, 6) for p in speech.phonemes}
    assert all(round(w.start, 6) in starts for w in speech.words if w.text != "–")


@pytest.mark.parametrize(
    ("written", "found"),
    [("en", "en-us"), ("en-GB", "en-gb"), ("fr", "fr-fr"), ("fr_FR", "fr-fr"), ("de-AT", "de"),
     ("zh-CN", "cmn-latn-pinyin"),
     ("pt_BR", "pt-br"), ("no", "nb"), ("en-gb-x-rp", "en-gb-x-rp")],
)  # fmt: skip
def test_languages_as_people_write_them(written: str, found: str) -> None:
    voice = EspeakVoice(written)
    assert voice.language == found
    assert len(voice.speak("da").samples) > 4800


@pytest.mark.parametrize(("name", "hint"), [("ger", "de"), ("de+f33", "f3"), ("", ""), ("english", "en-gb")])
def test_an_unknown_voice_is_refused_with_those_near_it(name: str, hint: str) -> None:
    with pytest.raises(VoiceError, match=rf"espeak-ng has no .*{hint}"):
        EspeakVoice(name)


def test_every_voice_of_the_list_speaks() -> None:
    languages, variants = voices()
    assert len(languages) > 100
    assert "f3" in variants
    for language in languages[::12]:
        assert len(EspeakVoice(language).utter("12").samples) > 2000


def test_woman_and_man_differ() -> None:
    woman, man = EspeakVoice("en", "woman"), EspeakVoice("en", "man")
    assert _pitch(woman.speak("hello there my friends").samples) > 1.3 * _pitch(
        man.speak("hello there my friends").samples
    )


def test_threads_do_not_mix_their_texts() -> None:
    texts = ["one", "two three four five six seven", "drei vier", "huit neuf dix"] * 3
    alone = [EspeakVoice("en").utter(t).words for t in texts]
    together: list[Mapping[int, tuple[float, float]]] = [{}] * len(texts)

    def say(i: int) -> None:
        together[i] = EspeakVoice("en").utter(texts[i]).words

    threads = [threading.Thread(target=say, args=(i,)) for i in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for mine, right in zip(together, alone, strict=True):
        assert mine.keys() == right.keys()
        # Its flutter makes a word longer or shorter by a moment each time.
        assert all(mine[i] == pytest.approx(right[i], abs=0.03) for i in right)


def _pitch(samples: np.ndarray) -> float:
    """Median pitch in Hz of the loud frames, by autocorrelation."""
    frames = samples[: len(samples) // 2400 * 2400].reshape(-1, 2400)
    frames = frames[np.sqrt(np.mean(frames**2, 1)) > 0.03]
    found = []
    for frame in frames:
        correlation = np.correlate(frame, frame, "full")[2399:]
        found.append(48000 / (120 + int(np.argmax(correlation[120:800]))))
    return float(np.median(found))


@pytest.mark.parametrize("voice", [EspeakVoice("en"), EspeakVoice("de", "man")], ids=lambda v: v.name)
def test_lips_and_tongue_close_when_the_sound_stops(voice: EspeakVoice) -> None:
    speech = voice.speak("Papa took a pretty copy to the party, a cup, a top and a paper kite.")

    def level(start: float, end: float) -> float:
        return float(np.sqrt(np.mean(speech.samples[int(start * 48000) : int(end * 48000)] ** 2)))

    pairs = zip(speech.phonemes, speech.phonemes[1:], strict=False)
    inside = [(a, b) for a, b in pairs if b.symbol[:1] in ("p", "t", "k") and a.symbol and a.end - a.start > 0.06]
    assert len(inside) > 8
    ratios = [level(b.start, b.start + 0.02) / level(a.end - 0.04, a.end - 0.01) for a, b in inside]
    assert np.median(ratios) < 0.15
