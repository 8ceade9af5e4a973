"""Lips against sound, measured from a rendered file: the lead of the mouth, and how many p, b and m shut it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import av
import numpy as np

from benchmarks.kept import keep
from benchmarks.lines import demo, studio
from host_engine.channel.studio.studio import Studio
from host_engine.commands.render import render
from host_engine.host.drawing import HOSTS, draw_host
from host_engine.host.mouth import LEAD
from host_engine.quality.closures import closures
from host_engine.quality.drawn import mouth_box, openness
from host_engine.quality.offset import Curve, by_phonemes
from host_engine.show.rundown import Line

SECONDS = 90


def run() -> None:
    made = studio()
    fps = made.preparation.format.fps
    on_air = _note_lines(made)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "show.mp4"
        try:
            asyncio.run(render(made, path, SECONDS * fps))
        finally:
            made.close()
        opening = _opening(made, path)
    leads, shut, wanted = [], 0, 0
    for line, start, end in _spoken_alone(on_air, len(opening)):
        speech = made.voices.speak(line.said)
        seen = opening[start:end]
        found = by_phonemes(seen, fps, speech.phonemes)
        if found.correlation >= 0.6:
            leads.append(found.lead * 1000)
        closed, of = closures(seen, fps, speech.phonemes, LEAD)
        shut, wanted = shut + closed, wanted + of
    figures = {
        "lead_ms": float(np.median(leads)),
        "designed_lead_ms": LEAD * 1000,
        "lead_ms_p10": float(np.percentile(leads, 10)),
        "lead_ms_p90": float(np.percentile(leads, 90)),
        "closures": shut / wanted,
    }
    keep("lips", figures, seconds=SECONDS, lines=len(leads), bilabials=wanted)


def _note_lines(made: Studio) -> list[Line | None]:
    """The line of each frame, filled in while the show is rendered."""
    lines: list[Line | None] = []
    pull = made.playout.pull

    def noting():
        beat = pull()
        lines.append(beat.line)
        return beat

    made.playout.pull = noting
    return lines


def _spoken_alone(lines: list[Line | None], frames: int):
    """(line, first frame, last frame + 1) of each whole line in the first scene, past the crossfade into it."""
    borders = [k for k in range(1, frames) if lines[k] is not lines[k - 1]]
    scene: str | None = None
    for start, end in zip([0, *borders], [*borders], strict=False):
        line = lines[start]
        if line is not None and line.scene is None and scene is None:
            yield line, start, end
        scene = line.scene if line else scene


def _opening(made: Studio, path: Path) -> Curve:
    """How open the mouth is in each frame of the file, as the first scene places it."""
    avatar = demo().avatar
    figure = made.program.picture._home.figure
    wide, high = figure._avatar.size
    artwork = draw_host(avatar.host, avatar.outfit or HOSTS[avatar.host][0], high)
    corner = figure.box.x - figure._left + (wide - artwork.width) // 2, figure.box.y + high - artwork.height
    box, unit = mouth_box(artwork, corner), artwork.mouth_scale
    with av.open(path) as file:
        frames = (frame.to_ndarray(format="rgb24") for frame in file.decode(video=0))
        return np.concatenate([openness([frame], box, unit) for frame in frames])


if __name__ == "__main__":
    run()
