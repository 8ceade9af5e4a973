import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.host.mouth import LEAD, SPEED, limit
from host_engine.host.mouths.viseme import SHAPES, ViseMouth, closure, sounds, spell
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.media import REST, Face, Phoneme, Speech

SENTENCES = {
    "en-us": "Please put the blue bag in your basket before the big promotion ends. Five more people bought it.",
    "de": "Bitte beachten Sie unser Angebot, die Pumpe aus Bambus kostet heute nur fünfzehn Euro.",
    "es": "Bienvenidos, el bolso azul tiene un precio especial, por favor no se lo pierdan.",
    "fr": "Bonjour et bienvenue, le beau sac bleu est en promotion, profitez-en avant samedi.",
    "it": "Benvenuti, la borsa blu è in promozione, comprate prima della fine del mese.",
}


def say(phonemes: list[Phoneme], seconds: float | None = None) -> Speech:
    """A speech of these phonemes, evenly loud."""
    length = int(48_000 * (seconds or phonemes[-1].end + 0.1))
    hum = (0.3 * np.sin(2 * np.pi * 150 * np.arange(length) / 48_000)).astype(np.float32)
    return Speech("", hum, (), tuple(phonemes), "test")


def in_a_row(symbols: list[tuple[str, float]]) -> list[Phoneme]:
    ends = np.cumsum([0.1, *(length for _, length in symbols)]).tolist()
    return [Phoneme(symbol, a, b) for (symbol, _), a, b in zip(symbols, ends, ends[1:], strict=False)]


def opening(faces: list[Face]) -> np.ndarray:
    return np.array([face.mouth.open for face in faces])


def shut(faces: list[Face], speech: Speech, fps: int) -> list[bool]:
    """For each p, b, m: was the mouth shut within 40 ms of it?"""
    times, opened = (np.arange(len(faces)) + 0.5) / fps, opening(faces)
    instants = [closure(s) - LEAD for s in sounds(speech.phonemes) if s.viseme == "PP"]
    return [bool(opened[np.abs(times - t) <= 0.04].min() < 0.12) for t in instants if 0.02 < t < times[-1]]


@pytest.mark.parametrize(
    ("symbol", "letters"),
    [
        ("ˈaɪ", ["a", "ɪ"]), ("t͡ʃ", ["tʃ"]), ("dʒ", ["dʒ"]), ("pf", ["p", "f"]), ("ts", ["ts"]), ("iː", ["i"]),
        ("ɔ̃", ["ɔ"]), ("ç", ["ç"]), ("l̩", ["l"]), ("tʰ", ["t"]), ("ɜːɹ", ["ɜ", "ɹ"]), ("", []), ("ˌ", []), ("œ̃", ["œ"]),
    ],
)  # fmt: skip
def test_spelling_of_phonemes(symbol: str, letters: list[str]) -> None:
    assert spell(symbol) == letters


@given(st.text(max_size=8))
def test_any_symbol_is_some_sound(symbol: str) -> None:
    (first, *_) = sounds([Phoneme(symbol, 0.0, 0.2)])
    assert first.viseme in SHAPES


def test_diphthongs_are_split_unless_short() -> None:
    assert [(s.viseme, round(s.end, 3)) for s in sounds([Phoneme("aʊ", 0.0, 0.2)])] == [("aa", 0.11), ("U", 0.2)]
    assert [s.viseme for s in sounds([Phoneme("aʊ", 0.0, 0.05)])] == ["aa"]


def test_geminates_are_one_sound() -> None:
    assert [s.viseme for s in sounds([Phoneme("p", 0.0, 0.1), Phoneme("b", 0.1, 0.2)])] == ["PP"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("pbmaeiousftnkʃ "), st.floats(0.04, 0.2)), min_size=1, max_size=40),
    st.sampled_from((25, 30)),
)
def test_every_closure_is_seen_and_no_lip_is_too_fast(symbols: list[tuple[str, float]], fps: int) -> None:
    speech = say(in_a_row(symbols))
    faces = ViseMouth().faces(speech, fps)
    assert all(shut(faces, speech, fps))
    assert np.abs(np.diff(opening(faces))).max() * fps <= SPEED + 1e-6
    assert faces[0].mouth == pytest.approx(REST)
    assert faces[-1].mouth == pytest.approx(REST)
    assert all(0 <= s.open <= 1 and -1 <= s.wide <= 1 and 0 <= min(s[2:]) <= max(s[2:]) <= 1 for s, *_ in faces)


@pytest.mark.parametrize("fps", [25, 30])
def test_spoken_closures_are_seen_in_every_language(fps: int) -> None:
    seen = []
    for language, text in SENTENCES.items():
        speech = EspeakVoice(language).speak(text)
        seen += shut(ViseMouth().faces(speech, fps), speech, fps)
    assert len(seen) > 25
    assert np.mean(seen) >= 0.98


def test_sounds_open_the_mouth_in_their_order() -> None:
    def open_for(symbol: str) -> float:
        faces = ViseMouth().faces(say(in_a_row([("d", 0.08), (symbol, 0.16), ("d", 0.08)])), 25)
        return faces[int((0.26 - LEAD) * 25)].mouth.open

    order = [open_for(symbol) for symbol in ("a", "e", "o", "i", "u", "s", "f", "p")]
    assert order == sorted(order, reverse=True)
    assert order[0] > 0.5 > 0.05 > order[-1]


def test_lips_lead_the_sound() -> None:
    faces = ViseMouth().faces(say(in_a_row([("", 0.4), ("a", 0.3), ("", 0.4)])), 50)
    opened = opening(faces)
    middle = (opened * (np.arange(len(opened)) + 0.5)).sum() / opened.sum() / 50
    assert middle == pytest.approx(0.65 - LEAD, abs=0.012)


def test_silence_is_rest() -> None:
    quiet = Speech("", np.zeros(48_000, np.float32), (), (Phoneme("", 0.0, 1.0),), "test")
    faces = ViseMouth().faces(quiet, 25)
    assert len(faces) == 25
    assert all(face.mouth == pytest.approx(REST, abs=1e-3) for face in faces)
    assert all(face.energy == 0 and face.speaking for face in faces)


def test_without_phonemes_loudness_moves_the_mouth() -> None:
    speech = say([Phoneme("a", 0.0, 0.5)], 1.0)
    faces = ViseMouth().faces(Speech("", speech.samples, (), (), "test"), 25)
    assert opening(faces).max() > 0.4


def test_nothing_said_needs_no_face() -> None:
    assert ViseMouth().faces(Speech("", np.zeros(0, np.float32), (), (), "test"), 25) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_limit_never_lifts_a_closure(values: list[float]) -> None:
    curve = np.array(values)
    limited = limit(curve, 25)
    assert (limited <= curve).all()
    assert np.abs(np.diff(limited)).max(initial=0) <= SPEED / 25 + 1e-9
    assert limited.min() == curve.min()
