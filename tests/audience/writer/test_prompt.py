"""What a model is told."""

import json

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.persona.file import Example, PersonaFile, Style
from host_engine.audience.persona.knowledge import Hit
from host_engine.audience.persona.notes import Passage
from host_engine.audience.persona.persona import Persona
from host_engine.audience.writer.prompt import MOST_FACTS, messages
from host_engine.show.evidence import Evidence

NOTE = Passage("knowledge:notes/a.md#Water", ("Water",), "Soft water is best.", "en")


ASKING = Asking("how much?")
DRAFT = Answer("It is {x}.", "de", "price")


def told(asking=ASKING, facts=(), draft=DRAFT, known=(), brief="You are Mira."):
    system, user = messages(asking, facts, draft, name="Mira", brief=brief, known=known)
    return system["content"], json.loads(user["content"])


def test_facts_and_notes_stand_in_it_each_once():
    fact = Evidence("teapot", "price", "34.00 GBP")
    system, _ = told(facts=(fact, fact), known=(Hit(NOTE, 0.9),))
    assert system.count("34.00 GBP") == 1
    assert '{"field": "knowledge:notes/a.md#Water", "value": "Soft water is best."}' in system
    assert "Answer in German" in system
    assert 'DRAFT: "It is {x}."' in system


def test_without_facts_it_says_so():
    assert "(none)" in told()[0]


def test_everything_is_bounded():
    facts = tuple(Evidence("p", f"f{n}", "x" * 100_000) for n in range(1000))
    system, user = told(Asking("y" * 1_000_000, names=("n",) * 100), facts, Answer("z" * 1_000_000, "en", "a"))
    assert system.count('"field"') == MOST_FACTS
    assert len(system) < 30_000
    assert len(user["message"]) == 500
    assert len(user["viewers"]) == 3


def test_the_persona_says_how():
    written = PersonaFile(
        name="Mira",
        style=Style(description="Warm and dry.", words=11, address={"de": "du"}),
        examples=(Example(questions=("Which tea?",), answer="The Assam."),),
    )
    persona = Persona.of(written)
    system, _ = told(brief=persona.brief("de"), known=persona.knowledge.find("Which tea?"))
    assert "Warm and dry." in system
    assert "at most 11 words" in system
    assert 'Address the viewer as "du" (German).' in system
    assert 'Q: "Which tea?" A: "The Assam."' in system
    assert "example:" not in system.partition("HOW Mira")[0]


def test_where_the_templates_know_nothing_the_notes_may_answer():
    assert "DRAFT: (none)" in told(draft=Answer("I will check with the team.", "en", "unknown"))[0]
