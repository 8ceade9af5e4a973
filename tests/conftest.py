"""Fixtures that several folders of tests use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from leftovers import Leftovers
from rtmp_server import RtmpServer
from xdist.scheduler import LoadFileScheduling

settings.register_profile("suite", derandomize=True, deadline=None)  # the same examples each time
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))  # "default" tries others


BESIDE_NO_OTHER = {  # browsers and real servers: beside the other tests, but one of these after another
    "tests/console/test_console_on_air.py",
    "tests/control/test_page.py",
    "tests/control/test_page_asking.py",
    "tests/outputs/test_rtmp_server.py",
    "tests/outputs/test_targets_server.py",
    "tests/outputs/test_whip.py",
    "tests/outputs/watch/test_watcher.py",
}


class ByFile(LoadFileScheduling):
    """A file goes to one worker; those with real programs go to the same."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "real programs" if file in BESIDE_NO_OTHER else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


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
