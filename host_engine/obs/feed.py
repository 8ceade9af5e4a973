"""The engine's picture and sound as a source of OBS: one of four ways, each with the settings that keep it quick."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from host_engine.channel_file.steering import Feed
from host_engine.obs.wanted import BROWSER, MEDIA, Source

SILENCE = 1.0  # seconds without a byte, twice which OBS waits before it gives its connection up, and the slate shows
PAGE, FLV = "/obs", "/live.flv"  # where the engine serves what OBS fetches
AGAIN = "revived"  # the word in an address that makes OBS open it anew

# Measured with OBS 29 (buffering_mb 2, its default: 1.5 s behind; 0: a second behind, as OBS then throws away what it
# probed). fpsprobesize: FFmpeg guesses no frame rate from 20 pictures, which it would wait for. rw_timeout: a dead
# engine behind a broker, or one that hangs, ends the source; by itself OBS would wait for ever on its last picture.
TUNED = {
    "is_local_file": False,
    "buffering_mb": 1,
    "reconnect_delay_sec": 1,
    "restart_on_activate": False,
    "close_when_inactive": False,
    "clear_on_media_end": True,
    "hw_decode": False,
    "seekable": False,
    "speed_percent": 100,
}
QUICK = "fpsprobesize=0"
LISTENS = "listen=1"


def feed_source(feed: Feed, page: str, size: tuple[int, int], fps: int) -> Source:
    """The source that OBS needs for this way. `page`: the engine's own address, such as http://127.0.0.1:8080.

    Where OBS fetches the feed, an http address at `feed.url` stands for that: what another machine must use.
    """
    page = (feed.url if urlsplit(feed.url).scheme in ("http", "https") else page).rstrip("/")
    if feed.way == "browser":
        return Source(feed.source, BROWSER, _browser(page + PAGE, size, fps))
    if feed.way == "http-flv":
        return Source(feed.source, MEDIA, _media(page + FLV, "flv", patience()))
    if feed.way == "listen":
        return Source(feed.source, MEDIA, _media(stream_address(feed), "", LISTENS))
    return Source(feed.source, MEDIA, _media(stream_address(feed), "", patience()))


def stream_address(feed: Feed) -> str:
    """Where the engine sends to, and OBS reads or listens."""
    return f"{feed.url.rstrip('/')}/{feed.key}"


def patience(seconds: float = SILENCE) -> str:
    """The option of FFmpeg that ends a connection on which nothing comes."""
    return f"rw_timeout={round(seconds * 1_000_000)}"


def pushed(feed: Feed) -> bool:
    """Whether the engine sends the feed; otherwise OBS fetches it."""
    return feed.way in ("rtmp", "listen")


def listens(source: Source) -> bool:
    """Whether OBS waits for the engine to come: to open the source anew then would turn away who is at the door."""
    return LISTENS in str(source.settings.get("ffmpeg_options"))


def again(address: str, actual: str) -> str:
    """`address` written otherwise than it stands in OBS now: it leads to the same place, and OBS opens it anew."""
    before = actual.rpartition(f"{AGAIN}=")[2]
    times = int(before) + 1 if plain(actual) != actual and before.isdigit() else 1
    return f"{address}{'&' if urlsplit(address).query else '?'}{AGAIN}={times}"


def plain(address: str) -> str:
    """The address without what `again` added, to compare with."""
    for joint in ("?", "&"):
        head, found, tail = address.rpartition(f"{joint}{AGAIN}=")
        if found and tail.isdigit():
            return head
    return address


def _media(address: str, format: str, options: str) -> dict[str, Any]:
    return TUNED | {"input": address, "input_format": format, "ffmpeg_options": f"{QUICK} {options}"}


def _browser(address: str, size: tuple[int, int], fps: int) -> dict[str, Any]:
    return {
        "url": address,
        "width": size[0],
        "height": size[1],
        "fps_custom": True,
        "fps": fps,
        "reroute_audio": True,
        "shutdown": False,
        "restart_when_active": False,
        "css": "",
    }
