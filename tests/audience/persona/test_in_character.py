"""The notes answer where the catalog is silent."""

from pathlib import Path

import pytest

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.message import Kind
from host_engine.audience.persona.file import Catchphrases, PersonaFile
from host_engine.audience.persona.in_character import LONGEST, InCharacter, beginning
from host_engine.audience.persona.persona import Persona
from host_engine.show.evidence import Evidence

MIRA = Path(__file__).parents[3] / "personas" / "mira"
UNKNOWN = Answer("I will check with the team.", "en", "unknown", score=0.0)
PRICE = Answer("It is £34.00.", "en", "price", "teapot")


class Fixed:
    """Answers everything alike."""

    def __init__(self, answer: Answer) -> None:
        self.given = answer

    async def answer(self, asking: Asking) -> Answer:
        return self.given

    async def facts(self, asking: Asking) -> tuple[Evidence, ...]:
        return (Evidence("teapot", "price", "34.00 GBP"),)

    async def courtesy(self, kind: Kind, asking: Asking) -> Answer:
        return Answer("Hello!", "en", kind)


async def test_a_note_answers_what_the_catalog_does_not():
    answers = InCharacter(Fixed(UNKNOWN), Persona.read(MIRA))
    found = await answers.answer(Asking("Why is my tea so bitter?"))
    assert found.kind == "knowledge"
    assert found.text.startswith("Tea gets bitter when it stands too long")
    assert found.evidence[0].field == "knowledge:notes/brewing.md#Bitter tea"
    assert 0 < found.score <= 1
    answers.close()


async def test_a_typical_question_gets_the_typical_answer():
    answers = InCharacter(Fixed(UNKNOWN), Persona.read(MIRA))
    found = await answers.answer(Asking("which of your teas should I start with?"))
    assert found.text.startswith("With the Assam, if you take milk")
    assert found.evidence[0].field.startswith("example:")
    answers.close()


async def test_what_the_catalog_knows_is_not_looked_up():
    answers = InCharacter(Fixed(PRICE), Persona.read(MIRA))
    assert await answers.answer(Asking("Why is my tea so bitter?")) == PRICE
    assert (await answers.facts(Asking("how much?")))[0].value == "34.00 GBP"
    assert (await answers.courtesy("greeting", Asking("hi"))).text == "Hello!"
    answers.close()


@pytest.mark.parametrize("question", ["", "who won the match", "🫖" * 100, "x" * 1_000_000, "\u202e\x00"])
async def test_what_no_note_knows_stays_unknown(question):
    answers = InCharacter(Fixed(UNKNOWN), Persona.read(MIRA))
    assert await answers.answer(Asking(question)) == UNKNOWN
    answers.close()


async def test_a_note_is_not_said_in_another_language():
    german = Answer("Ich frage beim Team nach.", "de", "unknown")
    answers = InCharacter(Fixed(german), Persona.read(MIRA))
    assert await answers.answer(Asking("Matcha und Sencha?", "de")) == german
    answers.close()


async def test_notes_that_cannot_be_looked_through_are_left_aside(caplog):
    class Broken:
        @property
        def knowledge(self):
            raise RuntimeError("no")

        def catchphrase(self, index, language):
            return ""

    answers = InCharacter(Fixed(UNKNOWN), Broken())
    assert await answers.answer(Asking("why?")) == UNKNOWN
    assert "could not be looked through" in caplog.text
    answers.close()


async def test_one_answer_in_so_many_ends_with_a_catchphrase():
    persona = Persona.of(PersonaFile(name="Leo", catchphrases=Catchphrases(every=3, said={"en": ("Well then.",)})))
    answers, unknown = InCharacter(Fixed(PRICE), persona), InCharacter(Fixed(UNKNOWN), persona)
    said = [(await answers.answer(Asking("how much?"))).text for _ in range(6)]
    assert said == ["It is £34.00.", "It is £34.00.", "It is £34.00. Well then."] * 2
    assert [await unknown.answer(Asking("why?")) for _ in range(6)] == [UNKNOWN] * 6
    answers.close()
    unknown.close()


def test_only_the_beginning_of_a_long_note_is_said():
    text = "This is a sentence of a note. " * 20
    assert len(beginning(text, "en")) <= LONGEST
    assert beginning(text, "en").endswith("note.")
    assert beginning("x" * 600, "en") == "x" * 280
    assert beginning("One.", "en") == "One."
