"""The pictures of a feed's products, fetched, decoded, made smaller where they are large, and written anew."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.feeds.fetch import Fetcher, FetchError
from host_engine.show.pictures import Header, read_header

LARGEST = 15_000_000  # bytes
MOST_PIXELS = 50_000_000
LONGEST = 1600  # pixels a side, once written
AT_ONCE = 4
SECONDS = 30.0  # for one picture
_DECODING = Lock()  # one at a time: a large picture takes 150 MB while it is decoded


class Lost(NamedTuple):
    """A picture that is left out."""

    product: str
    address: str
    why: str


class Picture(NamedTuple):
    """A picture to be written."""

    data: bytes
    ending: str


def fetch_pictures(
    products: Iterable[dict[str, Any]], folder: Path, fetcher: Fetcher, done: Callable[[], None] = lambda: None
) -> list[Lost]:
    """Fetch the first picture of each product into `folder`/pictures and name it there; four at once.

    Products are changed in place: those whose picture cannot be had have none. `done` is called after each address.
    """
    wanted: dict[str, list[dict[str, Any]]] = {}
    for product in products:
        if address := product.get("image_link"):
            wanted.setdefault(address, []).append(product)
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    lost: list[Lost] = []

    def one(address: str) -> None:
        owners = wanted[address]
        try:
            picture = fetch_picture(address, fetcher)
            name = f"pictures/{owners[0]['id']}{picture.ending}"
            (folder / name).write_bytes(picture.data)
            for product in owners:
                product["image_link"] = name
        except (FetchError, ValueError, OSError) as error:
            for product in owners:
                del product["image_link"]
                lost.append(Lost(product["id"], address, str(error)))
        done()

    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
    try:
        list(pool.map(one, wanted))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # who gives up does not wait for thousands of pictures
    return sorted(lost)


def fetch_picture(address: str, fetcher: Fetcher) -> Picture:
    """One picture, written anew. Raises FetchError or ValueError with a sentence."""
    box = io.BytesIO()
    fetcher.fetch(address, box, LARGEST, SECONDS)
    return written_anew(box.getvalue())


def written_anew(data: bytes) -> Picture:
    """The picture decoded and encoded again, so that nothing but its pixels is kept. Raises ValueError."""
    header = _told(data)
    if header.width * header.height > MOST_PIXELS or min(header.width, header.height) < 1:
        raise ValueError(f"the picture is {header.width} x {header.height} pixels; it is not opened")
    with _DECODING:
        try:
            pixels = _decoded(data, header)
        except cv2.error:
            pixels = None
        if pixels is None:
            raise ValueError("the picture is damaged")
        return _encoded(_smaller(pixels))


def _told(data: bytes) -> Header:
    try:
        header = read_header(io.BytesIO(data))
    except (struct.error, ValueError, IndexError):
        header = None
    if header is None:
        raise ValueError("it is no picture (JPEG, PNG, WebP or GIF)")
    return header


def _decoded(data: bytes, header: Header) -> NDArray[np.uint8] | None:
    """Blue, green, red, and alpha where it has some; JPEG turned as its camera was held."""
    flags = cv2.IMREAD_COLOR if header.kind == "jpeg" else cv2.IMREAD_UNCHANGED
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None or pixels.size == 0:
        return None
    if pixels.shape[0] * pixels.shape[1] > MOST_PIXELS:
        return None
    if pixels.dtype != np.uint8:
        pixels = (pixels / 257).astype(np.uint8) if pixels.dtype == np.uint16 else None
    if pixels is None:
        return None
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
    if pixels.shape[2] == 4 and int(pixels[..., 3].min()) == 255:
        pixels = pixels[..., :3]
    return np.ascontiguousarray(pixels, np.uint8)


def _smaller(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = LONGEST / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _encoded(pixels: NDArray[np.uint8]) -> Picture:
    ending, settings = (".png", []) if pixels.shape[2] == 4 else (".jpg", [cv2.IMWRITE_JPEG_QUALITY, 90])
    right, data = cv2.imencode(ending, pixels, settings)
    if not right:
        raise ValueError("the picture cannot be written anew")
    return Picture(data.tobytes(), ending)
