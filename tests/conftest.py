"""Fixtures that several folders of tests use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rtmp_server import RtmpServer


@pytest.fixture
def rtmp_server(tmp_path: Path) -> Iterator[RtmpServer]:
    """A real RTMP server on a free loopback port, started."""
    server = RtmpServer(tmp_path / "nginx")
    try:
        server.start()
        yield server
    finally:
        server.kill()
