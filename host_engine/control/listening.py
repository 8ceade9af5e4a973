"""A socket to serve on, or a sentence that says why there is none."""

from __future__ import annotations

import errno
import socket


class CannotListen(OSError):
    """An address that cannot be listened on; the text says which, why, and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes any free one. Raises CannotListen with a sentence."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(address[:2], family=family, backlog=256)
        # Connections inherit it. asyncio leaves it off where a socket does not name its protocol, and then the body of
        # every answer waits 40 ms for the other side to say that it has the head.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except socket.gaierror as error:
        raise CannotListen(f"there is no address '{host}' to listen on; try 127.0.0.1 or 0.0.0.0") from error
    except OSError as error:
        raise CannotListen(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use by another program; stop that, or choose another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} of {host} is reserved for the system; choose one above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine; try 127.0.0.1 or 0.0.0.0"
    return f"cannot listen on port {port} of {host}: {error.strerror}"
