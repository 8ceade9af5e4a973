"""Pictures of feeds: fetched, decoded, written anew; whatever cannot be had is told and left out."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from feeds.picture_server import picture_server

from host_engine.feeds.fetch import Fetcher
from host_engine.feeds.pictures import LONGEST, fetch_pictures, written_anew
from host_engine.show.pictures import check_picture


def encoded(ending: str, width: int = 40, height: int = 30, channels: int = 3) -> bytes:
    pixels = np.zeros((height, width, channels), np.uint8)
    pixels[: height // 2, :, 2] = 255
    right, data = cv2.imencode(ending, pixels)
    assert right
    return data.tobytes()


def png(width: int, height: int) -> bytes:
    """A picture that says to be so large, and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(it)) + kind + it + struct.pack(">I", zlib.crc32(kind + it)) for kind, it in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(("kind", "ending"), [(".png", ".jpg"), (".jpg", ".jpg"), (".webp", ".jpg")])
def test_a_picture_is_written_anew(kind: str, ending: str, tmp_path: Path) -> None:
    data = encoded(kind) + b"<?php hidden ?>"
    found = written_anew(data)
    assert found.ending == ending
    assert b"hidden" not in found.data
    (tmp_path / "x").write_bytes(found.data)
    header = check_picture(tmp_path / "x")
    assert (header.width, header.height) == (40, 30)


def test_a_large_picture_is_made_smaller_and_one_that_is_seen_through_stays_so() -> None:
    large = written_anew(encoded(".jpg", 3200, 800))
    pixels = cv2.imdecode(np.frombuffer(large.data, np.uint8), cv2.IMREAD_COLOR)
    assert pixels.shape[:2] == (LONGEST // 4, LONGEST)
    assert written_anew(encoded(".png", channels=4)).ending == ".png"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no picture"), (b"<svg/>", "no picture"), (b"GIF89a", "no picture|no pixels|damaged|not opened"),
        (png(60_000, 60_000), "is not opened"), (png(100, 100)[:40], "damaged"), (b"\xff\xd8\xff\xe0", "no picture"),
        (encoded(".jpg")[:200], "damaged|no picture"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_told(data: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        written_anew(data)


def test_pictures_of_a_feed(tmp_path: Path) -> None:
    with picture_server() as server:
        server.serve("/a.png", encoded(".png"))
        server.serve("/page", b"<html>", "text/html")
        products: list[dict[str, Any]] = [
            {"id": "A", "image_link": server.url("/a.png")},
            {"id": "B", "image_link": server.url("/a.png")},
            {"id": "C", "image_link": server.url("/page")},
            {"id": "D", "image_link": server.url("/none")},
            {"id": "E", "image_link": "http://169.254.169.254/latest"},
            {"id": "F"},
        ]
        fetcher = Fetcher(
            look_up=lambda host, port: ["127.0.0.1"] if host.endswith(".example") else [host],
            permitted=lambda address: address == "127.0.0.1",
        )
        done: list[None] = []
        lost = fetch_pictures(products, tmp_path, fetcher, lambda: done.append(None))
        assert server.asked.count(("/a.png", f"shop.example:{server.port}")) == 1
    assert [(each.product, each.why) for each in lost] == [
        ("C", "it is no picture (JPEG, PNG, WebP or GIF)"),
        ("D", "the server answers 404 Not Found"),
        ("E", "'169.254.169.254' leads to 169.254.169.254, which is no address of the public internet"),
    ]
    assert products[0]["image_link"] == products[1]["image_link"] == "pictures/A.jpg"
    assert all("image_link" not in each for each in products[2:])
    assert check_picture(tmp_path / "pictures/A.jpg").width == 40
    assert len(done) == 4
