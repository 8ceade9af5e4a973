"""The address at which a viewer could watch a target: what kind it is, and what can be fetched there."""

from __future__ import annotations

from typing import Literal, NamedTuple
from urllib.parse import urlsplit

Kind = Literal["rtmp", "flv", "whep"]
KINDS: dict[str, Kind] = {"rtmp": "rtmp", "rtmps": "rtmp", "whep": "whep", "wheps": "whep"}
PLAYLISTS = (".m3u8", ".mpd")
LIKE = "rtmp://HOST/APP/STREAM, https://HOST/NAME.flv or the address of a WHEP endpoint"


class Address(NamedTuple):
    """Where, and how."""

    kind: Kind
    url: str

    @property
    def server(self) -> str:
        """host:port, or the host alone, for people: the rest may hold a secret."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def read_address(text: str) -> Address:
    """Raises ValueError with a sentence, which does not repeat the address: it may hold a secret."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"write an address such as {LIKE}") from None
    kind = KINDS.get(parts.scheme) or ("flv" if parts.path.endswith(".flv") else "whep")
    if parts.scheme not in (*KINDS, "http", "https") or not host or not text.isprintable():
        raise ValueError(f"write an address such as {LIKE}")
    if parts.password:
        raise ValueError("a password does not belong in this file")
    if parts.path.lower().endswith(PLAYLISTS):
        raise ValueError(f"playlists of HLS and DASH are not watched, as they tell nothing at once; write {LIKE}")
    if kind == "rtmp" and parts.path.strip("/").count("/") < 1:
        raise ValueError("an address to watch over RTMP names application and stream: rtmp://HOST/APP/STREAM")
    return Address(kind, text.replace("whep", "http", 1) if parts.scheme in ("whep", "wheps") else text)
