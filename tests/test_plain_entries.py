"""A long list of plain entries is read as YAML is, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.document import plain_entries
from host_engine.document.events import Malformed
from host_engine.document.events import load_all as load
from host_engine.document.plain_entries import read_entries


@pytest.fixture(autouse=True)
def of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_entries, "LARGE", 0)
    monkeypatch.setattr(plain_entries, "PLAIN", 0.0)


def fast(text: str) -> Any:
    return read_entries(text.encode(), "products", load)


PLAIN = """\
name: tea
products:
- id: sencha
  title: Sencha, the "green" one
  link: https://shop.example/a#b
  price: 15.00 EUR
  brand: null
  points: [Light., 12 pieces, null]
- id: "pot"
  title: 'A pot: brown # and round'
  gtin: 0400123
faq:
- question: Why?
"""


def test_what_is_plain_is_read_fast() -> None:
    assert fast(PLAIN) == load(PLAIN.encode())
    indented = PLAIN.replace("\n- ", "\n  - ").replace("\n  ", "\n    ").replace("\n      - ", "\n  - ")
    indented = indented.replace("faq:\n  - ", "faq:\n- ").replace("\n    - ", "\n  - ")
    assert load(indented.encode())["products"] == load(PLAIN.encode())["products"]
    assert fast(indented) in (None, load(indented.encode()))


LINES = [
    "- id: a", "- id: b", "  title: Tea", "  title: Tea: the best", "  title: Tea #1", "  title: Tea# 1", "  title: ~",
    "  brand: null", "  brand:", "    deeper: 1", "  points: [a, b]", "  points: [a, [b]]", "  points: []", "  - c",
    "  points:", "    - x", '  text: "one', '  two"', '  text: "a\\tb"', "  text: 'it''s'", "  text: |", "    - id: c",
    "", "# remark", "  # remark", "faq:", "other: 1", "  text: &x y", "  text: *x", "  text: >-", "-  id: d", "- x",
    "  text: !!str 5", "  text: a ", "\ttext: a", "  ? a", "  text: a\u0085b", "  text: a\u00a0b", "--- ", "...",
    "products:", "  text: {a: 1}", "  é: ü", "   text: x", "  text:  two", "  id: a", "  text: - a", "  text: @a",
    '  text: "" ', '  text: ""', "  text: ''", "  points: [null, ~]", "  points: [a,b]", "  points: [a, b ]", "- - a",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=9), st.lists(st.sampled_from(LINES), max_size=2), st.booleans())
def test_whatever_is_written_is_read_as_it_always_was(inside: list[str], before: list[str], end: bool) -> None:
    text = "\n".join(["name: x", *before, "products:", "- id: first", *inside]) + "\n" * end
    found = fast(text)
    if found is not None:
        assert found == load(text.encode())


def test_each_line_alone_is_read_as_it_always_was() -> None:
    for line in LINES:
        for text in (
            f"products:\n- id: first\n{line}\n",
            f"products:\n- id: first\n{line}\n  last: 1\n- id: z\nfaq: 1",
        ):
            try:
                usual = load(text.encode())
            except Malformed:
                assert fast(text) is None, text
                continue
            assert fast(text) in (None, usual), text
