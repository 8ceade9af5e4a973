"""`host-engine rehearse`: runs tomorrow's show in virtual time, with an audience that is made up."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from host_engine.document import Problems

EXAMPLE = 'Example: [bold]host-engine rehearse --hours 8 --start "tomorrow 08:00" --report rehearsal.html[/]'
NONE, LARGEST = "none", 600.0  # messages an hour
console = Console(stderr=True)


def rehearse(
    channel: Annotated[Path, typer.Argument(metavar="[CHANNEL]", help="The channel file.")] = Path("channel.yaml"),
    hours: Annotated[float, typer.Option(min=0.05, max=168, help="How long the show is rehearsed.")] = 8.0,
    start: Annotated[str, typer.Option(help="Such as 'tomorrow 08:00', 'today 20:00' or '2026-12-24 18:00'.")] = (
        "tomorrow 08:00"
    ),
    audience: Annotated[str, typer.Option(help="Messages of viewers, such as 40/h, or none.")] = "40/h",
    catalog: Annotated[Path | None, typer.Option(help="Another catalog's folder than the channel's.")] = None,
    report: Annotated[Path | None, typer.Option(help="A page (.html) or all figures (.json).")] = None,
    spoken: Annotated[bool, typer.Option("--spoken", help="Have every line spoken, for true lengths: slower.")] = False,
    seed: Annotated[int, typer.Option(help="Another audience for each number; the same for the same.")] = 1,
) -> None:
    """Run the show in virtual time: what is on air when, what is never said, what is answered, what is repeated."""
    try:
        _rehearse(channel, hours, start, audience, catalog, report, spoken, seed)
    except Problems as problems:
        for problem in problems.problems:
            console.print(escape(str(problem)), highlight=False, soft_wrap=True)
        sys.exit(1)
    except (OSError, ValueError) as error:
        console.print(escape(str(error)), highlight=False, soft_wrap=True)
        sys.exit(1)


def _rehearse(
    channel: Path,
    hours: float,
    start: str,
    audience: str,
    catalog: Path | None,
    report: Path | None,
    spoken: bool,
    seed: int,
) -> None:
    if report and report.suffix not in (".html", ".htm", ".json"):
        raise ValueError(f"{report} must end in .html or .json")
    an_hour = parse_audience(audience)
    from host_engine.commands.checking import load_channel
    from host_engine.commands.rehearsing import Wanted, rehearse
    from host_engine.host.voice import VoiceError
    from host_engine.rehearsal.figures import figures
    from host_engine.rehearsal.page import page
    from host_engine.rehearsal.table import table
    from host_engine.show.script import load_show

    settings = load_channel(channel)
    zone = load_show(catalog or settings.path(settings.catalog)).rundown.zone
    begin = parse_start(start, datetime.now(zone))
    wanted = Wanted(begin, hours * 3600, an_hour, seed, catalog, spoken)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Rehearsing", total=wanted.seconds)
        try:
            told = rehearse(settings, wanted, lambda at: progress.update(task, completed=at))
        except VoiceError as error:
            raise ValueError(str(error)) from error
    found = figures(told.show, told.rehearsed, told.why)
    Console().print(table(found))
    if report:
        whole = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
        report.write_text(whole if report.suffix == ".json" else page(found, told.rehearsed), encoding="utf-8")
        console.print(f"Wrote {escape(str(report))}", highlight=False)


def parse_audience(written: str) -> float:
    """Messages an hour: "40/h", "40" or "none". Raises ValueError with a sentence."""
    if written.strip().lower() == NONE:
        return 0.0
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:/\s*h|an hour|per hour)?\s*", written)
    if not found or float(found[1]) > LARGEST:
        raise ValueError(f"'{written}' is no audience; write it like 40/h, at most {LARGEST:g}/h, or none")
    return float(found[1])


def parse_start(written: str, now: datetime) -> datetime:
    """An instant such as "tomorrow 08:00", in the zone of `now`. Raises ValueError with a sentence."""
    text = " ".join(written.split()).lower()
    if text == "now":
        return now
    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    if found := re.fullmatch(r"(today|tomorrow)(?: (\d{1,2}):(\d{2}))?", text):
        day = now.date() + timedelta(days=found[1] == "tomorrow")
        hour, minute = int(found[2] or 0), int(found[3] or 0)
        if hour < 24 and minute < 60:
            return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    try:
        instant = datetime.fromisoformat(written.strip())
    except ValueError:
        raise ValueError(
            f"'{written}' is no time to begin at; write it like 'tomorrow 08:00', 'now' or '2026-12-24 18:00'"
        ) from None
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)
