"""The command that trains our own small network for lips."""

from __future__ import annotations

import shlex
import sys
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from host_engine.terminal import sentences

if TYPE_CHECKING:
    from host_engine.training.lesson import Lessons
    from host_engine.training.pupil import Pupil
    from host_engine.training.trainer import Exam, Now, Trainer

EXAMPLE = "Example: [bold]host-engine train-mouth --video anna.mp4 --consent anna.yaml --minutes 60 -o mouths/anna[/]"
console = Console(stderr=True)


class Source(NamedTuple):
    """What is learnt from, what it is held against, and its name for the report."""

    lessons: Lessons
    exam: Exam
    name: str


def train_mouth(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the weights.")] = Path("mouth"),
    drawn: Annotated[
        list[str] | None, typer.Option(help="A drawn host to learn from, such as mira; all of them if none is named.")
    ] = None,
    video: Annotated[Path | None, typer.Option(help="A person talking, to learn from instead; with sound.")] = None,
    consent: Annotated[Path | None, typer.Option(help="The person's consent, which must allow training.")] = None,
    detector: Annotated[Path | None, typer.Option(help="YuNet's ONNX file, to find the face in the video by.")] = None,
    boxes: Annotated[Path | None, typer.Option(help="Faces marked by hand instead: CSV or JSON.")] = None,
    start: Annotated[
        Path | None, typer.Option("--from", help="Weights to begin with; for a video those that ship.")
    ] = None,
    minutes: Annotated[float, typer.Option(min=0.01, max=10_000, help="How long to learn.")] = 30.0,
    steps: Annotated[int | None, typer.Option(min=1, help="End after so many steps, if that comes first.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed and steps give the same weights.")] = 1,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Of the processor.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is in the folder.")] = False,
) -> None:
    """Train the small network for lips, on the drawn hosts or on a video of a person who agreed to it."""
    with _sentences():
        import torch

        from host_engine.training.trainer import Budget, Trainer

        torch.set_num_threads(threads)
        output.mkdir(parents=True, exist_ok=True)
        with console.status("Getting ready"):
            source = _source(drawn, video, consent, detector or boxes, seed)
            pupil = _pupil(seed, start, filmed=video is not None and not resume)
            trainer = Trainer(output, source.lessons, pupil, source.exam, Budget(minutes, steps))
            if resume:
                trainer.resume()
        _watched(trainer)
        _report(output, source, trainer, seed)


def _pupil(seed: int, start: Path | None, filmed: bool) -> Pupil:
    import torch

    from host_engine.neural.small.net import SHIPPED, quick
    from host_engine.training.pupil import Pupil

    pupil = Pupil(seed, halved=quick(torch.device("cpu")) == torch.bfloat16)
    if start is not None or filmed:
        pupil.begin_with(start or SHIPPED)
    return pupil


def _source(drawn: list[str] | None, video: Path | None, consent: Path | None, faces: Path | None, seed: int) -> Source:
    """Raises ValueError, a sentence, for what does not go together."""
    if video is None and (consent or faces):
        raise ValueError("--consent, --detector and --boxes belong to a --video")
    if video is None:
        return _drawn(drawn, seed)
    if drawn:
        raise ValueError("learn from a --video or from --drawn hosts, not from both at once")
    if consent is None:
        raise ValueError("nobody's face is learnt without consent: give --consent, the person's, which allows training")
    if faces is None:
        raise ValueError(
            "to find the face in the video give --detector, YuNet's ONNX file, or --boxes: docs/avatars.md"
        )
    return _filmed(video, consent, faces, seed)


def _filmed(video: Path, consent: Path, faces: Path, seed: int) -> Source:
    from host_engine.training.clip import read_clip
    from host_engine.training.footage import FootageLessons
    from host_engine.training.footage_exam import FootageExam

    clip = read_clip(video, consent, faces)
    name = f"{len(clip.faces) / 25:.0f} s of a video of a person who agreed to it"
    return Source(FootageLessons(clip, seed), FootageExam(clip), name)


def _drawn(hosts: list[str] | None, seed: int) -> Source:
    from host_engine.host.drawing import HOSTS
    from host_engine.training.drawn import DrawnLessons
    from host_engine.training.exam import DrawnExam

    hosts = hosts or list(HOSTS)
    for host in hosts:
        if host not in HOSTS:
            raise ValueError(f"there is no drawn host {host!r}, but {', '.join(HOSTS)}")
    name = f"the drawn hosts {', '.join(hosts)}; speech of espeak-ng, and of flite where it is"
    return Source(DrawnLessons(hosts, seed), DrawnExam(), name)


def _watched(trainer: Trainer) -> None:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Learning", total=1.0, said="")

        def show(now: Now) -> None:
            said = f"step {now.steps}  face {now.seen:.4f}  ear {now.heard:.4f}"
            if now.best:
                said += f"  best {now.best['mouth_psnr']} dB, r {now.best['openness_correlation']}"
            progress.update(task, completed=min(1.0, now.done), said=said)

        trainer.show = show
        trainer.train()


def _report(output: Path, source: Source, trainer: Trainer, seed: int) -> None:
    from host_engine.neural.small.net import load
    from host_engine.training import kept

    about = {
        "command": shlex.join(["host-engine", *sys.argv[1:]]),
        "source": source.name,
        "made": date.today().isoformat(),
        "seed": seed,
        "minutes": round(trainer.seconds / 60, 1),
        "best": trainer.best,
    }
    with console.status("Asking what it has not learnt from"):
        found = source.exam.report(load(output / kept.WEIGHTS), output / kept.SHEET)
    kept.tell(output, {**about, **found})
    for name, value in found["summary"].items():
        console.print(f"  {name:28} {value}", highlight=False)
    console.print(f"Wrote {output / kept.WEIGHTS}, {kept.REPORT} and {kept.SHEET}", highlight=False)


def _sentences() -> AbstractContextManager[None]:
    from host_engine.host.voices.utterance import VoiceError
    from host_engine.neural.net import NetError

    return sentences(console, VoiceError, NetError)
