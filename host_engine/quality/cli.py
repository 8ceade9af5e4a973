"""`host-engine avatar check`: the lips of an avatar or of any talking video, measured and held to their gates."""

from __future__ import annotations

import json as text_of
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from host_engine.terminal import sentences

if TYPE_CHECKING:
    from host_engine.media import Speech
    from host_engine.neural.worker.nets import Wanted
    from host_engine.quality.judge_video import Judgement, Told
    from host_engine.quality.watch import Finding

console = Console(stderr=True)
EXAMPLES = (
    "Examples: [bold]host-engine avatar check avatars/anna --net musetalk --weights models/musetalk[/], "
    "[bold]host-engine avatar check --video anna.mp4 --detector yunet.onnx[/]"
)
TEXT = (
    "Hello everyone, welcome to our live shopping show, this beautiful serum is only nineteen dollars today. "
    "Please put the blue bag in your basket before the big promotion ends, we have only five pieces left. "
    "My favourite part is the vitamin formula, it keeps moisture for hours and smells like fresh oranges."
)


class Moves(StrEnum):
    none = "none"
    small = "small"
    wav2lip = "wav2lip"
    musetalk = "musetalk"


def check(
    avatar: Annotated[Path | None, typer.Argument(metavar="[AVATAR]", help="An avatar's folder.")] = None,
    video: Annotated[Path | None, typer.Option(help="Any talking video instead.")] = None,
    net: Annotated[Moves, typer.Option(help="What moves the avatar's lips; none: they are warped.")] = Moves.none,
    weights: Annotated[Path | None, typer.Option(help="Of the network, as in a channel file.")] = None,
    decoder: Annotated[str, typer.Option(help="Of musetalk: sd-vae or taesd.")] = "sd-vae",
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    license_acknowledged: Annotated[
        bool, typer.Option("--license-acknowledged", help="For wav2lip, whose weights are for research only.")
    ] = False,
    text: Annotated[str | None, typer.Option(help="What the avatar says; full of p, b and m if not given.")] = None,
    voice: Annotated[str, typer.Option(help="As in a channel file.")] = "auto",
    language: Annotated[str, typer.Option(help="Of the text.")] = "en",
    detector: Annotated[Path | None, typer.Option(help="YuNet's ONNX file, which finds the face of a video.")] = None,
    boxes: Annotated[Path | None, typer.Option(help="The face by hand instead, as for 'avatar make'.")] = None,
    seconds: Annotated[float, typer.Option(min=2, max=600, help="So much of a video.")] = 60.0,
    syncnet: Annotated[Path | None, typer.Option(help="syncnet_v2.model, for LSE-D and LSE-C.")] = None,
    save: Annotated[Path | None, typer.Option(help="Keep what the avatar said, as .mp4 or .mkv.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Write the readings as JSON to the standard output.")] = False,
) -> None:
    """Measure lips: whether they are in time, shut for p, b and m, still, and leave the rest of the picture alone.

    The exit status is 1 where a gate is not passed.
    """
    with _sentences():
        if (avatar is None) == (video is None):
            raise ValueError("name an avatar's folder, or a video with --video")
        with _progress() as told:
            if video is not None:
                from host_engine.quality.judge_video import judge_video

                judged = judge_video(video, _finding(detector, boxes), seconds, syncnet, told)
            else:
                assert avatar is not None
                if net is Moves.wav2lip and not license_acknowledged:
                    from host_engine.channel_file.casting import LICENCE

                    raise ValueError(LICENCE.replace("license_acknowledged: true", "--license-acknowledged"))
                said = _said(text or TEXT, voice, language)
                judged = _avatar(avatar, _wanted(net, weights, decoder), device, said, syncnet, save, told)
    _report(judged, json)


def _avatar(
    folder: Path,
    wanted: Wanted | None,
    device: str,
    said: list[Speech],
    syncnet: Path | None,
    save: Path | None,
    told: Told,
) -> Judgement:
    from host_engine.avatars.folder import Footage
    from host_engine.quality.film import Film
    from host_engine.quality.judge_avatar import judge_avatar
    from host_engine.quality.rehearse import FPS

    footage = Footage.open(folder)
    if refused := footage.refused(today()):
        raise ValueError(refused)
    with Film(save, footage.about.size, FPS) if save else nullcontext() as film:
        return judge_avatar(footage, wanted, said, device=device, syncnet=syncnet, film=film, told=told)


def _wanted(net: Moves, weights: Path | None, decoder: str) -> Wanted | None:
    """The network as the worker is asked for it; None where lips are warped."""
    from host_engine.channel.hosts.crew import wish

    if net is Moves.none:
        return None
    if net is not Moves.small and weights is None:
        raise ValueError(f"'{net.value}' brings no weights of its own: name them with --weights")
    return wish(net.value, weights, decoder)


def today() -> date:
    """By the clock of this machine."""
    return date.today()


def _said(text: str, voice: str, language: str) -> list[Speech]:
    """One speech for each sentence. Raises VoiceError."""
    from host_engine.host.voice import open_voices

    voices = open_voices(voice, language)
    voices.patience = 3600.0  # nobody waits for it on air
    sentences = re.split(r"(?<=[.!?])\s+", text.strip())
    said = [voices.speak(each) for each in sentences if each]
    if not said:
        raise ValueError("--text says nothing")
    return said


def _finding(detector: Path | None, boxes: Path | None) -> Finding:
    """Who finds the face, at whatever scale the video is read."""
    from host_engine.avatars.by_hand import ByHand, read_boxes
    from host_engine.avatars.finders import YuNet

    if (detector is None) == (boxes is None):
        raise ValueError("say how the face is found: --detector (YuNet's ONNX file) or --boxes (key frames by hand)")
    if boxes is not None:
        keys = read_boxes(boxes)
        return lambda scale, fps: ByHand(keys, fps, 0.0, scale)
    assert detector is not None
    found = YuNet(detector)
    return lambda scale, fps: found


def _report(judged: Judgement, json: bool) -> None:
    """Tell all; end with status 1 where a gate is not passed."""
    from host_engine.quality.reading import failed, table

    broken = failed(judged.readings)
    if json:
        rows = [reading.row() for reading in judged.readings]
        print(text_of.dumps({"name": judged.name, "passed": not broken, "readings": rows}, indent=2))
    else:
        Console().print(table(judged.readings, judged.name))
    if broken:
        console.print(f"{len(broken)} of the gates are not passed: {', '.join(each.name for each in broken)}.")
        raise typer.Exit(1)


@contextmanager
def _progress() -> Iterator[Told]:
    """A bar for each of the things that are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        tasks = {}

        def told(what: str, done: int, count: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=count or None)
            progress.update(tasks[what], completed=done, total=count or None)

        yield told


def _sentences() -> AbstractContextManager[None]:
    from host_engine.host.voices.utterance import VoiceError
    from host_engine.neural.net import NetError

    return sentences(console, VoiceError, NetError)
