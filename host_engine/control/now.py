"""What a viewer's page is told about the show: the shop, and the product that is on air."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


@dataclass(frozen=True)
class Product:
    """A product as a shopper sees it; prices are formatted for the language of the channel."""

    title: str
    price: str
    sale_price: str | None = None  # what is paid now, where that is less than the price
    saving: str | None = None  # such as "-20 %"
    brand: str = ""
    link: str | None = None  # shown only if it is http or https
    picture: Path | None = None  # a file on this machine: jpg, png or webp
    id: str = ""


@dataclass(frozen=True)
class Now:
    """The show at this moment. `label` is the channel's own wording of the AI label; without it the page has its own.

    width and height are those of the picture, so that the page has its shape before the first frame.
    """

    shop: str
    language: str = "en"
    on_air: bool = True
    label: str = ""
    width: int = 720
    height: int = 1280
    product: Product | None = None
    viewers: int = 0
    filmed: bool = False  # the host is a real person, whose lips and voice are made


class Pictures:
    """The product pictures that may be fetched: only files that were shown have an address, and it is no path.

    Safe from any thread.
    """

    def __init__(self, most: int = 20_000) -> None:
        """most: files that have an address; of a large catalog those that were asked for last."""
        self._most, self._lock = most, threading.Lock()
        self._files: OrderedDict[str, Path] = OrderedDict()

    def address(self, file: Path | None) -> str | None:
        """Where the file can be fetched, or None if it is no picture file. The address changes with the file."""
        if file is None or file.suffix.lower() not in PICTURES:
            return None
        try:
            stamp = file.stat().st_mtime_ns
        except OSError:
            return None
        name = hashlib.sha256(f"{file}:{stamp}".encode()).hexdigest()[:24] + file.suffix.lower()
        with self._lock:
            self._files[name] = file
            self._files.move_to_end(name)
            if len(self._files) > self._most:
                self._files.popitem(last=False)
        return f"/pictures/{quote(name)}"

    def file(self, name: str) -> Path | None:
        """The file of that name, or None if there is none to be had."""
        return self._files.get(name)


def describe(now: Now, pictures: Pictures) -> dict[str, Any]:
    """The JSON of /api/now."""
    product = now.product and {
        "id": now.product.id,
        "title": now.product.title,
        "brand": now.product.brand,
        "price": now.product.price,
        "sale_price": now.product.sale_price,
        "saving": now.product.saving,
        "link": web_link(now.product.link),
        "picture": pictures.address(now.product.picture),
    }
    return {
        "shop": now.shop,
        "language": now.language,
        "on_air": now.on_air,
        "label": now.label,
        "width": now.width,
        "height": now.height,
        "viewers": now.viewers,
        "filmed": now.filmed,
        "product": product,
    }


def tag(of: str | bytes) -> str:
    """An ETag that changes with what it is made of."""
    return '"' + hashlib.sha256(of.encode() if isinstance(of, str) else of).hexdigest()[:16] + '"'


def web_link(link: str | None) -> str | None:
    """The link if a browser may be sent there: http or https, with a host."""
    try:
        parts = urlsplit(link or "")
        return link if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None
