"""Fixtures that several folders of tests use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from leftovers import Leftovers
from rtmp_server import RtmpServer

settings.register_profile("suite", derandomize=True, deadline=None)  # the same examples each time
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))  # "default" tries others


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Leftovers())


@pytest.fixture
def rtmp_server(tmp_path: Path) -> Iterator[RtmpServer]:
    """A real RTMP server on a free loopback port, started."""
    server = RtmpServer(tmp_path / "nginx")
    try:
        server.start()
        yield server
    finally:
        server.kill()
