"""A note backs what is no price, stock or promise."""

from datetime import UTC, datetime

import pytest

from host_engine.audience.persona.knowledge import Knowledge
from host_engine.audience.persona.noted import Noted
from host_engine.audience.persona.notes import Passage
from host_engine.gate.verdict import Finding, Verdict
from host_engine.show.evidence import Evidence

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOTE = Passage(
    "knowledge:a.md#Steeping", ("Steeping",), "Steep it for 3 minutes, as since 1984. It costs 5 euros.", "en"
)


class Host:
    knowledge = Knowledge([NOTE, Passage("example:Why?", ("Why?",), "Because of 7 cups.", "en")])


class Strict:
    """Finds one claim in everything."""

    def __init__(self, rule: str, claim: str) -> None:
        self.finding = Finding(rule, claim, "nothing backs it")

    def check(self, text, language, product, now):
        return Verdict((Evidence("p", "size", "1 l"),), (self.finding,))


@pytest.mark.parametrize(
    ("rule", "claim", "backed"),
    [
        ("quantity", "3 minutes", True),
        ("quantity", "3  MINUTES", True),
        ("quantity", "3 minute", False),
        ("quantity", "30 minutes", False),
        ("quantity", "7 cups", False),  # an example is how she talks, not what is so
        ("quantity", "", False),
        ("date", "since 1984", True),
        ("date", "3 minutes", False),
        ("price", "5 euros", False),
        ("promise", "3 minutes", False),
        ("stock", "3 minutes", False),
    ],
)
def test_a_claim_is_backed_by_a_note_or_not(rule, claim, backed):
    verdict = Noted(Strict(rule, claim), Host()).check("any", "en", None, NOW)
    assert verdict.passed == backed
    assert verdict.evidence[1:] == ((NOTE.evidence,) if backed else ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Steep it for 3 minutes, as since 1984.", True),
        ("STEEP it for 3  minutes,", True),
        ("Steep it.", False),
        ("Because of 7 cups, and for no other reason.", False),
    ],
)
def test_a_sentence_that_stands_in_a_note_has_it_as_its_evidence(text, told):
    class Easy:
        def check(self, text, language, product, now):
            return Verdict()

    assert Noted(Easy(), Host()).check(text, "en", None, NOW).evidence == ((NOTE.evidence,) if told else ())
