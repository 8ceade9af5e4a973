"""Greetings and thanks told from questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.corpus import honest
from host_engine.audience.kinds import kind_of

GREETINGS = [
    "hi",
    "Hello everyone!",
    "Hi all from Rome",
    "good morning from New York",
    "hey Emma",
    "how are you?",
    "ciao a tutti da Napoli",
    "Buonasera!!",
    "Guten Abend zusammen",
    "Moin",
    "Grüße aus Wien",
    "bonjour à tous",
    "Salut, ça va ?",
    "hola a todos desde Madrid",
    "buenas tardes",
    "大家好",
    "你好",
    "主播好",
    "just joined 👋",
]
THANKS = [
    "thanks!",
    "thank you so much",
    "love it",
    "wow so beautiful 😍",
    "ok thx",
    "great answer",
    "grazie mille",
    "che bello!",
    "vielen Dank",
    "sehr schön",
    "merci beaucoup",
    "trop beau",
    "muchas gracias",
    "me encanta",
    "谢谢主播",
    "太好看",
]
QUESTIONS = [
    "hi, how much is it?",
    "Hello! price?",
    "hi price",
    "thanks, and the shipping?",
    "love it, how much",
    "is it from Italy",
    "hello is it vegan",
    "ciao quanto costa",
    "hallo was kostet die kanne",
    "bonjour, c'est combien ?",
    "hola de qué material es",
    "hola precio",
    "你好 多少钱",
    "谢谢,包邮吗",
    "nice colours?",
    "Hi, Assam?",
    "price",
    "?",
    "",
    "how are you made",
]


@pytest.mark.parametrize("text", GREETINGS)
def test_a_greeting(text):
    assert kind_of(text) == "greeting"


@pytest.mark.parametrize("text", THANKS)
def test_thanks(text):
    assert kind_of(text) == "thanks"


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_greeting_with_a_question_is_a_question(text):
    assert kind_of(text) == "question"


def test_no_honest_question_is_taken_for_a_greeting():
    assert not [each.text for each in honest() if kind_of(each.text) != "question"]


@given(st.text(max_size=300))
def test_whatever_is_written_has_a_kind(text):
    assert kind_of(text) in ("question", "greeting", "thanks")
