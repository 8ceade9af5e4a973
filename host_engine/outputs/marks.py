"""What a stream says of itself, for machines: JSON in the user data of its key frames, told again by its containers.

Whatever is made of the units, by this process or by others, bears the mark: it sits in the picture. What opens a
container needs nothing but the first key frame to say the same in its header.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import av

from host_engine.outputs import h264, sei

WHOSE = bytes.fromhex("a1ffb78e332142339bf437f66d63e034")  # the UUID of our marks; docs/labelling.md tells of it
AIGC = "AIGC"  # of GB 45438-2025: the same key in the picture, in FLV, MP4 and Matroska
SOURCE = "digitalSourceType"  # IPTC's
Mark: TypeAlias = "Callable[[int], bytes]"  # what the key frame of a number says of itself, as JSON; it must not raise
REPEATED = {AIGC: AIGC, SOURCE: "DigitalSourceType"}  # what containers tell again, and how it is called there


def stamped(packet: av.Packet[Any], words: bytes) -> av.Packet[Any]:
    """A key frame as Annex B that says `words` of itself; the packet itself where there are none."""
    if not words:
        return packet
    marked: av.Packet[Any] = av.Packet(sei.with_message(bytes(packet), sei.message(WHOSE, words)))
    marked.pts, marked.dts, marked.time_base = packet.pts, packet.dts, packet.time_base
    marked.is_keyframe = packet.is_keyframe
    if packet.duration:
        marked.duration = packet.duration
    return marked


def said(units: Iterable[bytes]) -> dict[str, Any]:
    """What the NAL units of a picture say of it; empty where that is nothing, or nobody can read it."""
    for words in sei.words(units, WHOSE):
        try:
            found = json.loads(words)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return {}


def tags(picture: bytes) -> dict[str, str]:
    """What a container that begins with this Annex B picture says in its header, by key."""
    found = said(h264.units(picture))
    told = {name: found[key] for key, name in REPEATED.items() if key in found}
    return {name: value if isinstance(value, str) else compact(value) for name, value in told.items()}


def compact(value: Any) -> str:
    """JSON on one line, as it is written into streams and files."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
