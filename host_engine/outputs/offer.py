"""What a viewer sends to begin watching, an SDP offer and trickled candidates, read with suspicion."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import NamedTuple

from aiortc import RTCIceCandidate
from aiortc.sdp import MediaDescription, SessionDescription, candidate_from_sdp

MAX_BYTES = 24 * 1024  # a browser sends some 6 KB; reading more would cost the tick
MAX_LINES = 600
MAX_CANDIDATES = 32

# What aiortc's parser raises on text that is not SDP.
MALFORMED = (ValueError, LookupError, AttributeError, TypeError, AssertionError, StopIteration)


class Refused(ValueError):
    """A request of a viewer that is not granted. `status` is the HTTP status that says so best."""

    def __init__(self, what: str, status: int = 400) -> None:
        super().__init__(what)
        self.status = status


class Offer(NamedTuple):
    """An offer fit to be answered: its text with only usable candidates, the kinds of its media in order."""

    sdp: str
    kinds: tuple[str, ...]
    ufrag: str


class Purpose(NamedTuple):
    """What an offer is for, the direction that its media must have for it, and the codecs of pictures that will do."""

    direction: str
    to: str
    pictures: tuple[str, ...] = ("H264",)


WATCHING, SPEAKING = Purpose("recvonly", "to watch"), Purpose("sendonly", "to speak")
SHOWING = Purpose("sendonly", "to be seen", ("VP8", "H264"))


class Fragment(NamedTuple):
    """Trickled candidates (RFC 8840), and the ICE user fragment they belong to ("" where it is not given)."""

    candidates: tuple[RTCIceCandidate, ...]
    ufrag: str


def read_offer(text: str) -> Offer:
    """Check an SDP offer to receive H.264 video and, if wanted, Opus sound. Raises Refused with a sentence."""
    return _read(text, _check_kinds, WATCHING)


def read_microphone(text: str) -> Offer:
    """Check an SDP offer to send one sound in Opus, and nothing else. Raises Refused with a sentence."""
    return _read(text, _check_one_sound, SPEAKING)


def read_camera(text: str) -> Offer:
    """Check an SDP offer to send one sound in Opus and one picture in VP8 or H.264. Raises Refused with a sentence."""
    return _read(text, _check_sound_and_picture, SHOWING)


def _read(text: str, check_kinds: Callable[[tuple[str, ...]], None], purpose: Purpose) -> Offer:
    lines = _lines(text, "offer")
    if lines[0].rstrip() != "v=0":
        raise Refused("The offer is not SDP: it must begin with 'v=0'.")
    kinds = tuple(line[2:].split(" ", 1)[0] for line in lines if line.startswith("m="))
    check_kinds(kinds)
    sdp = "\r\n".join(without_useless_candidates(lines)) + "\r\n"
    try:
        session = SessionDescription.parse(sdp)
    except MALFORMED as error:
        raise Refused("The offer is not well-formed SDP.") from error
    for media in session.media:
        _check_media(media, purpose)
    bundled = {mid for group in session.group if group.semantic == "BUNDLE" for mid in group.items}
    if len(kinds) > 1 and not all(media.rtp.muxId and media.rtp.muxId in bundled for media in session.media):
        raise Refused("The offer does not bundle sound and video onto one transport (a=group:BUNDLE).", 422)
    ice = session.media[0].ice
    return Offer(sdp, kinds, str(ice.usernameFragment) if ice else "")


def read_fragment(text: str) -> Fragment:
    """Read the body of a trickle PATCH, `application/trickle-ice-sdpfrag`. Raises Refused with a sentence."""
    ufrag, found = "", []
    for line in _lines(text, "fragment"):
        key, _, value = line.partition(":")
        if key == "a=ice-ufrag":
            ufrag = value.strip()
        elif key == "a=candidate":
            found.append(value)
        elif line and (len(line) < 2 or line[1] != "="):
            raise Refused(f"The fragment has a line that is no SDP attribute: '{line[:40]}'.")
    if len(found) > MAX_CANDIDATES:
        raise Refused(f"The fragment has {len(found)} candidates; at most {MAX_CANDIDATES} are taken.", 413)
    return Fragment(tuple(each for each in map(usable, found) if each), ufrag)


def usable(value: str) -> RTCIceCandidate | None:
    """The candidate in the value of an `a=candidate:` line, or None where nothing can be sent to it.

    A browser hides its addresses behind mDNS names, which take up to a second to look up and reach no further than
    the local network. They are not needed: the viewer's own checks tell where it is (peer-reflexive candidates).
    """
    try:
        candidate = candidate_from_sdp(value)
        address = ipaddress.ip_address(candidate.ip)
    except MALFORMED:
        return None
    sendable = not (address.is_multicast or address.is_unspecified) and 0 < candidate.port < 65_536
    if candidate.protocol.lower() != "udp" or candidate.component != 1 or not sendable:
        return None
    return candidate


def _lines(text: str, name: str) -> list[str]:
    if len(text) > MAX_BYTES:
        raise Refused(f"The {name} is longer than {MAX_BYTES} characters.", 413)
    lines = [line.rstrip("\r") for line in text.strip().split("\n")]
    if len(lines) > MAX_LINES:
        raise Refused(f"The {name} has more than {MAX_LINES} lines.", 413)
    if not lines[0]:
        raise Refused(f"The {name} is empty.")
    return lines


def _check_kinds(kinds: tuple[str, ...]) -> None:
    if "video" not in kinds:
        raise Refused("The offer asks for no video; a viewer needs one m=video section.", 422)
    if kinds.count("video") > 1 or kinds.count("audio") > 1:
        raise Refused("The offer has more than one section of a kind; one video and one sound are sent.", 422)
    if others := set(kinds) - {"audio", "video"}:
        raise Refused(f"The offer asks for '{min(others)[:20]}'; only audio and video are sent here.", 422)


def _check_one_sound(kinds: tuple[str, ...]) -> None:
    if kinds != ("audio",):
        raise Refused("A microphone's offer must have one m=audio section and no other.", 422)


def _check_sound_and_picture(kinds: tuple[str, ...]) -> None:
    if sorted(kinds) != ["audio", "video"]:
        raise Refused("A camera's offer must have one m=audio and one m=video section, and no other.", 422)


def without_useless_candidates(lines: Sequence[str]) -> list[str]:
    """The lines of an SDP. The end of the candidates is left out too: whoever names none may still reach us."""
    kept, candidates = [], 0
    for line in lines:
        if line.startswith("a=end-of-candidates"):
            continue
        if line.startswith("a=candidate:"):
            candidates += 1
            if candidates > MAX_CANDIDATES or usable(line.removeprefix("a=candidate:")) is None:
                continue
        kept.append(line)
    return kept


def _check_media(media: MediaDescription, purpose: Purpose) -> None:
    kind = media.kind
    if media.direction not in (None, purpose.direction, "sendrecv"):
        said = f"The offer's {kind} is '{media.direction}'; {purpose.to} it must be '{purpose.direction}'."
        raise Refused(said, 422)
    codecs = purpose.pictures if kind == "video" else ("opus",)
    if not {each.lower() for each in codecs} & {each.name.lower() for each in media.rtp.codecs}:
        only = "the only codec this channel is sent in" if len(codecs) == 1 else "the codecs that are taken here"
        raise Refused(f"The offer's {kind} does not list {' or '.join(codecs)}, {only}.", 422)
    ice, dtls = media.ice, media.dtls
    if not ice or not 4 <= len(ice.usernameFragment or "") <= 256 or not 22 <= len(ice.password or "") <= 256:
        raise Refused(f"The offer's {kind} has no valid a=ice-ufrag and a=ice-pwd.")
    algorithms = {each.algorithm.lower() for each in dtls.fingerprints} if dtls else set()
    if not algorithms & {"sha-256", "sha-384", "sha-512"}:
        raise Refused(f"The offer's {kind} has no a=setup with an a=fingerprint in SHA-256, SHA-384 or SHA-512.")
    if not media.rtcp_mux:
        raise Refused(f"The offer's {kind} does not multiplex RTCP (a=rtcp-mux).")
