"""Merchant feeds in XML: mended where shops slip, refused where somebody attacks, and never kept as a whole."""

from __future__ import annotations

import html
import tracemalloc
from collections.abc import Iterable, Iterator

import pytest

from host_engine.feeds import merchant_xml
from host_engine.feeds.merchant_xml import products
from host_engine.feeds.offer import Found
from host_engine.feeds.refusal import Refused
from host_engine.feeds.shop import Shop

ITEM = "<item><g:id>1</g:id><title>{}</title></item>"


def read(document: str | bytes, piece: int = 11) -> list[Found]:
    data = document.encode() if isinstance(document, str) else document
    return list(products((data[at : at + piece] for at in range(0, len(data), piece)), Shop()))


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Caf&eacute; &amp; Tee&nbsp;", "Café & Tee"),
        ("Tee & Kekse", "Tee & Kekse"),
        ("<![CDATA[<b>Tee</b> & mehr]]>", "<b>Tee</b> & mehr"),
        ("Tee\x0b\x00 &#11;gut&#x1F;", "Tee gut"),
        ("Tee &#252; &#xFC;", "Tee ü ü"),
    ],
)
def test_slips_are_mended(title: str, said: str) -> None:
    (found,) = read(f"<rss><channel>{ITEM.format(title)}</channel></rss>")
    assert [html.unescape(each) for each in found.said["title"]] == [said]


@pytest.mark.parametrize(
    "data",
    [
        ('<?xml version="1.0" encoding="{}"?><rss>' + ITEM.format("Größe") + "</rss>").format(name).encode(codec)
        for name, codec in (
            ("utf-8", "utf-8"), ("windows-1252", "cp1252"), ("ISO-8859-1", "latin-1"), ("utf-16", "utf-16"),
            ("UTF-8", "cp1252"), ("utf-8", "utf-8-sig"),
        )
    ],
)  # fmt: skip
def test_every_encoding_even_where_it_says_another(data: bytes) -> None:
    (found,) = read(data)
    assert found.said["title"] == ["Größe"]


def test_lines_are_told() -> None:
    first, second = read("<rss>\n<channel>\n" + ITEM.format("a") + "\n\n" + ITEM.format("b") + "</channel></rss>")
    assert (first.line, second.line) == (3, 5)


LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><rss><item><title>&c;</title></item></rss>"""
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><item><title>&a;</title></item></rss>'


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (LAUGHS, "entities of its own"),
        (OUTSIDE, "entities of its own"),
        ('<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]><rss/>', "entities of its own"),
        ("<rss>" + "<a>" * 100 + "</a>" * 100 + "</rss>", "nested more than"),
        ("<rss><item><title>Tea</item></rss>", "this is not XML"),
        ("<rss>&unknown;</rss>", "this is not XML"),
        ("<rss", "this is not XML"),
    ],
)
def test_attacks_and_broken_documents_are_refused(document: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read(document)


def test_what_came_before_a_break_is_kept() -> None:
    found: list[Found] = []
    with pytest.raises(Refused, match="what comes after"):
        found.extend(products([f"<rss>{ITEM.format('a')}\n<item><title>".encode(), b"</item>"], Shop()))
    assert [each.said["title"] for each in found] == [["a"]]


def test_a_feed_that_never_ends_takes_no_memory() -> None:
    def endless(count: int) -> Iterator[bytes]:
        yield b"<rss><channel>"
        for n in range(count):
            yield ITEM.format(f"Tea {n} " + "x" * 2000).encode()
        yield b"</channel></rss>"

    tracemalloc.start()
    try:
        assert sum(1 for _ in products(endless(1500), Shop())) == 1500
        assert tracemalloc.get_traced_memory()[1] < 1_500_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("start", [b"<rss><item><title>", b"<rss><channel>", b"<rss><!--", b"<rss><a b='"])
def test_nothing_in_it_may_be_endless(monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    for name in ("MOST_SIGNS", "MOST_OUTSIDE", "MOST_UNREAD"):
        monkeypatch.setattr(merchant_xml, name, 200_000)

    def endless() -> Iterable[bytes]:
        yield start
        while True:
            yield b"x" * 10_000

    with pytest.raises(Refused):
        list(products(endless(), Shop()))
