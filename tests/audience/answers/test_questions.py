"""The shipped questions: how many are answered right, and that no price is ever false."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.answers import QUESTIONS, ROOT, ask_all, asking, false_prices, load, wrong
from host_engine.audience.answer import Answer, Asking
from host_engine.audience.answers.answers import TemplateAnswers
from host_engine.show.catalog import load_catalog
from host_engine.show.evidence import Evidence

FILES = sorted(QUESTIONS.glob("*.yaml"))


def test_the_set_is_large_and_mixed() -> None:
    sheets = {path.name: load(path) for path in FILES}
    questions = [question for sheet in sheets.values() for question in sheet.questions]
    assert len({question["ask"].lower() for question in questions}) >= 150
    assert {sheet.catalog for sheet in sheets.values()} == {"tea", "skincare", "kueche"}
    languages = Counter(question.get("language", "own") for question in questions)
    assert {"en", "de", "it", "fr", "es", "zh"} <= set(languages)
    halves = Counter(name.split(".")[1] for name, sheet in sheets.items() for _ in sheet.questions)
    assert min(halves.values()) >= 75


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
async def test_by_words_alone_most_are_right_and_no_price_is_false(path: Path) -> None:
    """Without the network, which takes its time here; the benchmark measures with it."""
    sheet = load(path)
    catalog = load_catalog(ROOT / "product_catalogs" / sheet.catalog)
    answered = await ask_all(sheet, None, None)
    false = [each for each in answered if false_prices(each.answer, catalog, sheet.now)]
    missed = [each for each in answered if wrong(each.question, each.answer, catalog)]
    assert not false
    assert len(missed) <= 0.15 * len(answered), missed


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_fact_of_an_answer_is_in_the_catalog(path: Path) -> None:
    sheet = load(path)
    catalog = load_catalog(ROOT / "product_catalogs" / sheet.catalog)
    answers = TemplateAnswers(catalog, now=lambda: sheet.now)
    try:
        for question in sheet.questions:
            answer = answers.answer_now(asking(question, sheet))
            for each in answer.evidence:
                assert str(catalog_value(catalog, each)).find(each.value) >= 0, (question["ask"], each)
            assert 3 <= len(answer.text) <= 420, answer.text
    finally:
        answers.close()


def catalog_value(catalog: Any, each: Evidence) -> object:
    """The field as the catalog has it, as text."""
    holder = catalog if each.product is None else catalog.product(each.product)
    for part in each.field.split("."):
        holder = getattr(holder, part)
    if each.field == "sale_price_effective_date":
        return f"{holder.start.isoformat()}/{holder.end.isoformat()}"
    if each.field == "availability_date":
        return holder.isoformat()
    if each.field == "faq":
        return [faq.answer for faq in holder]
    if isinstance(holder, tuple) and each.field.startswith("product_highlight"):
        return list(holder)
    return holder


def test_the_judge_finds_a_false_price() -> None:
    sheet = load(QUESTIONS / "tea.tuning.yaml")
    catalog = load_catalog(ROOT / "product_catalogs" / "tea")
    backed = (Evidence("teapot", "sale_price", "34.00 GBP"),)
    assert not false_prices(
        Answer("It costs £34.00 instead of £42.00.", "en", "price", evidence=backed), catalog, sheet.now
    )
    assert false_prices(Answer("It costs £33.00.", "en", "price", evidence=backed), catalog, sheet.now) == ["33.00"]
    assert false_prices(Answer("Es kostet 24,00 £.", "de", "price", evidence=backed), catalog, sheet.now) == ["24.00"]
    question = {"ask": "how much is the kettle", "kind": "price", "product": "kettle"}
    assert wrong(question, Answer("x", "en", "stock", "teapot"), catalog) == ["kind stock", "product teapot"]
    assert Asking("x") == asking({"ask": "x", "on_air": None}, sheet)._replace(coming=None)
