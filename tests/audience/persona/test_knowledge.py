"""Notes are cut into passages and found again."""

from pathlib import Path

import numpy as np
import pytest

from host_engine.audience.persona.knowledge import Knowledge
from host_engine.audience.persona.lexical import Lexical, terms
from host_engine.audience.persona.notes import LONGEST, cut
from host_engine.audience.persona.persona import Persona

MIRA = Path(__file__).parents[3] / "personas" / "mira"
NOTE = """---
title: front matter
---
Before any heading.

# Brewing
<!-- a secret remark -->
## Water
Soft **water** is best,
see [here](https://example.com).

Fresh water too.

```
code
```
# Words
- one
- two
"""


def test_a_note_is_cut_by_headings_and_paragraphs():
    found = [(each.source, each.about, each.text) for each in cut(NOTE, "notes/a.md", "en")]
    assert found == [
        ("knowledge:notes/a.md#", (), "Before any heading."),
        ("knowledge:notes/a.md#Water", ("Brewing", "Water"), "Soft water is best, see here."),
        ("knowledge:notes/a.md#Water", ("Brewing", "Water"), "Fresh water too."),
        ("knowledge:notes/a.md#Words", ("Words",), "one two"),
    ]


def test_a_long_paragraph_is_cut_between_sentences():
    found = list(cut("This is a sentence of a note. " * 100, "a.md", "en"))
    assert len(found) > 1
    assert all(len(each.text) <= LONGEST and each.text.endswith(".") for each in found)


def test_strange_notes_are_cut_too():
    for note in ("", "#" * 1000, "```\nnever closed", "\x00\u202e", "# \n" * 1000, "x" * 100_000, "*" * 50_000):
        assert all(each.text for each in cut(note, "a.md", "en"))


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("why is my tea so bitter?", "knowledge:notes/brewing.md#Bitter tea"),
        ("should I warm the pot?", "knowledge:notes/brewing.md#Warming the pot"),
        ("what does second flush mean", "knowledge:notes/tea-words.md#First and second flush"),
        ("how do I make iced tea", "knowledge:notes/brewing.md#Iced tea"),
        ("Mit welchem Tee soll ich anfangen?", "example:Mit welchem Tee soll ich anfangen?"),
    ],
)
def test_notes_are_found_by_their_words(question, source):
    hits = Persona.read(MIRA).knowledge.find(question)
    assert hits[0].passage.source == source
    assert hits[0].passage.evidence.field == source
    assert 0 < hits[0].score <= 1


def test_what_no_note_knows_is_not_found():
    knowledge = Persona.read(MIRA).knowledge
    for question in ("", "   ", "who won the football match yesterday", "🫖🫖🫖", "م" * 1000, "a" * 100_000):
        assert knowledge.find(question) == ()
    assert Knowledge().find("anything") == ()


def test_meaning_finds_what_words_do_not():
    def vectors(texts):
        """As a model would: what is about heat is near heat."""
        near = [any(word in text.lower() for word in ("cold", "warm", "heat", "chilly")) for text in texts]
        return np.array([[1.0, 0.0] if each else [0.0, 1.0] for each in near], np.float32)

    passages = list(cut("# A\nRinse it so that it is warm.\n# B\nLeaves are green.\n", "a.md", "en"))
    knowledge = Knowledge(passages)
    assert knowledge.find("is it chilly") == ()
    knowledge.learn(vectors)
    assert knowledge.learnt
    assert [hit.passage.about for hit in knowledge.find("is it chilly")] == [("A",)]


def test_rare_words_say_more_than_usual_ones():
    lexical = Lexical(["water water kettle", "water glass", "water matcha"])
    scores = lexical.scores("matcha water")
    assert scores[2] == 1
    assert scores[2] > scores[0] == scores[1] > 0


def test_chinese_is_compared_by_pairs_of_signs():
    assert terms("茶壶很好") == {"茶壶", "壶很", "很好"}
    assert Lexical(["这款茶壶容量大", "茉莉花茶"]).scores("茶壶容量")[0] == 1
