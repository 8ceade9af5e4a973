"""The command line: one command a function, no logic."""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from host_engine.channel_file import config
from host_engine.commands import avatar as avatar_cli
from host_engine.commands import bench as bench_cli
from host_engine.commands import catalog as catalog_cli
from host_engine.commands import desk as desk_cli
from host_engine.commands import logs
from host_engine.commands import obs as obs_cli
from host_engine.commands import policy as policy_cli
from host_engine.commands import rehearse as rehearse_cli
from host_engine.commands import token as token_cli
from host_engine.commands import write as write_cli
from host_engine.commands.verify import VERIFYING, verify
from host_engine.neural.worker import cli as lips_cli
from host_engine.process.ending import PROCESS, leave
from host_engine.terminal import sentences
from host_engine.training import cli as training
from host_engine.training import visemes

if TYPE_CHECKING:
    from host_engine.chaos.chaos import Chaos

log = logging.getLogger(__name__)

app = typer.Typer(
    name="host-engine",
    help="A virtual host who presents a product catalog live, around the clock.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
console = Console(stderr=True)
SHOW, WORDS, PROOF = "The show", "What is sold, and what is said of it", "What was on air"  # headings of --help
OPERATING, HOSTS, AROUND = "Operators, OBS and rules", "Hosts", "Around it"


class RowFormat(StrEnum):
    csv = "csv"
    jsonl = "jsonl"


ChannelFile = Annotated[Path, typer.Argument(metavar="[CHANNEL]", help="The channel file.", show_default=True)]


@app.command(rich_help_panel=SHOW, epilog="Example: [bold]host-engine run channel.yaml --port 8090[/]")
def run(
    channel: ChannelFile = Path("channel.yaml"),
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port of the viewer page, instead of the channel file's.")
    ] = None,
    chaos: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="A plan of faults for the channel to survive: docs/chaos.md.")
    ] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Begin with the first line, not with the one that was cut last.")
    ] = False,
) -> None:
    """Put a channel on air until Ctrl-C. The show goes on with the line at which it was cut last."""
    with _sentences():
        settings = _checked(channel)
        if port is not None:
            settings = settings.at_port(port)
        keys = config.stream_keys(settings, channel)
        from host_engine.channel.studio.record import journal_address

        logs.log_to(console, [*keys.values(), *journal_address(settings).secrets])
        _on_air(settings, keys, _chaos(chaos, settings) if chaos else None, from_start)


@app.command(rich_help_panel=SHOW, epilog="Example: [bold]host-engine render channel.yaml --seconds 60 -o show.mp4[/]")
def render(
    channel: ChannelFile = Path("channel.yaml"),
    seconds: Annotated[float, typer.Option(min=0.1, max=86_400, help="Length of the file.")] = 60.0,
    output: Annotated[Path, typer.Option("--output", "-o", help="Ends in .mp4 or .mkv.")] = Path("show.mp4"),
) -> None:
    """Render the show of a channel into a file, as fast as this machine can."""
    with _sentences():
        settings = _checked(channel)
        logs.log_to(console)
        from host_engine.channel.labels.signatures import sign_rendered
        from host_engine.channel.studio.build import build
        from host_engine.commands.render import render as write

        PROCESS.interrupts()  # so that the file is finished

        with console.status("Getting ready"):
            studio = build(settings, encoder_threads=2)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        frames = max(1, round(seconds * settings.format.fps))
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("Rendering", total=frames, speed="")

            def show(done: int) -> None:
                speed = progress.tasks[task].speed
                said = f"{speed / settings.format.fps:.1f}x real time" if speed else ""
                progress.update(task, completed=done, speed=said)

            try:
                asyncio.run(write(studio, output, frames, show))
            finally:
                studio.close()
        console.print(f"Wrote {output}")
        console.print(escape(sign_rendered(settings, output)), highlight=False, soft_wrap=True)


@app.command(rich_help_panel=SHOW, epilog="Example: [bold]host-engine check channel.yaml product_catalogs/tea[/]")
def check(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH ...]", help="Channels, catalog folders, scenes, plans of faults."),
    ] = None,
) -> None:
    """Say everything that is wrong in channels, catalogs, rundowns and scenes, each with file, line and path."""
    from host_engine.commands.checking import check_paths, notices_of, warnings_of

    problems = check_paths(paths or [Path("channel.yaml")])
    warnings = warnings_of(paths or [Path("channel.yaml")])
    for warning in (*warnings, *notices_of(paths or [Path("channel.yaml")])):
        console.print(f"[yellow]warning[/] {escape(str(warning))}", highlight=False, soft_wrap=True)
    for problem in problems:
        console.print(escape(str(problem)), highlight=False, soft_wrap=True)
    if problems:
        console.print(f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}.")
        raise typer.Exit(1)
    count = f"{len(warnings)} line{'s' if len(warnings) > 1 else ''}"
    console.print(f"All is well, but for {count} that will not be said." if warnings else "All is well.")


@app.command("as-run", rich_help_panel=PROOF, epilog="Example: [bold]host-engine as-run --from '2026-11-22 14:00'[/]")
def as_run(
    channel: ChannelFile = Path("channel.yaml"),
    start: Annotated[str | None, typer.Option("--from", help="Such as '2026-11-22 14:00'; ISO with a zone.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Until before then.")] = None,
    format: Annotated[RowFormat, typer.Option("--format", help="How the rows are written.")] = RowFormat.csv,
    verify: Annotated[bool, typer.Option("--verify", help="Check that no row was changed or removed.")] = False,
    audit: Annotated[bool, typer.Option("--audit", help="Only who did what, and who was refused.")] = False,
    journal: Annotated[str | None, typer.Option(help="Another journal, such as one that was set aside.")] = None,
    mandatory: Annotated[bool, typer.Option("--mandatory", help="Prove that what must be said was, in time.")] = False,
) -> None:
    """Write what was on air, row by row, to the standard output; times without a zone are local."""
    with _sentences():
        from host_engine.commands.as_run import print_rows, prove, verified

        def say(text: str) -> None:
            console.print(escape(text), highlight=False, soft_wrap=True)

        if mandatory:
            raise typer.Exit(0 if prove(channel, journal, start, end, say) else 1)
        if not verify:
            print_rows(channel, journal, start, end, format.value, say, audit)
        elif not verified(channel, journal, say):
            raise typer.Exit(1)


@app.command(rich_help_panel=SHOW, epilog="Example: [bold]host-engine schema schemas/[/]")
def schema(
    folder: Annotated[Path, typer.Argument(help="Where to write the schemas.")] = Path("schemas"),
    api: Annotated[Path | None, typer.Option(help="Write the OpenAPI document here as well.")] = None,
) -> None:
    """Write the JSON Schemas of all files, so that editors complete and check the YAML."""
    from host_engine.commands.checking import write_schemas

    with _sentences():
        for path in (*write_schemas(folder), *_api_document(api)):
            console.print(f"Wrote {path}")


@app.command(rich_help_panel=SHOW, epilog="Example: [bold]host-engine doctor[/]")
def doctor() -> None:
    """Say what this machine has, and what will therefore be used."""
    from host_engine.commands.doctor import examine

    table = Table("", "What", "Found", "So")
    for finding in examine():
        mark = "[green]yes[/]" if finding.there else "[yellow]no[/]"
        table.add_row(mark, finding.what, escape(finding.found), escape(finding.follows))
    Console().print(table)


@app.command(rich_help_panel=PROOF, epilog="Example: [bold]host-engine trace --seconds 20 -o trace.json[/]")
def trace(
    url: Annotated[str, typer.Option(help="Address of the running channel.")] = "http://127.0.0.1:8080",
    seconds: Annotated[float, typer.Option(min=0.1, max=60, help="How far to look back.")] = 10.0,
    output: Annotated[Path, typer.Option("--output", "-o", help=".gz: compressed.")] = Path("trace.json"),
) -> None:
    """Write where each millisecond of the last frames of a running channel went, as a file for Perfetto."""
    from host_engine.control.trace_fetch import fetch

    with _sentences():
        found = fetch(url, seconds, output)
        console.print(f"Wrote {output}: {found.frames} frames, {found.late} of them late.", highlight=False)
        console.print("Open it at https://ui.perfetto.dev (it stays on this machine).", highlight=False)


app.command(rich_help_panel=SHOW, epilog=rehearse_cli.EXAMPLE)(rehearse_cli.rehearse)
app.command(rich_help_panel=WORDS, epilog=write_cli.EXAMPLE)(write_cli.write)
app.command(rich_help_panel=PROOF, epilog=VERIFYING)(verify)
app.command(rich_help_panel=HOSTS, epilog=lips_cli.EXAMPLE)(lips_cli.lips)
app.command("train-mouth", rich_help_panel=HOSTS, epilog=training.EXAMPLE)(training.train_mouth)
app.command("train-visemes", rich_help_panel=HOSTS, epilog=visemes.EXAMPLE)(visemes.train_visemes)
for module in (token_cli, desk_cli, obs_cli, policy_cli):
    app.add_typer(module.app, name=module.__name__.rpartition(".")[2], rich_help_panel=OPERATING)
for module, panel in ((catalog_cli, WORDS), (avatar_cli, HOSTS), (bench_cli, AROUND)):
    app.add_typer(module.app, name=module.__name__.rpartition(".")[2], rich_help_panel=panel)


def _api_document(path: Path | None) -> list[Path]:
    from host_engine.commands.api_document import write_api_document

    return [write_api_document(path)] if path else []


def _checked(path: Path) -> config.Channel:
    from host_engine.commands.checking import load_channel

    return load_channel(path)


def _chaos(path: Path, settings: config.Channel) -> Chaos:
    from host_engine.chaos.chaos import Chaos
    from host_engine.chaos.plan import load_for

    names = {kind: [each.name for each in settings.outputs if each.kind == kind] for kind in ("rtmp", "file")}
    return Chaos(load_for(path, names["rtmp"], names["file"]))


def _on_air(settings: config.Channel, keys: dict[str, str], chaos: Chaos | None, from_start: bool) -> None:
    from host_engine.commands.addresses import addresses
    from host_engine.control.listening import listen
    from host_engine.process.claim import claim

    gc.disable()  # until the engine has set aside what is built: looking through it again and again costs half a second
    claim(settings.path(settings.cache) / f"{settings.name}.lock", settings.name)
    listen(settings.http.host, settings.http.port).close()  # said now, not when all is built
    from host_engine.engine import Engine

    with console.status("Getting ready"):
        engine = Engine(settings, keys, chaos, from_start)

    def ready(address: str) -> None:
        for line in addresses(settings, address, [each.name for each in engine.outputs]):
            console.print(line, highlight=False, soft_wrap=True)
        if chaos:
            console.print(f"[bold red]Chaos is on: {len(chaos.plan.faults)} planned faults[/]", highlight=False)
        console.print("Ctrl-C ends it.")

    async def until_stopped() -> None:
        loop = asyncio.get_running_loop()
        work = loop.create_task(engine.run(ready))
        PROCESS.asks(engine.front.doors.close, lambda: loop.call_soon_threadsafe(work.cancel))
        await asyncio.wait([work])
        if not PROCESS.asked:
            work.result()
        elif not work.cancelled() and (error := work.exception()):
            log.error("the end was not clean: %s", error, exc_info=error)
        console.print("Off air.")
        leave(0)  # everything is closed; a voice that hangs in its thread would keep the interpreter for ever

    asyncio.run(until_stopped())


def _sentences() -> AbstractContextManager[None]:
    from host_engine.host.voices.utterance import VoiceError

    return sentences(console, VoiceError)


def main() -> None:
    """The command line, for a program that has imported this module; `host-engine` itself hears signals earlier."""
    PROCESS.listen()
    app()
