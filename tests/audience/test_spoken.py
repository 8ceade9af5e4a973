"""Answers as lines: short enough, with question, card and evidence, in every language that answers have."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from on_stage import shop

from host_engine.audience import chinese
from host_engine.audience.answer import Answer
from host_engine.audience.message import Cluster, Message, Viewer
from host_engine.audience.spoken import bubble, lines_of, listed, pieces
from host_engine.audience.wording import Sentence, sentences_of
from host_engine.host.voice import open_voices
from host_engine.show.evidence import Evidence
from host_engine.show.script import Show

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return shop(tmp_path)


def cluster(text: str, *names: str) -> Cluster:
    return Cluster(tuple(Message(text, Viewer(name, name), "page", 0.0) for name in names))


def test_a_long_sentence_becomes_several_lines_with_one_bubble_and_card(show: Show) -> None:
    text = "It is a green tea from Japan, and it is picked by hand, and it is steamed at once, and it is dried slowly, "
    text += "and then it is packed in tins of one hundred grams, so that it stays fresh for a year and a day."
    asked = bubble(cluster("what is it?", "Ana"))
    evidence = (Evidence("sencha", "description", "A green tea."),)
    lines = lines_of(
        "answer/x:1", [Sentence(text, evidence)], Answer(text, "en", "about", "sencha"), asked, show, "s", NOW
    )
    assert len(lines) > 1
    assert " ".join(line.text for line in lines) == text
    assert len({line.id for line in lines}) == len(lines)
    assert all(line.question == asked and line.card and line.evidence == evidence for line in lines)
    assert [line.gesture for line in lines] == ["nod"] + [None] * (len(lines) - 1)


def test_a_text_without_any_border_is_cut_at_spaces(show: Show) -> None:
    text = " ".join(["word"] * 80)
    lines = lines_of("answer/x:1", [Sentence(text)], Answer(text, "en", "about"), None, show, "s", NOW)
    assert len(lines) > 1
    assert " ".join(line.text for line in lines) == text


def test_a_product_that_is_gone_has_no_card(show: Show) -> None:
    lines = lines_of("answer/x:1", [Sentence("Yes.")], Answer("Yes.", "en", "stock", "gone"), None, show, "s", NOW)
    assert (lines[0].card, lines[0].product) == (None, None)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "It costs €12.00.", "It costs twelve euros."),
        ("de", "Das kostet 12,00 €.", "Das kostet zwölf Euro."),
        ("it", "Costa 12,00 €.", "Costa dodici euro."),
        ("fr", "Cela coûte 12,00 €.", "Cela coûte douze euros."),
        ("es", "Cuesta 12,00 €.", "Cuesta doce euros."),
        ("zh", "这款茶€1,299.50，便宜20%。", "这款茶1299.50欧元， 便宜百分之20。"),
    ],
)
def test_what_is_said_is_in_the_words_of_its_language_and_can_be_spoken(language: str, text: str, said: str) -> None:
    assert " ".join(piece.said for piece in pieces(text, language, {})) == said
    speech = open_voices("espeak", language).speak(said)
    assert speech.seconds > 0.8


def test_chinese_is_split_at_its_phrases() -> None:
    text = "这款绿茶来自日本，颜色清亮，味道清新。" * 4
    parts = list(chinese.split(text, 8.0))
    assert len(parts) > 1
    assert "".join(parts) == text
    assert all(chinese.seconds(part) <= 8.0 for part in parts)
    assert sentences_of("你好。这款茶有货！", "zh") == ["你好。", "这款茶有货！"]


def test_a_bubble_is_short_and_a_few_are_named() -> None:
    asked = bubble(cluster("why " * 200, "Ana", "Ben", "Cleo", "Dan"))
    assert (asked.viewer, len(asked.text)) == ("Ana", 160)
    assert bubble(cluster("why?", "")).viewer == ""
    assert listed(["Ana", "Ben", "Cleo", "Dan"]) == "Ana, Ben, Cleo"
