"""Answers over a small shop, closed at the end of each test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from audience.answers.small_shop import NOW, catalog

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.answers.answers import TemplateAnswers
from host_engine.show.catalog import Catalog


@pytest.fixture
def shop() -> Iterator[Callable[..., TemplateAnswers]]:
    """Makes answers over a catalog, without meanings unless they are given; all are closed at the end."""
    made: list[TemplateAnswers] = []

    def make(of: Catalog | None = None, persona: Any = None, meaning: Any = None, **settings: Any) -> TemplateAnswers:
        settings.setdefault("now", lambda: NOW)
        made.append(TemplateAnswers(of or catalog(), persona, meaning, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def ask(shop: Callable[..., TemplateAnswers]) -> Callable[..., Answer]:
    """The answer of the small shop to a question."""
    answers: list[TemplateAnswers] = []

    def asked(text: str, **about: Any) -> Answer:
        if not answers:
            answers.append(shop())
        return asyncio.run(answers[0].answer(Asking(text, **about)))

    return asked
