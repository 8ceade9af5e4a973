"""How many questions of the shipped set are answered right, how long an answer takes, and whether a price was false.

`--failures` prints what went wrong in the tuning half; `--untouched` in the other one too.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does, before numpy is imported

from benchmarks.catalog_load import HEAD, PRODUCT
from benchmarks.kept import keep, spread
from host_engine.audience.answer import Answer, Asking, Earlier
from host_engine.audience.answers.answers import TemplateAnswers
from host_engine.audience.answers.index import Index
from host_engine.audience.meaning import Meaning
from host_engine.show.catalog import Catalog, load_catalog

ROOT = Path(__file__).parent.parent
QUESTIONS = Path(__file__).parent / "questions"
HALVES = ("tuning", "untouched")
_MONEY = re.compile(r"(?:[$€£¥]|US\$)\s?(\d+(?:[.,]\d+)*)|(\d+(?:[.,]\d+)*)\s?(?:[$€£¥]|US\$|EUR|USD|GBP)")


@dataclass(frozen=True)
class Sheet:
    """A file of questions: their catalog, the instant they are asked at, and the questions."""

    catalog: str
    now: datetime
    on_air: str
    coming: str
    questions: tuple[dict[str, Any], ...]


def load(path: Path) -> Sheet:
    """A file of the set."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    now = read["now"]
    now = now if isinstance(now, datetime) else datetime.fromisoformat(now)
    return Sheet(read["catalog"], now, read["on_air"], read["coming"], tuple(read["questions"]))


def asking(question: dict[str, Any], sheet: Sheet) -> Asking:
    """A question as the desk would hand it over."""
    return Asking(
        question["ask"],
        names=tuple(question.get("names", ())),
        on_air=question.get("on_air", sheet.on_air),
        coming=sheet.coming,
    )


def wrong(question: dict[str, Any], answer: Answer, catalog: Catalog) -> list[str]:
    """What is wrong with an answer; [] when it is right."""
    language = question.get("language", catalog.language)
    found = []
    if answer.kind not in _several(question["kind"]):
        found.append(f"kind {answer.kind}")
    if "product" in question and answer.product != question["product"]:
        found.append(f"product {answer.product}")
    fields = _several(question.get("field"))
    about = (question.get("product"), None) if "product" in question else None
    backed = [each.field for each in answer.evidence if about is None or each.product in about]
    if fields and not set(fields) & set(backed):
        found.append(f"fields {', '.join(backed)}")
    found += [f"without '{said}'" for said in _several(question.get("says")) if said.lower() not in answer.text.lower()]
    found += [f"with '{said}'" for said in _several(question.get("never")) if said.lower() in answer.text.lower()]
    if answer.language != language:
        found.append(f"language {answer.language}")
    return found


def false_prices(answer: Answer, catalog: Catalog, now: datetime) -> list[str]:
    """Amounts in an answer that no field of its evidence has at that instant, found independently of the answers."""
    true: set[Decimal] = set()
    for each in answer.evidence:
        if each.product is None or each.field in ("faq", "description", "selling_points", "product_highlight"):
            true |= set(_amounts(each.value))
            continue
        product = catalog.product(each.product)
        true.add(product.price_at(now).amount)
        if product.on_sale(now):
            true |= {product.price.amount, product.price.amount - product.price_at(now).amount}
    return [str(amount) for amount in _amounts(answer.text) if amount not in true]


class Asked(NamedTuple):
    """A question with its answer, and what it took."""

    question: dict[str, Any]
    answer: Answer
    wall_ms: float
    cpu_ms: float


async def ask_all(sheet: Sheet, meaning: Meaning | None, cache: Path | None) -> list[Asked]:
    """Every question of a file, after all is learnt; what is loaded once does not count."""
    catalog = load_catalog(ROOT / "product_catalogs" / sheet.catalog)
    answers = TemplateAnswers(catalog, None, meaning, cache=cache, now=lambda: sheet.now)
    try:
        await answers.ready()
        for language in ("en", "de", "it", "fr", "es", "zh"):
            await answers.answer(Asking("how much is it", language=language, on_air=sheet.on_air))
        return [await _ask(answers, question, sheet) for question in sheet.questions]
    finally:
        answers.close()


async def _ask(answers: TemplateAnswers, question: dict[str, Any], sheet: Sheet) -> Asked:
    earlier: Earlier | None = None
    for before in question.get("before", ()):  # the same viewer's last questions
        said = await answers.answer(asking({**question, "ask": before}, sheet)._replace(earlier=earlier))
        earlier = Earlier(before, said.kind, said.product)
    wall, cpu = time.perf_counter(), time.process_time()
    answer = await answers.answer(asking(question, sheet)._replace(earlier=earlier))
    return Asked(question, answer, (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)


def _amounts(text: str) -> Iterable[Decimal]:
    for match in _MONEY.finditer(text):
        number = (match[1] or match[2]).replace(",", ".")
        whole, _, cents = number.rpartition(".")
        yield Decimal(f"{whole.replace('.', '')}.{cents}" if whole and len(cents) <= 2 else number.replace(".", ""))


def _several(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def measure(half: str, meaning: Meaning, cache: Path, show: bool) -> tuple[int, dict[str, float]]:
    """How many questions a half has, and its figures."""
    right, lies, asked = 0, 0, list[Asked]()
    for path in sorted(QUESTIONS.glob(f"*.{half}.yaml")):
        sheet = load(path)
        catalog = load_catalog(ROOT / "product_catalogs" / sheet.catalog)
        for each in asyncio.run(ask_all(sheet, meaning, cache)):
            faults, false = wrong(each.question, each.answer, catalog), false_prices(each.answer, catalog, sheet.now)
            asked.append(each)
            right, lies = right + (not faults and not false), lies + bool(false)
            if (faults or false) and show:
                print(f"{sheet.catalog}: {each.question['ask']!r}: {'; '.join(faults + false)}\n    {each.answer.text}")
    times = spread([each.wall_ms for each in asked], "answer_ms") | spread([each.cpu_ms for each in asked], "cpu_ms")
    return len(asked), {"right": right / len(asked), "false_prices": float(lies), **times}


def large(products: int = 10_000) -> dict[str, float]:
    """Seconds in which a large catalog is made ready for questions."""
    read = yaml.load(HEAD + "".join(PRODUCT.format(k=k, euros=5 + k % 90) for k in range(products)), yaml.CSafeLoader)
    catalog = Catalog.model_validate(read)
    wall, cpu = time.perf_counter(), time.process_time()
    Index(catalog)
    return {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}


def run(shown: tuple[str, ...] = ()) -> None:
    meaning = Meaning()
    with tempfile.TemporaryDirectory() as cache:
        for half in HALVES:
            questions, figures = measure(half, meaning, Path(cache), half in shown)
            keep("answers", figures, half=half, questions=questions)
    keep("answers_index", large(), products=10_000)


if __name__ == "__main__":
    run((*(("tuning",) if "--failures" in sys.argv else ()), *(("untouched",) if "--untouched" in sys.argv else ())))
