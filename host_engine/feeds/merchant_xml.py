"""A Google Merchant feed in XML, RSS 2.0 or Atom, read as a stream: nothing but the product at hand is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from host_engine.feeds.merchant_names import ATTRIBUTES, attribute
from host_engine.feeds.offer import Found
from host_engine.feeds.refusal import Refused
from host_engine.feeds.shop import Shop
from host_engine.feeds.xml_text import mended

GOOGLE = "http://base.google.com/ns/1.0"
PRODUCTS = frozenset({"item", "entry"})
DEEPEST = 60  # elements within elements
MOST_SIGNS = 2_000_000  # of one product
MOST_OUTSIDE = 2_000_000  # between products
MOST_UNREAD = 16_000_000  # bytes in which nothing begins or ends: one tag, one comment
_DETAIL = ("section_name", "attribute_name", "attribute_value")
_OF_SHOP = ("title", "link", "language", "description")


class _Handler(ContentHandler):
    """Collects one product after the other in `found`; `shop` is what stands around them."""

    def __init__(self, reader: DefusedExpatParser) -> None:
        super().__init__()
        self._reader = reader
        self.found: list[Found] = []
        self.shop: dict[str, str] = {}
        self._prefixes = {"g"}
        self._path: list[str] = []
        self._inside: int | None = None  # depth of the product at hand
        self._line = self._signs = 0
        self.events = 0
        self._said: dict[str, list[str]] = {}
        self._text: list[str] = []
        self._parts: dict[str, str] = {}
        self._part: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:
        self.events += 1
        if len(self._path) >= DEEPEST:
            raise Refused(f"elements are nested more than {DEEPEST} deep", self.line)
        for key in attrs.getNames():
            if key.startswith("xmlns:") and attrs.getValue(key).rstrip("/") == GOOGLE:
                self._prefixes.add(key[6:])
        self._path.append(name)
        if self._inside is None and self._plain(name) in PRODUCTS:
            self._inside, self._line, self._signs, self._said = len(self._path), self.line, 0, {}
        elif self._depth == 1:
            self._text, self._parts = [], {}
            if self._plain(name) == "link" and "href" in attrs.getNames():
                kind = attrs.get("rel", "alternate")
                self._add("link" if kind == "alternate" else "", attrs.getValue("href"))
        elif self._depth == 2:
            self._part = []
        if self._inside is None:
            self._text = []

    def characters(self, content: str) -> None:
        self.events += 1
        self._signs += len(content)
        if self._inside is None:
            if self._signs > MOST_OUTSIDE:
                raise Refused("there is too much text between the products", self.line)
        elif self._signs > MOST_SIGNS:
            raise Refused(f"one product has more than {MOST_SIGNS / 1e6:.0f} MB of text", self._line)
        self._text.append(content)
        if self._depth >= 2:
            self._part.append(content)

    def endElement(self, name: str) -> None:
        if self._depth == 0 and self._inside is not None:
            self.found.append(Found(self._line, self._said))
            self._inside, self._signs, self._text = None, 0, []
        elif self._depth == 1:
            self._close(attribute(self._plain(name)))
        elif self._depth == 2:
            self._parts[self._plain(name)] = "".join(self._part).strip()
        elif self._inside is None and len(self._path) <= 3 and (key := self._plain(name)) in _OF_SHOP:
            self.shop.setdefault(key, "".join(self._text).strip()[:500])
        self._path.pop()

    @property
    def _depth(self) -> int:
        """How deep in the product at hand; below 0 outside of one."""
        return -1 if self._inside is None else len(self._path) - self._inside

    def _close(self, name: str) -> None:
        if name == "product_detail" and self._parts:
            self._add(name, ":".join(self._parts.get(each, "") for each in _DETAIL))
        else:
            self._add(name, "".join(self._text))

    def _add(self, name: str, text: str) -> None:
        if name in ATTRIBUTES and text.strip():
            known = self._said.setdefault(name, [])
            if name == "description" or len(known) < 50:
                known.append(text.strip())

    def _plain(self, name: str) -> str:
        prefix, colon, bare = name.rpartition(":")
        own = not colon or prefix in self._prefixes or prefix in ("atom", "rss")
        return (bare if own else name).lower()

    @property
    def line(self) -> int:
        """Where the reader is."""
        return self._reader.getLineNumber() or 0


def products(chunks: Iterable[bytes], shop: Shop) -> Iterator[Found]:
    """The products of a feed; `shop` learns what the feed says of the shop. Raises Refused where it is no XML.

    Entities that a document defines itself, and whatever it wants to fetch, are refused.
    """
    parser = DefusedExpatParser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
    handler = _Handler(parser)
    parser.setContentHandler(handler)
    unread, events = 0, 0
    try:
        for piece in mended(chunks):
            parser.feed(piece)
            unread, events = (unread + len(piece) if events == handler.events else 0), handler.events
            if unread > MOST_UNREAD:
                raise Refused(f"nothing begins or ends within {MOST_UNREAD / 1e6:.0f} MB", handler.line)
            yield from _taken(handler, shop)
        parser.close()
    except SAXParseException as error:
        yield from _taken(handler, shop)
        what = f"this is not XML: {error.getMessage()}"
        raise Refused(f"{what}; what comes after it cannot be read", error.getLineNumber()) from None
    except DefusedXmlException:
        raise Refused("the feed defines entities of its own, or wants to fetch others; that is not read") from None
    except (SAXException, ValueError, LookupError) as error:
        raise Refused(f"this is not XML that can be read: {str(error)[:200]}") from None
    yield from _taken(handler, shop)


def _taken(handler: _Handler, shop: Shop) -> Iterator[Found]:
    shop.learn(name=handler.shop.get("title"), link=handler.shop.get("link"), language=handler.shop.get("language"))
    found, handler.found = handler.found, []
    yield from found
