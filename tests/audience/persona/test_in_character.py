"""An answer now and then ends with a catchphrase."""

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.message import Kind
from host_engine.audience.persona.file import Catchphrases, PersonaFile
from host_engine.audience.persona.in_character import InCharacter
from host_engine.audience.persona.persona import Persona
from host_engine.show.evidence import Evidence

UNKNOWN = Answer("I will check with the team.", "en", "unknown", score=0.0)
PRICE = Answer("It is £34.00.", "en", "price", "teapot")
LEO = Persona.of(PersonaFile(name="Leo", catchphrases=Catchphrases(every=3, said={"en": ("Well then.",)})))


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


async def said(answer: Answer, passes: bool = True) -> list[str]:
    answers = InCharacter(Fixed(answer), LEO, lambda text, language: passes)
    return [(await answers.answer(Asking("how much?"))).text for _ in range(6)]


async def test_one_answer_in_so_many_ends_with_a_catchphrase():
    assert await said(PRICE) == ["It is £34.00.", "It is £34.00.", "It is £34.00. Well then."] * 2


async def test_none_follows_where_it_would_be_out_of_place():
    assert await said(UNKNOWN) == [UNKNOWN.text] * 6


async def test_one_that_the_gate_stops_costs_no_answer():
    assert await said(PRICE, passes=False) == [PRICE.text] * 6


async def test_all_else_is_handed_on():
    answers = InCharacter(Fixed(PRICE), LEO, lambda text, language: True)
    assert (await answers.facts(Asking("how much?")))[0].value == "34.00 GBP"
    assert (await answers.courtesy("greeting", Asking("hi"))).text == "Hello!"
