"""schema.org JSON-LD: products in a .json file, or in the script tags of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from host_engine.feeds.jsonld_product import product, variant_nodes, variants
from host_engine.feeds.located_json import Node, loads
from host_engine.feeds.offer import Found
from host_engine.feeds.refusal import LeftOut, Refused
from host_engine.feeds.shop import Shop
from host_engine.feeds.tables import Broken
from host_engine.feeds.text_lines import texts

LARGEST = 64_000_000  # signs; a page, or a file that is read as a whole
PRODUCTS = frozenset({"product", "individualproduct", "productmodel", "someproducts", "vehicle", "car", "book"})
GROUP = "productgroup"
DEEPEST = 100
_ELSEWHERE = frozenset(
    [
        "isrelatedto",
        "issimilarto",
        "isaccessoryorsparepartfor",
        "isconsumablefor",
        "isvariantof",
        "review",
        "reviews",
        "itemreviewed",
        "aggregaterating",
        "hasvariant",
        "predecessorversion",
        "successorversion",
    ]
)  # products that are spoken of, but not offered here
_SHOPS = frozenset({"organization", "onlinestore", "store", "website", "localbusiness"})


class _Block(NamedTuple):
    """A document, and the line of the file that it begins in."""

    text: str
    line: int


def products(chunks: Iterable[bytes], shop: Shop) -> Iterator[Found | Broken]:
    """The products of a file or page. Raises Refused where there is no JSON-LD in it."""
    text = _whole(chunks)
    page = text.lstrip("\ufeff \t\r\n").startswith("<")
    blocks = list(_scripts(text)) if page else [_Block(text, 1)]
    if not blocks:
        raise Refused("there is no <script type=application/ld+json> in this page")
    if page and (tag := re.search(r"""<html[^<>]{0,300}?\slang\s*=\s*["']?([A-Za-z-]{2,10})""", text[:20_000])):
        shop.learn(language=tag[1])
    if page and (tag := re.search(r"<link\s[^<>]{0,300}\bcanonical\b[^<>]{0,300}>", text[:100_000], re.IGNORECASE)):
        address = re.search(r"""\bhref\s*=\s*["']?(https?://[^\s"'<>]+)""", tag[0])
        shop.base = address[1] if address else ""
    for block in blocks:
        try:
            document = loads(block.text)
        except Refused as wrong:
            line = block.line + (wrong.line or 1) - 1
            if len(blocks) == 1:
                raise Refused(str(wrong), line) from None
            yield Broken(line, str(wrong))
            continue
        yield from _found(document, block, shop)


def _whole(chunks: Iterable[bytes]) -> str:
    parts, size = [], 0
    for piece in texts(chunks):
        size += len(piece)
        if size > LARGEST:
            raise Refused(f"JSON-LD is read as a whole, and this has more than {LARGEST / 1e6:.0f} MB")
        parts.append(piece)
    return "".join(parts)


_OPENED = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)?")
_CLOSED = re.compile(r"(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*$")


def _scripts(page: str) -> Iterator[_Block]:
    """What stands in the script tags of that type; found step by step, so that no page takes long."""
    lower, at, line, counted = page.lower(), 0, 1, 0
    while (start := lower.find("<script", at)) >= 0:
        opened = lower.find(">", start)
        end = lower.find("</script", opened)
        if opened < 0 or end < 0:
            return
        if "ld+json" in lower[start : min(opened, start + 500)]:
            start = _OPENED.match(page, opened + 1).end()  # type: ignore[union-attr]
            line += page.count("\n", counted, start)
            counted = start
            inside = page[start:end]
            yield _Block(inside[:-40] + _CLOSED.sub("", inside[-40:]), line)
        at = end


def _found(document: Any, block: _Block, shop: Shop) -> Iterator[Found | Broken]:
    nodes, named = _nodes(document)
    seen: set[int] = set()
    grouped = {id(each) for _, node in nodes for each in variant_nodes(node, named)}
    line, counted = block.line, 0
    for where, node in sorted(nodes, key=lambda each: each[1].at):
        line += block.text.count("\n", counted, node.at)
        counted = max(counted, node.at)
        if id(node) in seen or id(node) in grouped:
            continue
        seen.add(id(node))
        kinds = kinds_of(node)
        if kinds & _SHOPS:
            shop.learn(name=_text(node.get("name")), link=_text(node.get("url")))
        try:
            if GROUP in kinds:
                for made in variants(node, named):
                    yield _told(line, where, made) if isinstance(made, LeftOut) else Found(line, made, where)
            elif kinds & PRODUCTS:
                yield Found(line, product(node, named), where)
        except LeftOut as why:
            yield _told(line, where, why)


def _told(line: int, where: str, why: LeftOut) -> Broken:
    return Broken(line, f"{where}: {why}" if where else str(why))


def kinds_of(node: Node) -> frozenset[str]:
    """The types of a node, without the address of their vocabulary, in lower case."""
    written = node.get("@type", ())
    listed = [written] if isinstance(written, str) else written if isinstance(written, list) else []
    return frozenset(re.split(r"[/:#]", each)[-1].lower() for each in listed if isinstance(each, str))


def _nodes(document: Any) -> tuple[list[tuple[str, Node]], dict[str, Node]]:
    """Every node with its path, but for what hangs below products that are only spoken of; and the nodes by @id."""
    found: list[tuple[str, Node]] = []
    named: dict[str, Node] = {}
    stack: list[tuple[str, Any, int, bool]] = [("", document, 0, True)]
    while stack:
        where, value, depth, offered = stack.pop()
        if depth > DEEPEST:
            raise Refused(f"the values of this JSON are nested more than {DEEPEST} deep")
        if isinstance(value, Node):
            if offered:
                found.append((where, value))
            if isinstance(id := value.get("@id"), str) and len(value) > 1:
                named.setdefault(id, value)
            for key, part in value.items():
                if isinstance(part, dict | list):
                    path = f"{where}.{key}" if where else key
                    stack.append((path, part, depth + 1, offered and key.lower() not in _ELSEWHERE))
        elif isinstance(value, list):
            stack += [
                (f"{where}[{n}]", part, depth + 1, offered)
                for n, part in enumerate(value)
                if isinstance(part, dict | list)
            ]
    return found, named


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
