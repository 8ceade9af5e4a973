"""Which addresses of the network a fetch may reach: those of the public internet, and no way round that."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

LookUp = Callable[[str, int], list[str]]
_CLOUD = frozenset({IPv4Address("168.63.129.16"), IPv4Address("100.100.100.200")})  # of machines' own keepers
_NAT64 = ip_network("64:ff9b::/96")
_NAT64_LOCAL = ip_network("64:ff9b:1::/48")
_COMPATIBLE = ip_network("::/96")


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet: not loopback, private, link-local, multicast, reserved.

    IPv4 addresses inside of IPv6 ones (mapped, compatible, 6to4, Teredo, NAT64) count as what they are.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _inside(found) if isinstance(found, IPv6Address) else found
    if inner is None:
        return False
    return inner.is_global and not inner.is_multicast and not inner.is_reserved and inner not in _CLOUD


def _inside(address: IPv6Address) -> IPv4Address | IPv6Address | None:
    """The IPv4 address that is meant, or the address itself; None where it must not be reached."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None or address.teredo is not None or address in _COMPATIBLE:
        return None
    return None if address in _NAT64_LOCAL or address.is_site_local else address


def look_up(host: str, port: int) -> list[str]:
    """All addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
