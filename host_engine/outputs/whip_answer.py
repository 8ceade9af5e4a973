"""What a media server answers to our offer to send, an SDP, read with suspicion."""

from __future__ import annotations

from collections.abc import Sequence

from aiortc.sdp import MediaDescription, SessionDescription

from host_engine.outputs.offer import MALFORMED, MAX_LINES, without_useless_candidates

NEEDED = {"video": "H264", "audio": "opus"}
NAMES = {"video": "pictures", "audio": "sound"}
DIRECTIONS = ("sendrecv", "recvonly", "sendonly", "inactive")


def read_answer(text: str, kinds: Sequence[str]) -> str:
    """The answer with usable candidates only, and with nothing in it that would have us receive.

    kinds: of the offer's media, in order. Raises ValueError with what is wrong, to be read after "its answer".
    """
    lines = [line.rstrip("\r") for line in text.strip().split("\n")]
    if lines[0] != "v=0":
        raise ValueError("is not SDP")
    if len(lines) > MAX_LINES:
        raise ValueError(f"has more than {MAX_LINES} lines")
    sdp = "\r\n".join(_directed(without_useless_candidates(lines))) + "\r\n"
    try:
        media = SessionDescription.parse(sdp).media
    except MALFORMED:
        raise ValueError("is not well-formed SDP") from None
    if [each.kind for each in media] != list(kinds):
        raise ValueError(f"is none to what was offered, {' and '.join(kinds)}")
    for each in media:
        _check(each)
    return sdp


def _directed(lines: Sequence[str]) -> list[str]:
    """The lines with a direction for each of the media: its own, the session's, or the one that goes without saying.

    Who would send and receive only receives: nothing is ever taken from a server.
    """
    sections: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("m="):
            sections.append([])
        sections[-1].append(line)
    said, directed = "sendrecv", []
    for number, section in enumerate(sections):
        own = next((line[2:] for line in section if line[2:] in DIRECTIONS and line.startswith("a=")), said)
        said = own if number == 0 else said
        directed += [line for line in section if not (line.startswith("a=") and line[2:] in DIRECTIONS)]
        if number:
            directed.append(f"a={'recvonly' if own == 'sendrecv' else own}")
    return directed


def _check(media: MediaDescription) -> None:
    kind, codec = media.kind, NEEDED[media.kind]
    if media.port == 0 or media.direction != "recvonly":
        raise ValueError(f"takes no {NAMES[kind]}")
    if codec.lower() not in {each.name.lower() for each in media.rtp.codecs}:
        raise ValueError(f"wants its {NAMES[kind]} in another codec than {codec}")
    ice, dtls = media.ice, media.dtls
    if not ice or not 4 <= len(ice.usernameFragment or "") <= 256 or not 22 <= len(ice.password or "") <= 256:
        raise ValueError(f"has no valid a=ice-ufrag and a=ice-pwd for its {NAMES[kind]}")
    algorithms = {each.algorithm.lower() for each in dtls.fingerprints} if dtls else set()
    if not algorithms & {"sha-256", "sha-384", "sha-512"}:
        raise ValueError(f"has no a=setup with an a=fingerprint in SHA-256, SHA-384 or SHA-512 for its {NAMES[kind]}")
