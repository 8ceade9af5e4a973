"""A long text becomes lines that are short enough, and not one word of it is lost."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.show.lines import seconds, split

PIECES = ("tea,", "and", "cup.", "{title}", "is.", "{price};", "Dr.", "warm", "-", "3.5", "e.g.", "Good!", "we")
WORDS = st.lists(st.sampled_from(PIECES), max_size=60)


def words(limit: int, text: str, language: str = "en") -> tuple[str, ...]:
    """Splits by the number of words, so that the expected parts can be seen."""
    return split(text, language, lambda part: len(part.split()), limit)


@given(WORDS, st.integers(3, 12))
def test_nothing_is_lost_and_every_part_fits(some: list[str], limit: int) -> None:
    text = " ".join(some)
    with suppress(ValueError):
        parts = words(limit, text)
        assert " ".join(parts) == text
        assert all(len(part.split()) <= limit for part in parts)


@pytest.mark.parametrize(
    ("language", "limit", "text", "parts"),
    [
        ("en", 6, "We love it. You will, too. Try it now.", ("We love it.", "You will, too. Try it now.")),
        ("en", 4, "Ask Dr. Leaf now. He is nice.", ("Ask Dr. Leaf now.", "He is nice.")),
        ("en", 5, "It is warm, it is soft and it is light.", ("It is warm,", "it is soft", "and it is light.")),
        ("en", 3, "About 3.5 litres. “Good!” she said.", ("About 3.5 litres.", "“Good!” she said.")),
        ("de", 6, "Ab dem 24. Dezember gilt das. Das ist z. B. hier.",
         ("Ab dem 24. Dezember gilt das.", "Das ist z. B. hier.")),
    ],
)  # fmt: skip
def test_it_is_split_where_a_speaker_breathes(language: str, limit: int, text: str, parts: tuple[str, ...]) -> None:
    assert words(limit, text, language) == parts


def test_a_clause_without_a_border_is_too_long() -> None:
    with pytest.raises(ValueError, match="6 words, about 6 s; at most 5 s fit in a line"):
        words(5, "Ab dem 24. Dezember gilt das.", "de")


def test_a_text_takes_about_as_long_as_a_voice_needs() -> None:
    hundred_sixty = "The kettle is made of steel and keeps your water hot for hours " * 12  # 156 words
    assert 50 < seconds(hundred_sixty, "en") < 70
