"""The command that trains the mouth that listens: from sound alone to the shape of a mouth."""

from __future__ import annotations

import json
import os
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from host_engine.terminal import sentences

if TYPE_CHECKING:
    from host_engine.training.visemes_pupil import VisemePupil

EXAMPLE = "Example: [bold]host-engine train-visemes --minutes 25 -o mouths/heard[/]"
WEIGHTS, REPORT = "heard.safetensors", "heard.json"
LOOKS = (0.4, 0.6, 0.8, 0.9)  # shares of the time at which it is looked at how good it is, besides the end
console = Console(stderr=True)


def train_visemes(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the weights.")] = Path("visemes"),
    minutes: Annotated[float, typer.Option(min=0.01, max=10_000, help="How long to learn, of processor.")] = 25.0,
    steps: Annotated[int | None, typer.Option(min=1, help="End after so many steps, if that comes first.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed and steps give the same weights.")] = 1,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Of the processor.")] = 1,
) -> None:
    """Train the network that moves the host's lips to any voice, such as an operator's who speaks in her place."""
    with sentences(console):
        output.mkdir(parents=True, exist_ok=True)
    import torch

    from host_engine.training.visemes_lessons import VisemeLessons
    from host_engine.training.visemes_pupil import VisemePupil

    torch.set_num_threads(threads)
    with console.status("Having the first utterances spoken"):
        lessons, pupil = VisemeLessons(seed), VisemePupil(seed)
    columns = (
        TextColumn("Learning"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    best: dict[str, Any] = {}
    with Progress(*columns, console=console) as progress:
        task, began, done = progress.add_task("", total=1.0, said=""), time.process_time(), 0.0
        while done < 1:
            missed = pupil.learn(lessons.next(), done)
            spent = (time.process_time() - began) / 60 / minutes
            before, done = done, 1.0 if spent >= 1 else pupil.steps / steps if steps else spent
            if any(before < share <= done for share in (*LOOKS, 1.0)):
                best = _better(best, pupil, output)
            said = f"step {pupil.steps}  visemes {missed[0]:.3f}  shape {missed[1]:.4f}"
            said += f"  right {best['viseme_accuracy']:.3f}" if best else ""
            progress.update(task, completed=done, said=said)
    _report(output, {"seed": seed, "steps": pupil.steps, "minutes_of_speech": round(lessons.minutes)})


def _better(best: dict[str, Any], pupil: VisemePupil, output: Path) -> dict[str, Any]:
    """Keeps the network if it is the best so far; the marks of the best."""
    from host_engine.host.mouths.heard_net import HeardNet
    from host_engine.training.visemes_exam import exam
    from host_engine.training.visemes_pupil import ship

    found: dict[str, Any] = exam(HeardNet(pupil.tensors()))["summary"]
    if best and found["viseme_accuracy"] + found["closure_rate"] <= best["viseme_accuracy"] + best["closure_rate"]:
        return best
    ship(pupil, output / WEIGHTS)
    return found


def _report(output: Path, facts: dict[str, Any]) -> None:
    """Examines what was written, tells it, and writes it beside the weights."""
    from host_engine.host.mouths.heard_net import HeardNet
    from host_engine.training.visemes_exam import exam

    found = exam(HeardNet.shipped(output / WEIGHTS))
    report = {"made": date.today().isoformat(), **facts, **found}
    fresh = output / f"{REPORT}.new"
    fresh.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    os.replace(fresh, output / REPORT)
    for name, value in found["summary"].items():
        console.print(f"  {name:24} {value}", highlight=False)
    console.print(f"Wrote {output / WEIGHTS} and {REPORT}", highlight=False)
