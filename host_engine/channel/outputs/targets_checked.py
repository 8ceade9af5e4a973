"""What is wrong with the targets of a channel file although each of their values alone is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from host_engine import document
from host_engine.channel_file.config import Channel, Recording
from host_engine.document import Fault, Problem
from host_engine.outputs.recording_path import RecordingPath
from host_engine.show.scene import Label, Scene


def check_targets(channel: Channel, path: Path, scenes: Mapping[str, Scene]) -> list[Problem]:
    """The problems, with the lines of the channel file. `scenes`: all of its folder."""
    size = channel.format.width, channel.format.height
    return document.problems_at(path, list(_languages(channel, [each for each in scenes.values() if each.fits(*size)])))


def missing_folders(channel: Channel, path: Path) -> list[str]:
    """Sentences about recordings whose folder is not there: nobody makes it, as its disk may just not be mounted."""
    faults = []
    for index, wanted in enumerate(channel.outputs):
        if isinstance(wanted, Recording) and wanted.path.is_absolute():
            folder = RecordingPath(wanted.path).folder
            if not folder.is_dir():
                what = f"the folder {folder} is not there; make it, or mount its disk, before the channel goes on air"
                faults.append(Fault(("outputs", index, "path"), what))
    return [str(each) for each in document.problems_at(path, faults)]


def _languages(channel: Channel, scenes: list[Scene]) -> Iterator[Fault]:
    """Targets whose AI label would be in English, as the scenes do not know their language."""
    for index, wanted in enumerate(channel.outputs):
        if isinstance(wanted, Recording) or wanted.language is None or wanted.label is not None:
            continue
        silent = [scene.name for scene in scenes if not speaks(scene.label, wanted.language)]
        if silent:
            what = f"the AI label of {', '.join(silent)} has no words in '{wanted.language}'; write label: here as well"
            yield Fault(("outputs", index, "language"), f"{what}, or its words into the scene")


def speaks(label: Label, language: str) -> bool:
    """Whether a scene's label has words in that language."""
    return language in label.text or language.split("-")[0] in label.text
