"""Whatever bytes a feed has: a catalog that passes check, or sentences; never a traceback."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from host_engine.commands.catalog_import import Order, import_feed
from host_engine.commands.checking import check_paths, warnings_of
from host_engine.document import Problems
from host_engine.feeds.feed import Wanted

SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
CALM = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SIGNS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
HOSTILE = st.one_of(
    SIGNS,
    st.sampled_from(
        ["=1+1", "{title}", "{price}{", "a: b # c", "- x", "null", "\u202e", "'\"", "&lt;b&gt;", "%s", "\\x00", "|",
         ">-", "# x", "? y", "!!python/object", "*alias", "&anchor", "[a, b]", "https://x.example/a b", "1e999",
         "\x85\u2028"]
    ),
)  # fmt: skip


def brought_in(data: bytes) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "feed").write_bytes(data)
        order = Order(str(folder / "feed"), folder / "shop", Wanted(currency="EUR", limit=3), pictures=False)
        try:
            import_feed(order, lambda what, of: lambda: None)
        except Problems as found:
            told = [str(each) for each in found.problems]
        else:
            told = []
        if told:
            assert all(told)
            assert [each.name for each in folder.iterdir()] == ["feed"]
            return
        assert check_paths([folder / "shop"]) == []
        assert warnings_of([folder / "shop"]) == []
    finally:
        shutil.rmtree(folder)


@given(st.binary(max_size=300))
@CALM
def test_any_bytes(data: bytes) -> None:
    brought_in(data)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
@given(data=st.data())
@settings(CALM, max_examples=1)
def test_a_feed_that_was_damaged(sample: Path, data: st.DataObject) -> None:
    whole = bytearray(sample.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        length = data.draw(st.integers(0, 60))
        whole[at : at + length] = data.draw(st.binary(max_size=12))
    brought_in(bytes(whole))


@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE, HOSTILE), min_size=1, max_size=3))
@CALM
def test_any_texts_in_a_table(rows: list[tuple[str, ...]]) -> None:
    table = ["id,title,description,brand,price,availability,color,product highlight"]
    for n, row in enumerate(rows):
        cells = [text.replace('"', '""') for text in row]
        table.append(
            f'"{n}{cells[0]}","Tea {cells[0]}","{cells[1]}","{cells[2]}",5 EUR,in stock,"{cells[3]}","{cells[1]}"'
        )
    brought_in("\n".join(table).encode())
