"""Two corpora of sentences: each false one is stopped, each true one passes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from host_engine.gate.gate import Gate
from host_engine.show.catalog import load_catalog

HERE = Path(__file__).parent
CATALOGS = HERE.parents[1] / "product_catalogs"
NOW = datetime(2027, 1, 6, 12, tzinfo=UTC)


@cache
def gate(name: str) -> Gate:
    return Gate(load_catalog(CATALOGS / name))


def passing(corpus: str) -> tuple[list[str], list[str]]:
    """The sentences of a corpus that pass, and those that do not."""
    through, stopped = [], []
    for row in (HERE / corpus).read_text("utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        name, language, product, text = row.split("|", 3)
        said = text.replace("\\u200b", "\u200b")
        verdict = gate(name).check(said, language, None if product == "None" else product, NOW)
        (through if verdict.passed else stopped).append(row)
    return through, stopped


def test_every_false_claim_is_stopped() -> None:
    through, stopped = passing("false_claims.txt")
    assert through == []
    assert len(stopped) > 250


def test_every_true_claim_passes() -> None:
    through, stopped = passing("true_claims.txt")
    assert stopped == []
    assert len(through) > 50
