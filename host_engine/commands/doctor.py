"""What this machine has, and what will therefore be used."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import torch

from host_engine.audience.ears.models import MODELS, best, look
from host_engine.avatars.folder import Footage
from host_engine.document import Problems
from host_engine.host.voice import list_voices, open_voices
from host_engine.neural.small.net import SHIPPED
from host_engine.outputs.encoder import usable_encoders

OWNED = ("aiortc", "av", "torch", "coqui-tts", "faster-whisper", "pocketsphinx", "numpy", "pyyaml", "obs-websocket-py")


class Finding(NamedTuple):
    """One thing looked at: whether it is there, what was found, and what follows from it."""

    what: str
    there: bool
    found: str
    follows: str


def examine() -> list[Finding]:
    """Look at everything that the engine can make use of. Takes a few seconds; changes nothing."""
    lips = [_lips(), *_avatars(Path("avatars"))]
    return [_python(), _machine(), *_packages(), _gpu(), *_encoders(), *lips, *_voices(), *_ears(), _obs()]


def _python() -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), platform.python_version(), "3.11 or newer is needed")


def _machine() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    follows = "enough for a channel of 720x1280" if cores >= 2 else "one core is little: expect late frames"
    return Finding("Processor", cores >= 2, f"{cores} cores, {platform.machine()}", follows)


def _packages() -> list[Finding]:
    found: dict[str, str | None] = {}
    for name in OWNED:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    missing = [name for name, version in found.items() if version is None]
    there = ", ".join(f"{name} {version}" for name, version in found.items() if version)
    return [Finding("Packages", not missing, there, f"missing: {', '.join(missing)}" if missing else "all are here")]


def _gpu() -> Finding:
    if torch.cuda.is_available():
        return Finding("GPU", True, torch.cuda.get_device_name(0), "the host is drawn on it")
    return Finding("GPU", False, "no CUDA device", "the host is drawn on the processor")


def _encoders() -> list[Finding]:
    usable = usable_encoders()
    nvenc = "h264_nvenc" in usable
    return [
        Finding("NVENC", nvenc, "encodes" if nvenc else "does not open here", "used" if nvenc else "x264 is used"),
        Finding("x264", "libx264" in usable, "encodes" if "libx264" in usable else "does not open", "always there"),
    ]


def _lips() -> Finding:
    where = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "the processor"
    there = SHIPPED.is_file()
    found = f"the network 'small', on {where}" if there else f"{SHIPPED} is missing"
    return Finding("Lips", there, found, "moves those of filmed hosts" if there else "those of filmed hosts are warped")


def _avatars(folder: Path) -> list[Finding]:
    """The hosts who were filmed, in the folder `avatars` of where one stands."""
    found = []
    for path in sorted(folder.glob("*/avatar.yaml")):
        try:
            footage = Footage.open(path.parent)
        except Problems as problems:
            found.append(Finding(f"Avatar {path.parent.name}", False, str(problems.problems[0]), "cannot be shown"))
            continue
        about, refused = footage.about, footage.refused(datetime.now())
        what = f"{about.frames} frames of {about.size[0]}x{about.size[1]}, consent until {footage.consent.expires}"
        found.append(Finding(f"Avatar {about.name}", refused is None, what, refused or "can be shown"))
    return found


def _voices() -> list[Finding]:
    follows = {"espeak": "speaks whenever no other can"} | {open_voices("auto").name: "speaks English by itself"}
    return [
        Finding(f"Voice {each.name}", each.here, each.about, follows.get(each.name, "on request"))
        for each in list_voices()
    ]


def _ears() -> list[Finding]:
    """What would hear viewers here, as `ears: {use: auto}` chooses."""
    shelf = look(Path())
    model, why = best(shelf.models, None, torch.cuda.is_available())
    names = ", ".join(each.name for each in shelf.models)
    found = [Finding("Whisper models", bool(names), names or "none on this machine", "hears any language")]
    found += [Finding("Whisper model", False, each, "cannot be used") for each in shelf.useless]
    if model:
        return [*found, Finding("Ears", True, f"whisper:{model.name}", why)]
    there = find_spec("pocketsphinx") is not None
    what = "pocketsphinx, English only" if there else "pocketsphinx is missing"
    return [*found, Finding("Ears", there, what, f"{why}; a folder named by {MODELS} may hold some")]


def _obs() -> Finding:
    path = shutil.which("obs")
    return Finding("OBS", path is not None, path or "not on this machine", "the engine goes on air without it")
