"""`host-engine verify`: which marks a file bears, and whether they are whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

console = Console(stderr=True)
VERIFYING = "Example: [bold]host-engine verify recordings/2026-11-22-140000.mp4[/]"
SIGNS = {True: "[green]yes[/]", False: "[red]NO [/]", None: "[yellow]-  [/]"}


def verify(
    files: Annotated[list[Path], typer.Argument(metavar="FILE ...", help="MP4, MOV, MKV, WebM, FLV or MPEG-TS.")],
    trust: Annotated[
        Path | None, typer.Option(metavar="PEM", help="Certificates that are trusted, such as C2PA's trust list.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON a file, on the standard output.")] = False,
) -> None:
    """Say which marks files bear that an AI made them, and whether their C2PA signature is whole.

    Exit status: 0 marked, and nothing speaks against it; 1 it cannot be read; 3 there are no marks; 4 it was changed
    after it was signed, is damaged, or contradicts itself. Of several files, the highest.
    """
    from host_engine.provenance.reading import Unreadable
    from host_engine.provenance.verdict import Outcome, Verdict, Word, examine
    from host_engine.terminal import sentences

    with sentences(console):
        anchors = trust.read_text() if trust else ""
    worst = Outcome.MARKED
    for path in files:
        try:
            verdict = examine(path, anchors)
        except (Unreadable, OSError) as error:
            verdict = Verdict(path, Outcome.UNREADABLE, (Word(False, str(error)),))
        worst = max(worst, verdict.outcome)
        if as_json:
            print(json.dumps(verdict.written(), ensure_ascii=False))
        else:
            _say(verdict)
    raise typer.Exit(worst)


def _say(verdict: object) -> None:
    from host_engine.provenance.verdict import Outcome, Verdict

    assert isinstance(verdict, Verdict)
    console.print(f"[bold]{escape(str(verdict.path))}[/]", highlight=False, soft_wrap=True)
    for word in verdict.words:
        console.print(f"  {SIGNS[word.good]} {escape(word.text)}", highlight=False, soft_wrap=True)
    come_to = {
        Outcome.MARKED: "It is marked as made by an AI.",
        Outcome.UNREADABLE: "Nobody can tell.",
        Outcome.UNMARKED: "It is not marked.",
        Outcome.BROKEN: "Something is wrong with it.",
    }
    console.print(f"  {come_to[verdict.outcome]}", highlight=False)
