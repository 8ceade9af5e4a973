"""Which kind of feed a file is, told from its beginning."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator
from typing import Literal

from host_engine.feeds.merchant_names import attribute
from host_engine.feeds.refusal import Refused
from host_engine.feeds.shopify import is_shopify
from host_engine.feeds.tables import header_of
from host_engine.feeds.text_lines import texts

Kind = Literal["shopify", "merchant", "jsonld"]
Format = Literal["shopify", "merchant table", "merchant xml", "jsonld"]
LOOKED_AT = 20_000  # signs


def format_of(chunks: Iterable[bytes], kind: Kind | None) -> Format:
    """The format, by its first signs; `kind` is what somebody says it is. Raises Refused where they do not agree."""
    start = _start(chunks)
    if not start:
        raise Refused("the file is empty")
    if start.startswith(("{", "[")) and kind != "merchant":
        return _agreed("jsonld", kind)
    if start.startswith("<"):
        lower = start.lower()
        feed = lower.startswith("<?xml") or any(tag in lower[:3000] for tag in ("<rss", "<feed", "<channel", "<rdf"))
        page = "<html" in lower or "<!doctype html" in lower or "ld+json" in lower
        return _agreed("jsonld" if page or (kind == "jsonld" and not feed) else "merchant xml", kind)
    if kind == "jsonld":
        raise Refused("this is neither JSON nor a page, so there is no JSON-LD in it")
    return _table(start, kind)


def _table(start: str, kind: Kind | None) -> Format:
    try:
        columns, _ = header_of(next(line for line in start.splitlines() if line.strip()))
    except (csv.Error, StopIteration):
        raise Refused("the first line is no header of a table") from None
    if kind == "shopify" or (kind is None and is_shopify(columns)):
        if not is_shopify(columns):
            raise Refused("this is no Shopify products CSV: it has no column 'Handle' or 'URL handle'", 1)
        return "shopify"
    known = {"id", "title", "price", "link", "description", "image_link", "availability", "gtin"}
    if len(known & set(map(attribute, columns))) < (1 if kind else 2):
        shown = ", ".join(columns[:6])[:120] or "nothing"
        raise Refused(
            f"no kind of feed begins like this ({shown}); name the kind with --kind shopify, merchant or jsonld", 1
        )
    return "merchant table"


def _agreed(found: Format, kind: Kind | None) -> Format:
    if kind is not None and not found.startswith(kind):
        raise Refused(f"this is no feed of the kind '{kind}': it looks like {found}")
    return found


def _start(chunks: Iterable[bytes]) -> str:
    found = ""
    for piece in _first(chunks):
        found += piece
        if len(found) > LOOKED_AT:
            break
    return found[:LOOKED_AT].lstrip("\ufeff \t\r\n\f\v")


def _first(chunks: Iterable[bytes]) -> Iterator[str]:
    return texts(itertools.islice(chunks, 4))
