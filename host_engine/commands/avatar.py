"""`host-engine avatar`: hosts made from footage, photos and drawings, each with a consent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from host_engine.document import Problems
from host_engine.process.ending import PROCESS
from host_engine.quality.cli import EXAMPLES, check
from host_engine.terminal import sentences

if TYPE_CHECKING:
    from host_engine.avatars.finders import Finder, Floats
    from host_engine.avatars.folder import Footage
    from host_engine.avatars.make import Finding
    from host_engine.avatars.parts import Goes, Parts, Told

app = typer.Typer(help="Hosts made from footage, photos and drawings.", no_args_is_help=True)
console = Console(stderr=True)
AVATARS = Path("avatars")
SMOOTH = 12  # frames from one key frame to the next of what is drawn: its file is mostly key frames
EXAMPLE = "Example: [bold]host-engine avatar make --video anna.mp4 --consent anna.yaml --detector yunet.onnx[/]"


@app.callback()
def avatar() -> None:
    """Hosts made from footage, photos and drawings; none without a consent: docs/avatars.md."""


app.command(epilog=EXAMPLES)(check)


@app.command(epilog=EXAMPLE)
def make(
    consent: Annotated[Path, typer.Option(help="Who agreed to what: docs/avatars.md.")],
    video: Annotated[Path | None, typer.Option(help="A presenter who looks at the camera, in one take.")] = None,
    drawn: Annotated[str | None, typer.Option(help="A drawn host instead: mira or leo.")] = None,
    photo: Annotated[Path | None, typer.Option(help="A single portrait instead, PNG or JPEG.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The folder; avatars/NAME if not given.")
    ] = None,
    detector: Annotated[Path | None, typer.Option(help="YuNet's ONNX file, which finds the face.")] = None,
    points: Annotated[str | None, typer.Option(help="A photo's face by hand: 'x,y' of eyes, nose, mouth.")] = None,
    boxes: Annotated[Path | None, typer.Option(help="The face by hand instead: key frames in CSV or JSON.")] = None,
    fps: Annotated[int, typer.Option(min=5, max=60, help="Frames a second; as the channel's.")] = 25,
    size: Annotated[str | None, typer.Option(help="Such as 720x1280; the video's own if not given.")] = None,
    start: Annotated[str, typer.Option("--from", help="Take the video from here, such as 0:12.5.")] = "0",
    end: Annotated[str | None, typer.Option("--to", help="And up to here.")] = None,
    longest: Annotated[bool, typer.Option("--longest", help="Take the longest stretch without a problem.")] = False,
    idle: Annotated[list[str] | None, typer.Option(help="When nothing is said, such as 0:03-0:08; repeatable.")] = None,
    seconds: Annotated[float, typer.Option(min=2, max=600, help="Length of what a drawing or photo does.")] = 20.0,
    quality: Annotated[float, typer.Option(min=0, max=40, help="x264's CRF; less is better and larger.")] = 16.0,
    replace: Annotated[bool, typer.Option("--replace", help="In place of the avatar that is there.")] = False,
) -> None:
    """Make an avatar: find the face in every frame, say what is wrong, write a folder that a channel can show."""
    with sentences(console):
        from host_engine.avatars.frame_writer import GOP
        from host_engine.avatars.frames import Frames
        from host_engine.avatars.make import Wanted, make_from_video
        from host_engine.avatars.parts import Goes, write
        from host_engine.avatars.times import seconds as at
        from host_engine.avatars.times import stretch

        _one_of(video=video, drawn=drawn, photo=photo)
        brought = video or photo
        name = brought.stem if brought else drawn or ""
        PROCESS.interrupts()  # so that what is half made is removed
        goes = Goes(output or AVATARS / name, consent, fps, quality, replace, GOP if brought else SMOOTH)
        with _progress() as told:
            if video is not None:
                clips = tuple(stretch(each) for each in idle or ())
                wanted = Wanted(_size(size), at(start), at(end) if end else None, longest, clips)
                made = make_from_video(video, _finding(detector, boxes, fps, wanted.start), goes, wanted, told)
                footage, notes = made.footage, list(made.notes)
                notes.append("the face's points trembled by {:.2f} pixels, now by {:.2f}".format(*made.trembling))
            elif photo is not None:
                from host_engine.avatars.make_photo import make_from_photo

                face = _face_of(photo, detector, points, boxes)
                made = make_from_photo(photo, *face, goes, told, _size(size), seconds)
                footage, notes = made.footage, list(made.notes)
            else:
                footage, notes = write(_drawn(name, _size(size), goes, seconds), goes, told), []
        with Frames(footage):  # that it can be shown, before anyone relies on it
            pass
        for note in notes:
            console.print(f"Note: {escape(note)}.", highlight=False, soft_wrap=True)
        _show(footage)


@app.command("import", epilog="Example: [bold]host-engine avatar import data/avatars/anna --consent anna.yaml[/]")
def bring(
    folder: Annotated[Path, typer.Argument(help="One avatar of LiveTalking (wav2lip, musetalk) or MuseTalk.")],
    consent: Annotated[Path, typer.Option(help="Who agreed to what: docs/avatars.md.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The folder; avatars/NAME if not given.")
    ] = None,
    detector: Annotated[Path | None, typer.Option(help="YuNet's ONNX file, for exact eyes and mouth.")] = None,
    fps: Annotated[int, typer.Option(min=5, max=60, help="Frames a second; those programs have 25.")] = 25,
    replace: Annotated[bool, typer.Option("--replace", help="In place of the avatar that is there.")] = False,
) -> None:
    """Convert an avatar of another program, once; nothing in its files is run."""
    with sentences(console):
        from host_engine.avatars.bring_in import bring_in
        from host_engine.avatars.finders import YuNet
        from host_engine.avatars.parts import Goes

        PROCESS.interrupts()  # so that what is half made is removed
        goes = Goes(output or AVATARS / folder.resolve().name, consent, fps, replace=replace)
        with _progress() as told:
            made = bring_in(folder, goes, told, YuNet(detector) if detector else None)
        for note in made.notes:
            console.print(f"Note: {escape(note)}.", highlight=False, soft_wrap=True)
        _show(made.footage)


@app.command("list", epilog="Example: [bold]host-engine avatar list[/]")
def list_avatars(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Holds the avatars' folders.")] = AVATARS,
) -> None:
    """List the avatars of a folder, and whether they may be shown today."""
    from host_engine.avatars.folder import ABOUT, Footage

    table = Table("avatar", "kind", "size", "length", "may be shown", box=None)
    found = sorted(path.parent for path in folder.glob(f"[!.]*/{ABOUT}"))
    for path in found:
        try:
            footage = Footage.open(path)
        except Problems as problems:
            table.add_row(path.name, "", "", "", f"[red]{escape(str(problems.problems[0]))}[/]")
            continue
        about, said = footage.about, footage.refused(datetime.now())
        shown = f"[red]no: {escape(said)}[/]" if said else f"until {footage.consent.expires}"
        size = "x".join(map(str, about.size))
        table.add_row(about.name, about.kind, size, f"{about.frames / about.fps:.1f} s", shown)
    if not found:
        console.print(f"There is no avatar in {folder}; make one with 'host-engine avatar make'.", highlight=False)
    else:
        Console().print(table)


@app.command(epilog="Example: [bold]host-engine avatar show avatars/mira[/]")
def show(folder: Annotated[Path, typer.Argument(help="An avatar's folder.")]) -> None:
    """Say what an avatar is, under whose consent, and whether it may be shown today."""
    with sentences(console):
        from host_engine.avatars.folder import Footage

        _show(Footage.open(folder))


@app.command("consent", epilog="Example: [bold]host-engine avatar consent avatars/anna anna-2027.yaml[/]")
def new_consent(
    folder: Annotated[Path, typer.Argument(help="An avatar's folder.")],
    consent: Annotated[Path, typer.Argument(help="The consent that holds from now on.")],
) -> None:
    """Put a new consent in the place of an avatar's old one, such as one that was extended."""
    with sentences(console):
        from host_engine.avatars.new_folder import put_consent

        put_consent(folder, consent)
        console.print(f"Wrote {folder}", highlight=False)


def _show(footage: Footage) -> None:
    about, consent = footage.about, footage.consent
    width, height = about.size
    console.print(f"[bold]{escape(about.name)}[/] ({about.kind}) in {footage.folder}", highlight=False)
    clips = ", ".join(f"{a / about.fps:.1f} to {(b + 1) / about.fps:.1f} s" for a, b in about.idle) or "none"
    lines = {
        "footage": f"{width}x{height}, {about.fps} frames a second, {about.frames / about.fps:.1f} s",
        "idle": clips,
        "consent": f"{consent.person}, until {consent.expires}; ask {consent.contact}",
        "shown": footage.refused(datetime.now()) or "yes, it may be shown today",
        "preview": str(footage.folder / "preview.png"),
    }
    for what, said in lines.items():
        console.print(f"  {what:8} {escape(said)}", highlight=False, soft_wrap=True)


def _one_of(**sources: object) -> None:
    named = [name for name, value in sources.items() if value is not None]
    if len(named) != 1:
        known = ", ".join(f"--{name}" for name in sources)
        raise ValueError(f"say what the avatar is made from: one of {known}")


def _finding(detector: Path | None, boxes: Path | None, fps: int, start: float) -> Finding:
    """Who finds the face, at whatever scale the video is read."""
    from host_engine.avatars.by_hand import ByHand, read_boxes
    from host_engine.avatars.finders import YuNet

    if (detector is None) == (boxes is None):
        raise ValueError("say how the face is found: --detector (YuNet's ONNX file) or --boxes (key frames by hand)")
    if boxes is not None:
        keys = read_boxes(boxes)
        return lambda scale: ByHand(keys, fps, start, scale)
    assert detector is not None
    net = YuNet(detector)
    return lambda scale: net


def _face_of(
    photo: Path, detector: Path | None, points: str | None, boxes: Path | None
) -> tuple[Finder | None, Floats | None]:
    """Who finds the face in a photo, or its points by hand."""
    from host_engine.avatars.by_hand import read_boxes
    from host_engine.avatars.finders import YuNet
    from host_engine.avatars.portrait import points_of

    if sum(way is not None for way in (detector, points, boxes)) != 1:
        raise ValueError(f"say how the face in {photo} is found: one of --detector (YuNet's file), --points, --boxes")
    if boxes is not None:
        return None, read_boxes(boxes)[0].points
    return (YuNet(detector), None) if detector is not None else (None, points_of(points or ""))


def _drawn(host: str, size: tuple[int, int] | None, goes: Goes, seconds: float) -> Parts:
    from host_engine.commands.drawn_footage import drawn_footage

    return drawn_footage(host, size or (720, 1280), goes.fps, seconds)


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, by, height = text.lower().partition("x")
    if not (by and width.isdigit() and height.isdigit()):
        raise ValueError(f"'{text}' is not a size; write it like 720x1280")
    size = int(width), int(height)
    if any(side % 2 or not 64 <= side <= 4096 for side in size):
        raise ValueError(f"a size of {text} cannot be made: both sides must be even, from 64 to 4096 pixels")
    return size


@contextmanager
def _progress() -> Iterator[Told]:
    """A bar for each of the things that are done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, count: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=count)
            progress.update(tasks[what], completed=done, total=count)

        yield told
