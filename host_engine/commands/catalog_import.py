"""A feed becomes a catalog's folder with a first rundown: made beside, checked, and only then put in its place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from host_engine.channel.gate.read_through import stopped_lines
from host_engine.document import Problem, Problems, read
from host_engine.document.wording import sentence
from host_engine.feeds.catalog_file import Head, catalog_lines
from host_engine.feeds.feed import Feed, Wanted, read_feed
from host_engine.feeds.fetch import Fetcher, FetchError
from host_engine.feeds.plain_words import name as plain_name
from host_engine.feeds.refusal import Refused
from host_engine.gate.gate import Gate
from host_engine.scriptwriting.composing import Composer
from host_engine.scriptwriting.judging import Judging
from host_engine.scriptwriting.language import language_of
from host_engine.scriptwriting.points import points
from host_engine.scriptwriting.rundown_file import rundown_lines
from host_engine.scriptwriting.segments import Draft
from host_engine.scriptwriting.show_order import draft, presented, with_remarks
from host_engine.scriptwriting.templates import templates
from host_engine.show.catalog import FILE, Catalog, Policies
from host_engine.show.check import check_catalog
from host_engine.show.rundown import FILE as RUNDOWN
from host_engine.show.rundown import RundownFile
from host_engine.terminal import Step

LARGEST_FETCHED = 500_000_000  # bytes of a feed that is fetched
PATIENCE = 600.0  # seconds for it
MOST_SEGMENTS = 2000  # products in the first rundown: half a day of show
SAMPLE = 200  # products whose texts tell the language


@dataclass(frozen=True)
class Order:
    """What is to be imported, and how."""

    source: str  # a path, or an address
    to: Path
    wanted: Wanted = field(default_factory=Wanted)
    language: str | None = None
    shop: str | None = None
    policies: Path | None = None
    pictures: bool = True
    replace: bool = False
    private: bool = False


@dataclass
class Imported:
    """What became of it."""

    feed: Feed
    language: str
    draft: Draft
    lost: list[Problem]
    kept: Path | None  # where the folder before is now
    remarks: list[str]


def import_feed(order: Order, step: Step, fetcher: Fetcher | None = None) -> Imported:
    """Import a feed. Raises Problems: then nothing was changed."""
    if order.to.exists() and not order.replace and (not order.to.is_dir() or any(order.to.iterdir())):
        raise _trouble(order.to, "this is there already; add --replace to put the new catalog in its place")
    policies = read(order.policies, Policies) if order.policies else Policies()
    fetcher = fetcher or Fetcher(private=order.private)
    with _source(order, fetcher, step) as (path, wanted):
        step("Reading the feed", 0)
        try:
            feed = read_feed(path, wanted, order.source)
        except Refused as wrong:
            raise Problems([Problem(order.source, wrong.line, "", str(wrong))]) from None
    if not feed.products:
        raise Problems(feed.problems or [Problem(order.source, None, "", "the shop offers none of its products")])
    return _made(order, feed, {key: text for key, text in policies if text}, fetcher, step)


def _trouble(path: Path | str, what: str) -> Problems:
    return Problems([Problem(str(path), None, "", what)])


@contextmanager
def _source(order: Order, fetcher: Fetcher, step: Step) -> Iterator[tuple[Path, Wanted]]:
    """The feed as a file; fetched where it is an address."""
    if not order.source.lower().startswith(("http://", "https://")):
        yield Path(order.source), order.wanted
        return
    step("Fetching the feed", 0)
    with tempfile.TemporaryDirectory(prefix="host-engine-feed-") as folder:
        path = Path(folder) / "feed"
        try:
            with path.open("wb") as file:
                page = fetcher.fetch(order.source, file, LARGEST_FETCHED, PATIENCE)
        except FetchError as error:
            raise _trouble(order.source, str(error)) from None
        yield path, order.wanted._replace(base=page.address)


def _made(order: Order, feed: Feed, policies: Mapping[str, str], fetcher: Fetcher, step: Step) -> Imported:
    language, remarks = _language(order, feed)
    if feed.ended:
        remarks.append(feed.ended)
    head = Head(
        order.to.absolute().name, _shop(order, feed), language, _currency(feed), _link(feed.shop.link), policies
    )
    order.to.absolute().parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{order.to.absolute().name}-", dir=order.to.absolute().parent))
    try:
        lost = _pictures(order, feed, beside, fetcher, step)
        made = _written(order, head, feed, beside, step)
        os.chmod(beside, 0o755)
        kept = _put(beside, order.to.absolute())
        if len({each.get("item_group_id", each["id"]) for each in feed.products}) > MOST_SEGMENTS:
            remarks.append(f"the rundown presents the first {MOST_SEGMENTS} products; the others are in the catalog")
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Imported(feed, language, made, lost, kept, remarks)


def _language(order: Order, feed: Feed) -> tuple[str, list[str]]:
    """The language that is said, else the one that the feed tells, else what its texts look like."""
    if order.language:
        return order.language, []
    texts = (f"{each['title']}. {each['description']}" for each in feed.products[:SAMPLE])
    seen, told = language_of(texts), _known(feed.shop.language)
    if seen and (told is None or told.split("-")[0] != seen):
        return seen, [f"the texts look like the language '{seen}'; say another with --language"]
    if told:
        return told, []
    return "en", ["so little text does not tell its language; it is taken for English: --language says another"]


def _known(written: str) -> str | None:
    try:
        tag = written.replace("_", "-")
        parts = tag.split("-")
        tag = parts[0].lower() + (f"-{parts[1].upper()}" if len(parts) > 1 and len(parts[1]) == 2 else "")
        Catalog.model_validate({"name": "x", "shop": "x", "language": tag, "products": [_NOTHING]})
    except ValidationError:
        return None
    return tag


_NOTHING = {"id": "x", "title": "x", "description": "x", "price": "1 EUR"}


def _shop(order: Order, feed: Feed) -> str:
    return (
        plain_name(order.shop or "", 60) or feed.shop.called or plain_name(order.to.absolute().name, 60) or "the shop"
    )


def _link(written: str) -> str | None:
    try:
        Catalog.model_validate({"name": "x", "shop": "x", "language": "en", "link": written, "products": [_NOTHING]})
    except ValidationError:
        return None
    return written


def _currency(feed: Feed) -> str | None:
    """The one currency of all prices, where there is one."""
    found = {each["price"].rpartition(" ")[2] for each in feed.products}
    return found.pop() if len(found) == 1 else None


def _pictures(order: Order, feed: Feed, folder: Path, fetcher: Fetcher, step: Step) -> list[Problem]:
    if not order.pictures:
        return []
    from host_engine.feeds.pictures import fetch_pictures

    count = len({each["image_link"] for each in feed.products if "image_link" in each})
    lost = fetch_pictures(feed.products, folder, fetcher, step("Fetching pictures", count))
    lines = {each["id"]: line for each, line in zip(feed.products, feed.lines, strict=True)}
    return [
        Problem(feed.name, lines[each.product], each.product, f"no picture of {each.address[:120]}: {each.why}")
        for each in lost
    ]


def _written(order: Order, head: Head, feed: Feed, folder: Path, step: Step) -> Draft:
    """Write both files into `folder` and read them through. Raises Problems."""
    now = datetime.now(UTC)
    for data in feed.products:
        if said := points(data["description"], head.language)[1:]:
            data["selling_points"] = said
    catalog = _catalog(head, feed, folder)
    shown = presented(catalog)[:MOST_SEGMENTS]
    counted = step("Writing the first rundown", len(shown))
    origin = f"Imported from {Path(order.source).name} ({feed.format}) on {now.astimezone():%Y-%m-%d}."
    _write(folder / FILE, catalog_lines(head, feed.products, plain_name(origin, 300)))
    composer = Composer(templates(head.language), Judging(catalog, Gate(catalog), now))

    def present(product: Any, number: int) -> Any:
        counted()
        return composer.product(product, number)

    made = with_remarks(draft(composer, shown, present), catalog)
    _write(folder / RUNDOWN, rundown_lines(made, [f"A first draft of a rundown. {plain_name(origin, 300)}"]))
    step("Reading it through", 0)
    if problems := check_catalog(folder) or ([] if _same(folder, catalog, made) else stopped_lines(folder, now=now)):
        raise Problems(problems)
    return made


def _same(folder: Path, catalog: Catalog, made: Draft) -> bool:
    """Whether the files say word by word what was judged: then nothing needs to be judged again."""
    rundown = read(folder / RUNDOWN, RundownFile)
    written = [text for segment in rundown.segments for line in segment.lines for text in line.texts]
    meant = [text for segment in made.segments for line in segment.lines for text in line.variants]
    return [*rundown.ticker, *written] == [*made.ticker, *meant] and read(folder / FILE, Catalog) == catalog


def _catalog(head: Head, feed: Feed, folder: Path) -> Catalog:
    try:
        return Catalog.model_validate({**head.fields, "products": feed.products}, context={"folder": folder})
    except ValidationError as invalid:
        told = (sentence(error, Catalog) for error in invalid.errors(include_url=False))
        raise Problems([Problem(feed.name, None, ".".join(map(str, loc)), what) for loc, what in told]) from None


def _write(path: Path, lines: Iterator[str]) -> None:
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _put(made: Path, to: Path) -> Path | None:
    """The new folder in place of the old one, which is kept beside it."""
    kept = None
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        kept = to.with_name(f"{to.name}.before-{stamp}")
        to.rename(kept)
    elif to.exists():
        to.rmdir()
    made.rename(to)
    return kept
