"""The fact gate over 10 000 products: milliseconds of processor for a sentence, and how long the catalog is indexed."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.catalog_load import HEAD, PRODUCT, PRODUCTS
from benchmarks.kept import keep
from host_engine.gate.gate import Gate
from host_engine.show.catalog import load_catalog

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVERY = 10  # of how many products one is spoken of
SAID = {
    "en": "The Enamel mug number {k} costs {euros}.90 euros, and it holds a third of a litre.",
    "de": "Der Enamel mug number {k} kostet {euros},90 Euro, und er ist auf Lager.",
    "it": "L'Enamel mug number {k} costa {euros},90 euro, ed è disponibile.",
    "fr": "L'Enamel mug number {k} coûte {euros},90 euros, et il est en stock.",
    "es": "El Enamel mug number {k} cuesta {euros},90 euros, y está disponible.",
    "zh": "Enamel mug number {k}现在{euros}.90欧元，有货。",
}
FALSE = "The Enamel mug number {k} costs only twenty-nine euros fifty, everyone loves it, and shipping is free."


def run() -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "catalog.yaml").write_text(
            HEAD + "".join(PRODUCT.format(k=k, euros=5 + k % 90) for k in range(PRODUCTS))
        )
        catalog = load_catalog(Path(name))
    began = time.process_time()
    gate = Gate(catalog)
    indexed = time.process_time() - began
    for language in SAID:
        gate.check("This is said to have the lists read.", language, "sku-0", NOW)
    first = [_milliseconds(gate, text, language, k) for k, language, text in sentences()]
    again = [_milliseconds(gate, text, language, k) for k, language, text in sentences()]
    wrong = [_milliseconds(gate, FALSE.format(k=k), "en", k, False) for k in range(0, PRODUCTS, EVERY)]
    keep(
        "gate",
        {
            "sentence_ms_p50": float(np.median(again)),
            "sentence_ms_p95": float(np.percentile([*first, *again, *wrong], 95)),
            "first_ms_p95": float(np.percentile(first, 95)),
            "index_s": indexed,
        },
        products=PRODUCTS,
    )


def sentences() -> list[tuple[int, str, str]]:
    """True sentences in each language in turn, about different products."""
    names = list(SAID)
    return [
        (k, language := names[k // EVERY % len(names)], SAID[language].format(k=k, euros=5 + k % 90))
        for k in range(0, PRODUCTS, EVERY)
    ]


def _milliseconds(gate: Gate, text: str, language: str, k: int, true: bool = True) -> float:
    began = time.thread_time()
    verdict = gate.check(text, language, f"sku-{k}", NOW)
    took = time.thread_time() - began
    assert verdict.passed == true, verdict
    return took * 1000


if __name__ == "__main__":
    run()
