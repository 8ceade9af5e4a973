"""What a recording claims to be, by its first bytes: the only look at it that the engine's own process takes."""

from __future__ import annotations


def claimed(data: bytes) -> str:
    """FFmpeg's name of the container; "mp4" and "" for what is not read. What is inside may still be anything."""
    if data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE":
        return "wav"
    if data[:4] == b"OggS":
        return "ogg"
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if data[:3] == b"ID3" or (len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2):  # layer III
        return "mp3"
    return "mp4" if data[4:8] == b"ftyp" else ""
