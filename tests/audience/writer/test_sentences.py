"""Sentences are cut as they stream: the same wherever the pieces end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.audience.writer.sentences import LONGEST, SentenceCutter

TEXTS = {
    "en": [
        "It is £3.90 from £40, i.e. free for most.",
        "Dr. Brown likes it at 8 p.m. on Sundays.",
        "Really?",
        "No.",
        "It is No. 5 of the range…",
        '"Loose leaf," she says, "is fine!"',
        "Ask J. R. Brown.",
        "It holds 1.1 l.",
        "That one holds 2 L.",
        "And I.",
    ],
    "de": ["Die Kanne kostet 34,00 €, z. B. am 3. Mai.", "Das ist die Nr. 1 im Regal.", "Ja!"],
    "fr": ["Elle coûte 34,00 € env. le samedi.", "Vous l'aimez ?", "Oui !"],
    "it": ["Costa 34,00 €, spese incluse, ecc. ecc.", "È bella."],
    "es": ["Cuesta 34,00 €, aprox. lo mismo que ayer.", "¿Te gusta?", "¡Sí!"],
}


def cut(language, pieces):
    cutter = SentenceCutter(language)
    found = [sentence for piece in pieces for sentence in cutter.feed(piece)]
    return [*found, *filter(None, [cutter.end()])]


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_sentences_end_where_they_end(language, size):
    text = " ".join(TEXTS[language])
    assert cut(language, [text[at : at + size] for at in range(0, len(text), size)]) == TEXTS[language]


def test_chinese_sentences_need_no_spaces():
    found = cut("zh", ["这款茶壶34.00英镑。容量1.1升！", "好吗？好"])
    assert found == ["这款茶壶34.00英镑。", "容量1.1升！", "好吗？", "好"]


def test_a_line_end_ends_a_sentence():
    assert cut("en", ["- one cup\n- two", " cups\n\n1. First"]) == ["- one cup", "- two cups", "1. First"]


def test_a_sentence_is_given_as_soon_as_it_is_sure():
    cutter = SentenceCutter("en")
    assert list(cutter.feed("It is £3.")) == []
    assert list(cutter.feed("90. ")) == []  # "90. million" could follow
    assert list(cutter.feed("I")) == ["It is £3.90."]


def test_a_sentence_without_end_is_cut():
    parts = cut("en", ["many words and no end, " * 100])
    assert all(len(part) <= LONGEST for part in parts)
    assert parts[0].endswith(",")
    assert len(cut("en", ["x" * 1000])) == 4


@given(st.lists(st.text(max_size=40), max_size=20))
def test_nothing_is_lost_whatever_comes(pieces):
    found = "".join(cut("de", pieces))
    assert "".join(found.split()) == "".join("".join(pieces).split())
