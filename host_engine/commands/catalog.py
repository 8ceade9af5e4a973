"""`host-engine catalog`: bring a shop's products in from the feed that it has already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from host_engine.document import Problem, Problems
from host_engine.process.ending import PROCESS
from host_engine.terminal import progress

if TYPE_CHECKING:
    from host_engine.commands.catalog_import import Imported
    from host_engine.feeds.kinds import Kind

app = typer.Typer(help="A catalog from a shop's feed.", no_args_is_help=True)
console = Console(stderr=True)
NOT_ALL = 3  # exit status: imported, but not every row
TOLD = 40  # remarks in the list; the rest is counted
TOLD_ROWS = 1000  # the same for rows that were not taken
EXAMPLE = "Example: [bold]host-engine catalog import products.csv --to product_catalogs/tea --currency EUR[/]"


class KindName(StrEnum):
    auto = "auto"
    shopify = "shopify"
    merchant = "merchant"
    jsonld = "jsonld"


_KINDS: dict[KindName, Kind | None] = {
    KindName.auto: None,
    KindName.shopify: "shopify",
    KindName.merchant: "merchant",
    KindName.jsonld: "jsonld",
}


@app.callback()
def catalog() -> None:
    """Catalogs from Shopify, Google Merchant feeds and schema.org pages: docs/catalogs.md."""


@app.command("import", epilog=EXAMPLE)
def bring_in(
    source: Annotated[str, typer.Argument(help="The feed: a file, or an address with https://.")],
    to: Annotated[Path, typer.Option("--to", help="The catalog's new folder, such as product_catalogs/tea.")],
    kind: Annotated[KindName, typer.Option(help="Which kind of feed; auto looks at it.")] = KindName.auto,
    language: Annotated[str | None, typer.Option(help="Of the texts, such as de; else it is found out.")] = None,
    currency: Annotated[str | None, typer.Option(help="Of prices that name none, such as EUR.")] = None,
    shop: Annotated[str | None, typer.Option(help="The shop's name, as it is said.")] = None,
    policies: Annotated[
        Path | None, typer.Option(help="YAML file with shipping, returns, warranty, payment, contact.")
    ] = None,
    pictures: Annotated[bool, typer.Option(help="Fetch the products' pictures; else their addresses are kept.")] = True,
    limit: Annotated[int | None, typer.Option(min=1, help="Take so many products and no more.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Where the folder is there: keep it beside.")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from machines of your own network as well.")
    ] = False,
) -> None:
    """Make a catalog and a first rundown of a Shopify CSV, a Google Merchant feed, or a page with JSON-LD.

    Exit status: 0 all of it was taken, 3 some rows were not, 1 nothing was.
    """
    from host_engine.commands.catalog_import import Order, import_feed
    from host_engine.feeds.feed import Wanted

    PROCESS.interrupts()  # so that what is half made is removed
    with _sentences(), progress(console) as step:
        wanted = Wanted(_KINDS[kind], _currency(currency), limit)
        order = Order(source, to, wanted, _language(language), shop, policies, pictures, replace, allow_private)
        imported = import_feed(order, step)
    _tell(imported, to)
    if imported.feed.left_out:
        raise typer.Exit(NOT_ALL)


def _currency(code: str | None) -> str | None:
    from host_engine.show.money import check_currency

    return check_currency(code.strip().upper()) if code else None


def _language(tag: str | None) -> str | None:
    from pydantic import TypeAdapter, ValidationError

    from host_engine.show.attributes import Language

    try:
        return TypeAdapter(Language).validate_python(tag) if tag else None
    except ValidationError as invalid:
        raise ValueError(f"--language: {invalid.errors()[0]['msg'].removeprefix('Value error, ')}") from None


def _tell(imported: Imported, to: Path) -> None:
    feed, draft = imported.feed, imported.draft
    _list(feed.problems, feed.left_out, "red", "was not taken", TOLD_ROWS)
    _list(feed.notes, feed.noted, "yellow", "was changed")
    _list(imported.lost, len(imported.lost), "yellow", "has no picture")
    for each in draft.stopped[:TOLD]:
        said = escape(f"{each.segment}: {each.text}: {each.why}")
        console.print(f"[yellow]is not said[/] {said}", highlight=False, soft_wrap=True)
    for line in feed.not_for_sale[:TOLD]:
        console.print(escape(line), style="dim", highlight=False, soft_wrap=True)
    table = Table(box=None, show_header=False)
    rows = {
        "feed": f"{feed.format}, language {imported.language}",
        "products taken": str(len(feed.products)),
        "rows not taken": str(feed.left_out),
        "not offered by the shop": str(feed.unoffered),
        "remarks": str(feed.noted),
        "pictures": f"{sum(str(p.get('image_link', '')).startswith('pictures/') for p in feed.products)} fetched, "
        f"{len(imported.lost)} not to be had",
        "segments": f"{len(draft.segments)}, a round takes about {max(1, round(draft.seconds / 60))} min",
    }
    for name, text in rows.items():
        table.add_row(name, escape(text))
    console.print(table)
    if draft.unsaid:
        shown = ", ".join(draft.unsaid[:10])
        console.print(f"Not in the rundown, as the fact gate lets nothing of it be said: {escape(shown)}")
    for remark in imported.remarks:
        console.print(f"{escape(remark[0].upper() + remark[1:])}.", highlight=False)
    if imported.kept:
        console.print(f"What was there before is in {escape(str(imported.kept))}.", highlight=False)
    console.print(f"Wrote {escape(str(to))}. Look at it: host-engine check {escape(str(to))}", highlight=False)


def _list(problems: list[Problem], count: int, style: str, what: str, most: int = TOLD) -> None:
    for problem in problems[:most]:
        console.print(f"[{style}]{what}[/] {escape(str(problem))}", highlight=False, soft_wrap=True)
    if count > most:
        console.print(f"[{style}]... and {count - most} more[/]", highlight=False)


@contextmanager
def _sentences() -> Iterator[None]:
    """What a person can mend, as sentences, and exit status 1."""
    try:
        yield
    except Problems as problems:
        _list(problems.problems, len(problems.problems), "red", "nothing was imported:")
        raise typer.Exit(1) from None
    except (OSError, ValueError) as error:
        console.print(escape(str(error)), highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
