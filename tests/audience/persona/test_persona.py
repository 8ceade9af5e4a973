"""A persona is asked for phrases, and tells a model how it talks."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.audience.persona.file import Around, Catchphrases, Never, PersonaFile, Style
from host_engine.audience.persona.never import Forbidden
from host_engine.audience.persona.persona import Persona
from host_engine.audience.persona.phrases import KEYS, LANGUAGES, defaults

MIRA = Path(__file__).parents[3] / "personas" / "mira"


def test_own_phrases_come_before_the_default_ones():
    persona = Persona.of(PersonaFile(name="Leo", phrases=Around(bridge={"en": ("Well, {name}.",)})))
    assert persona.phrase("bridge", "en") == persona.phrase("bridge", "en-GB") == ("Well, {name}.",)
    assert persona.phrase("bridge", "de") == defaults()["bridge"]["de"]
    assert persona.phrase("bridge", "sw") == ("Well, {name}.",)
    assert persona.phrase("thanks", "sw") == defaults()["thanks"]["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_phrase_for_everything(language):
    persona = Persona.read(MIRA)
    assert all(persona.phrase(key, language) for key in KEYS)
    assert persona.address(language)
    assert persona.name in persona.brief(language)


def test_a_catchphrase_is_used_sparingly_and_the_same_each_time():
    said = Catchphrases(every=4, said={"en": ("One.", "Two.")})
    persona = Persona.of(PersonaFile(name="Leo", catchphrases=said))
    first = [persona.catchphrase(index, "en") for index in range(16)]
    assert first == ["", "", "", "One.", "", "", "", "Two."] * 2
    assert first == [persona.catchphrase(index, "en") for index in range(16)]
    assert persona.catchphrase(3, "de") == ""
    assert Persona.plain("Leo").catchphrase(7, "en") == ""


def test_how_a_viewer_is_addressed():
    persona = Persona.of(PersonaFile(name="Leo", style=Style(address={"de": "du"})))
    assert persona.address("de-AT") == "du"
    assert persona.address("fr") == "vous"
    assert '"du" (German)' in persona.brief("de")
    assert "Address" not in persona.brief("en")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("This is cheaper.", ("cheap",)),
        ("This is CHEAP!", ("cheap",)),
        ("ｃｈｅａｐ", ("cheap",)),
        ("ch\u200beap", ("cheap",)),
        ("Ask the prime\n minister's dog", ("politics",)),
        ("Ask the prime-minister", ("politics",)),
        ("这是最便宜的茶", ("便宜",)),
        ("A cheep of a bird", ()),
        ("The prime rate", ()),
        ("Überhaupt", ()),
    ],
)
def test_what_is_never_said_is_found(text, found):
    never = Never(words=("cheap*", "便宜", "über"), topics={"politics": ("prime minister", "election")})
    assert Persona.of(PersonaFile(name="Leo", never=never)).forbids(text) == found


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=9), max_size=4))
def test_no_word_is_too_strange_to_be_looked_for(text, words):
    assert set(Forbidden.of(words, {}).found(text)) <= {word.rstrip("*") for word in words}


def test_a_model_is_told_what_is_never_said():
    brief = Persona.read(MIRA).brief("de")
    assert "Never use these words: cheap, guru" in brief
    assert "Never talk about: politics, religion, competitors." in brief
