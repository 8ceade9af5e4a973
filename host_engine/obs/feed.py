"""The engine's picture and sound as a source of OBS: one of four ways, each with the settings that keep it quick."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from host_engine.steering import Feed

SILENCE = 2.0  # seconds without a byte after which OBS gives its connection up, so that the slate shows
PAGE, FLV = "/obs", "/live.flv"  # where the engine serves what OBS fetches
AGAIN = "revived"  # the word in an address that makes OBS open it anew


class Input(NamedTuple):
    """A source of OBS: its name, its kind, and the settings that it must have."""

    name: str
    kind: str
    settings: dict[str, Any]


# Measured with OBS 29 (buffering_mb 2, its default: 1.5 s behind; 0: a second behind, as OBS then throws away what it
# probed). fpsprobesize: FFmpeg guesses no frame rate from 20 pictures, which it would wait for. rw_timeout: a dead
# engine behind a broker, or one that hangs, ends the source; by itself OBS would wait for ever on its last picture.
MEDIA = {
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


def source_of(feed: Feed, page: str, size: tuple[int, int], fps: int) -> Input:
    """The source that OBS needs for this way. `page`: the engine's own address, such as http://127.0.0.1:8080."""
    if feed.way == "browser":
        return Input(feed.source, "browser_source", _browser(page.rstrip("/") + PAGE, size, fps))
    if feed.way == "http-flv":
        return Input(feed.source, "ffmpeg_source", _media(page.rstrip("/") + FLV, "flv", patience()))
    if feed.way == "listen":
        return Input(feed.source, "ffmpeg_source", _media(stream_address(feed), "", "listen=1"))
    return Input(feed.source, "ffmpeg_source", _media(stream_address(feed), "", patience()))


def stream_address(feed: Feed) -> str:
    """Where the engine sends to, and OBS reads or listens."""
    return f"{feed.url.rstrip('/')}/{feed.key}"


def patience(seconds: float = SILENCE) -> str:
    """The option of FFmpeg that ends a connection on which nothing comes."""
    return f"rw_timeout={round(seconds * 1_000_000)}"


def pushed(feed: Feed) -> bool:
    """Whether the engine sends the feed; otherwise OBS fetches it."""
    return feed.way in ("rtmp", "listen")


def revived(source: Input, times: int) -> dict[str, Any]:
    """The settings that have OBS open the source anew: it does so only when one of them is another than before.

    `TriggerMediaInputAction` does not: it leaves the connection as it is, and adds 50 ms each time.
    """
    key = "url" if source.kind == "browser_source" else "input"
    return {key: with_again(source.settings[key], times)}


def with_again(address: str, times: int) -> str:
    """An address that leads to the same place and is written otherwise for each number."""
    return f"{address}{'&' if urlsplit(address).query else '?'}{AGAIN}={times}"


def plain(address: str) -> str:
    """The address without what `with_again` added, to compare with."""
    for joint in ("?", "&"):
        head, found, tail = address.rpartition(f"{joint}{AGAIN}=")
        if found and tail.isdigit():
            return head
    return address


def differs(source: Input, actual: dict[str, Any]) -> dict[str, Any]:
    """The settings of a source in OBS that are not as they must be; a source that was revived is as it must be."""
    return {
        key: value
        for key, value in source.settings.items()
        if (plain(str(actual.get(key))) if key in ("input", "url") else actual.get(key)) != value
    }


def _media(address: str, format: str, options: str) -> dict[str, Any]:
    return MEDIA | {"input": address, "input_format": format, "ffmpeg_options": f"{QUICK} {options}"}


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
