"""Tables as spreadsheets write them: encodings, separators, quotes, and what is broken in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from host_engine.feeds import text_lines
from host_engine.feeds.refusal import Refused
from host_engine.feeds.tables import Broken, Row, rows
from host_engine.feeds.text_lines import lines


def read(data: bytes, piece: int = 7) -> list[Row | Broken]:
    return list(rows(lines(data[at : at + piece] for at in range(0, len(data), piece))))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize("separator", ["\t", ";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end(encoding: str, separator: str, end: str) -> None:
    table = [["Id", "Image Link", "Title"], ["1", "x", "Größe – café"], ["2", "y", f'"a{end}b ""c"""']]
    data = end.join(separator.join(row) for row in table).encode(encoding)
    first, second = read(data)
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.line, first.one("title"), first.one("image link")) == (2, "Größe – café", "x")
    assert (second.line, second.one("title")) == (3, f'a{end}b "c"')


def test_a_column_may_come_twice_and_a_spreadsheet_names_its_separator() -> None:
    (row,) = read(b"sep=;\r\n\r\nid;picture;picture\r\n1;a;b\r\n;;\r\n")
    assert isinstance(row, Row)
    assert (row.line, row.cells["picture"]) == (4, ("a", "b"))


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    data = 'id,title\n1,"open\n2,two\n3,three\n'
    assert [type(each) for each in read(data.encode())] == [Broken, Row, Row]
    swallowing = 'id,title\n1,"open\n' + "".join(f"{n},{'x' * 500}\n" for n in range(1000))
    found = read(swallowing.encode(), 65536)
    assert isinstance(found[0], Broken)
    assert found[0].line == 2
    assert len(found) == 1001


def test_a_shifted_row_is_told_and_one_that_is_too_short_is_filled() -> None:
    shifted, short = read(b"id,title,price\n1,a,b,c\n2,x\n")
    assert isinstance(shifted, Broken)
    assert "4 fields, the header 3" in shifted.what
    assert isinstance(short, Row)
    assert dict(short.cells) == {"id": ("2",), "title": ("x",)}


def test_endless_lines_and_quotes_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "LONGEST", 100_000)

    def endless() -> Iterator[bytes]:
        yield b"id,title\n"
        while True:
            yield b"x" * 10_000

    with pytest.raises(Refused, match="no product feed"):
        list(rows(lines(endless())))
    with pytest.raises(Refused, match="never closed"):
        list(rows(["a,b\n", *(f'"{n}\n' + "x" * 15_000 + "\n" for n in range(400))]))


def test_an_empty_file_is_told() -> None:
    for empty in (b"", b"\n\n  \n", b"\xef\xbb\xbf"):
        with pytest.raises(Refused, match="empty"):
            read(empty)
