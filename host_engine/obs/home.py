"""Where OBS keeps its settings on this machine, and whether it is at work with them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

NAMES = ("obs", "obs64.exe", "OBS", "obs-studio")  # of its process on Linux, Windows, macOS
PATIENCE = 5.0  # seconds for the list of processes


class Home(NamedTuple):
    """The folder of one installation of OBS."""

    path: Path

    @property
    def used(self) -> bool:
        """Whether OBS was ever started with it."""
        return self.general.exists() or self.user.exists()

    @property
    def general(self) -> Path:
        return self.path / "global.ini"

    @property
    def user(self) -> Path:
        """What OBS since version 31 writes beside `general`."""
        return self.path / "user.ini"

    @property
    def websocket(self) -> Path:
        """Where obs-websocket since version 5.5 keeps its port and password; before, they are in `general`."""
        return self.path / "plugin_config" / "obs-websocket" / "config.json"

    @property
    def profiles(self) -> Path:
        return self.path / "basic" / "profiles"

    @property
    def collections(self) -> Path:
        return self.path / "basic" / "scenes"


def homes(
    system: str = sys.platform, environment: Mapping[str, str] = os.environ, user: Path | None = None
) -> list[Home]:
    """Where an OBS of this user may keep its settings, the usual place first."""
    user = user or Path.home()
    if system == "win32":
        return [Home(Path(environment.get("APPDATA") or user / "AppData" / "Roaming") / "obs-studio")]
    if system == "darwin":
        return [Home(user / "Library" / "Application Support" / "obs-studio")]
    flatpak = user / ".var" / "app" / "com.obsproject.Studio" / "config" / "obs-studio"
    snap = user / "snap" / "obs-studio" / "current" / ".config" / "obs-studio"
    return [
        Home(Path(environment.get("XDG_CONFIG_HOME") or user / ".config") / "obs-studio"),
        Home(flatpak),
        Home(snap),
    ]


def home() -> Home:
    """The one that OBS was started with, or the usual one."""
    found = homes()
    return next((each for each in found if each.used), found[0])


def at_work(system: str = sys.platform) -> bool:
    """Whether an OBS runs on this machine: at its end it writes over whatever was written meanwhile."""
    if system.startswith("linux"):
        return any(_named(process) for process in Path("/proc").glob("[0-9]*/comm"))
    command = ["tasklist", "/FO", "CSV", "/NH"] if system == "win32" else ["ps", "-A", "-o", "comm="]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    names = {Path(line.split(",")[0].strip('" ')).name for line in listed.splitlines()}
    return not names.isdisjoint(NAMES)


def _named(process: Path) -> bool:
    try:
        ended = (process.parent / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        return process.read_text().strip() in NAMES and not ended
    except (OSError, IndexError):
        return False  # it has ended meanwhile
