"""The corpus of false claims: each of them is stopped."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from host_engine.gate.gate import Gate
from host_engine.show.catalog import load_catalog

ROOT = Path(__file__).resolve().parents[2] / "product_catalogs"
CORPUS = Path(__file__).with_name("false_claims.txt")
NOW = datetime(2027, 1, 6, 12, tzinfo=UTC)


@cache
def gate(name: str) -> Gate:
    return Gate(load_catalog(ROOT / name))


def test_nothing_of_the_corpus_passes() -> None:
    rows = [row for row in CORPUS.read_text("utf-8").splitlines() if row and not row.startswith("#")]
    assert len(rows) > 140
    through = []
    for row in rows:
        name, language, product, text = row.split("|", 3)
        said = text.replace("\\u200b", "\u200b")
        if gate(name).check(said, language, None if product == "None" else product, NOW).passed:
            through.append(row)
    assert through == []
