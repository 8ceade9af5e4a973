"""`host-engine write`: a script after an advertiser's brief, as a draft that somebody reads and approves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from host_engine.terminal import progress, sentences

if TYPE_CHECKING:
    from host_engine.show.rundown import Segment

console = Console(stderr=True)
NOT_KEPT = 3  # exit status: a draft was written, but it does not keep the brief
TOLD = 30
EXAMPLE = (
    "Example: [bold]host-engine write --catalog product_catalogs/tea --brief brief.yaml[/], then "
    "[bold]host-engine write --approve product_catalogs/tea/rundown.draft.yaml --to product_catalogs/tea[/]"
)
Folder = Annotated[Path | None, typer.Option(help="The catalog's folder to write for.")]


def write(
    catalog: Folder = None,
    brief: Annotated[Path | None, typer.Option(help="What the advertiser wants: docs/catalogs.md.")] = None,
    variants: Annotated[int, typer.Option(min=1, max=8, help="Wordings of each line.")] = 3,
    products: Annotated[str | None, typer.Option(help="Ids, parted by commas; otherwise all.")] = None,
    out: Annotated[Path | None, typer.Option(help="The draft; CATALOG/rundown.draft.yaml if not given.")] = None,
    channel: Annotated[
        Path | None, typer.Option(help="Its model, persona and lists are used; channel.yaml if it is there.")
    ] = None,
    persona: Annotated[Path | None, typer.Option(help="Another persona than the channel's.")] = None,
    model: Annotated[bool, typer.Option(help="Ask the channel's language model, where it has one.")] = True,
    approve: Annotated[Path | None, typer.Option(metavar="DRAFT", help="Put this draft in force.")] = None,
    to: Annotated[Path | None, typer.Option(help="The catalog's folder whose rundown it becomes.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Show each segment first, and ask whether to keep it.")] = False,
) -> None:
    """Write a rundown after a brief, as a draft; nothing goes on air before somebody approves it.

    Exit status: 0 the draft keeps the brief, 3 it does not, 1 nothing was written.
    """
    with sentences(console):
        if approve is not None:
            if to is None:
                raise ValueError("add --to, the catalog's folder, such as --to product_catalogs/tea")
            _approve(approve, to, brief, _channel(channel), persona, ask)
            return
        if catalog is None or brief is None:
            raise ValueError("name a catalog and a brief: --catalog product_catalogs/tea --brief brief.yaml")
        chosen = [each.strip() for each in (products or "").split(",") if each.strip()]
        _write(catalog, brief, variants, chosen, out, _channel(channel), persona, model)


def _channel(named: Path | None) -> Path | None:
    usual = Path("channel.yaml")
    return named or (usual if usual.exists() else None)


def _write(
    catalog: Path, brief: Path, variants: int, chosen: list[str], out: Path | None,
    channel: Path | None, persona: Path | None, model: bool,
) -> None:  # fmt: skip
    from host_engine.commands.script_writing import house_of, write_script

    with progress(console) as step:
        house = house_of(channel, persona, model)
        target = out or catalog / "rundown.draft.yaml"
        written = write_script(catalog, brief, house, target, step, variants, chosen)
    for each in written.draft.stopped[:TOLD]:
        instead = f" Instead: {each.instead}" if each.instead else ""
        console.print(
            f"[yellow]stopped[/] {escape(f'{each.segment}: {each.text}: {each.why}{instead}')}",
            highlight=False, soft_wrap=True,
        )  # fmt: skip
    if (more := len(written.draft.stopped) - TOLD) > 0:
        console.print(f"[yellow]... and {more} more[/]")
    for proof in written.proofs:
        mark = "[green]kept[/]" if proof.kept else "[red]not kept[/]"
        console.print(f"{mark} {escape(f'{proof.wish} ({proof.where})')}", highlight=False, soft_wrap=True)
    for remark in written.remarks:
        console.print(escape(remark), highlight=False, soft_wrap=True)
    minutes = max(1, round(written.draft.seconds / 60))
    console.print(f"{len(written.draft.segments)} segments; a round takes about {minutes} min.", highlight=False)
    console.print(f"Wrote the draft {escape(str(written.path))} and {escape(str(written.report))}.", soft_wrap=True)
    console.print(
        f"Read it, then: host-engine write --approve {escape(str(written.path))} --to {escape(str(catalog))}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    if not all(proof.kept for proof in written.proofs):
        raise typer.Exit(NOT_KEPT)


def _approve(draft: Path, to: Path, brief: Path | None, channel: Path | None, persona: Path | None, ask: bool) -> None:
    from host_engine.commands.script_writing import approve_script, house_of

    done = approve_script(draft, to, house_of(channel, persona, False), brief, _asked if ask else _all)
    for proof in done.proofs:
        console.print(f"[green]kept[/] {escape(f'{proof.wish} ({proof.where})')}", highlight=False, soft_wrap=True)
    if done.left_out:
        console.print(f"Left out: {escape(', '.join(done.left_out))}.", highlight=False)
    if done.before:
        console.print(f"The rundown before it is {escape(str(done.before))}.", highlight=False)
    console.print(f"{escape(str(done.path))} is approved, with {done.kept} segments.", highlight=False, soft_wrap=True)


def _all(segment: Segment) -> bool:
    return True


def _asked(segment: Segment) -> bool:
    console.print(f"\n[bold]{escape(segment.id)}[/]", highlight=False)
    for line in segment.lines:
        console.print(f"  {escape(' / '.join(line.texts))}", highlight=False, soft_wrap=True)
    return typer.confirm("Keep this segment?", default=True, err=True)
