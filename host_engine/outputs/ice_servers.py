"""STUN and TURN servers that a WHIP or WHEP endpoint recommends in its Link headers (RFC 9725, 4.6; RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aiortc import RTCIceServer
from aiortc.rtcicetransport import parse_stun_turn_uri

MOST = 8  # servers that are looked at
LONGEST = 2000  # characters of a header
LINK = re.compile(r'<([^<>]*)>((?: ?; ?[^ =;,<>"]+(?: ?= ?(?:"(?:[^"\\]|\\.)*"|[^ ";,<>]*))?)*) ?(?:,|$)')
PARAMETER = re.compile(r'; ?([^ =;,<>"]+)(?: ?= ?(?:"((?:[^"\\]|\\.)*)"|([^ ";,<>]*)))?')


def ice_servers(headers: Iterable[str]) -> list[RTCIceServer]:
    """The servers in the values of Link headers; whatever is none, or of no use to us, is left out."""
    found: list[RTCIceServer] = []
    for header in headers:
        for address, parameters in LINK.findall(" ".join(header[:LONGEST].split())):
            named = {name.lower(): _plain(quoted) or token for name, quoted, token in PARAMETER.findall(parameters)}
            server = _server(address.strip(), named)
            if server and len(found) < MOST:
                found.append(server)
    return found


def _server(address: str, named: dict[str, str]) -> RTCIceServer | None:
    """`named`: its parameters."""
    if "ice-server" not in named.get("rel", "").lower().split():
        return None
    if named.get("credential-type", "password") != "password":
        return None
    try:
        parsed = parse_stun_turn_uri(address)
        parsed["host"].encode("idna")
    except ValueError:
        return None
    scheme = parsed["scheme"]
    if not 1 <= parsed["port"] <= 65_535:  # a socket raises for it, long after
        return None
    username, credential = named.get("username"), named.get("credential")
    if scheme == "stuns" or (scheme.startswith("turn") and not (username and credential)):
        return None
    return RTCIceServer(address, username, credential)


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)
