"""A brief and a catalog become a draft of a rundown, and a draft that was read becomes a rundown."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from host_engine import document
from host_engine.audience.persona.persona import Persona
from host_engine.channel_file import config
from host_engine.channel_file.asking import Model
from host_engine.document import Problem, Problems
from host_engine.gate.gate import Gate
from host_engine.gate.lists import Lists, load_more
from host_engine.scriptwriting.approval import BRIEF, MARK, Approved, Keep, approve, brief_of
from host_engine.scriptwriting.author import Author
from host_engine.scriptwriting.brief import Brief, load_brief
from host_engine.scriptwriting.composing import Composer
from host_engine.scriptwriting.judging import Judging
from host_engine.scriptwriting.manuscript import Manuscript
from host_engine.scriptwriting.must import Proof, prove
from host_engine.scriptwriting.reply import Proposal
from host_engine.scriptwriting.report import report_lines
from host_engine.scriptwriting.request import request
from host_engine.scriptwriting.rundown_file import rundown_lines
from host_engine.scriptwriting.segments import Draft
from host_engine.scriptwriting.show_order import presented
from host_engine.scriptwriting.templates import templates
from host_engine.show.catalog import FILE as CATALOG
from host_engine.show.catalog import Catalog, Product, load_catalog
from host_engine.show.fields import product_fields
from host_engine.show.rundown import FILE as RUNDOWN
from host_engine.show.rundown import RundownFile
from host_engine.terminal import Step

MOST_SEGMENTS = 2000  # products in one rundown: half a day of show
MOST_ASKED = 500  # products about which a model is asked in one go
LINES = 9.0  # seconds that a line and its pause take, about


@dataclass(frozen=True)
class House:
    """What a channel brings to its scripts: who speaks, with which model, and what is never said."""

    persona: Persona
    model: Model | None = None
    lists: tuple[Lists, ...] = ()


@dataclass(frozen=True)
class Written:
    """What was written."""

    draft: Draft
    path: Path
    report: Path
    proofs: tuple[Proof, ...]
    remarks: tuple[str, ...]


def house_of(channel: Path | None, persona: Path | None, model: bool) -> House:
    """The house of a channel file; with `persona` another host's. Raises Problems."""
    settings = config.load(channel) if channel else None
    own = settings.path(settings.audience.persona) if settings and settings.audience.persona else None
    who = Persona.read(persona or own) if persona or own else Persona.plain("the host")  # type: ignore[arg-type]
    if settings is None:
        return House(who)
    lists = load_more(map(settings.path, settings.audience.lists))
    return House(who, settings.audience.model if model else None, lists)


def write_script(
    folder: Path, brief_path: Path, house: House, out: Path, step: Step, variants: int = 3, chosen: Sequence[str] = ()
) -> Written:
    """Write a draft and its report. Raises Problems or ValueError: then nothing was written."""
    if out.name == RUNDOWN and (out.resolve().parent / CATALOG).exists():
        raise ValueError(
            f"{out} may be on air; a draft needs another name, such as {out.with_name('rundown.draft.yaml')}"
        )
    brief, catalog = load_brief(brief_path), load_catalog(folder)
    _refuse_strangers(brief, brief_path, catalog, chosen)
    judging = _judging(catalog, house, brief)
    composer = Composer(templates(catalog.language), judging, variants, brief.call_to_action)
    every = presented(catalog, list(dict.fromkeys(chosen)))
    products = every[:MOST_SEGMENTS]
    proposed, remarks = _proposals(catalog, products, brief, house, variants, step)
    if len(every) > len(products):
        remarks.append(f"It presents the first {MOST_SEGMENTS} of {len(every)} products; --products chooses others.")
    step("Judging every line", 0)
    draft = Manuscript(composer, brief, proposed, variants).write(products)
    now = datetime.now().astimezone()
    head = [
        f"{MARK}, written on {now:%Y-%m-%d %H:%M}: nothing of it is on air until somebody approves it with "
        f"host-engine write --approve {out.name} --to {folder}",
        f"{BRIEF}{brief_path.resolve()}",
    ]
    _write(out, rundown_lines(draft, head))
    proofs = tuple(prove(document.read(out, RundownFile, context={"folder": catalog.root}), brief, catalog))
    report = out.with_name(f"{out.stem}.report.md")
    authors = Counter(line.by for segment in draft.segments for line in segment.lines)
    _write(report, report_lines(draft, catalog, proofs, authors, remarks))
    return Written(draft, out, report, proofs, tuple(remarks))


def approve_script(path: Path, folder: Path, house: House, brief: Path | None, keep: Keep) -> Approved:
    """Put a draft in force. Raises Problems: then nothing was changed."""
    catalog = load_catalog(folder)
    named = brief or brief_of(path)
    if named is not None and brief is None and not named.exists():
        raise Problems(
            [Problem(str(path), None, "", f"its brief {named} is gone; name it with --brief, or remove the line")]
        )
    wishes = load_brief(named) if named else None
    return approve(path, catalog, _judging(catalog, house, wishes or Brief()), wishes, getpass.getuser(), keep)


def _judging(catalog: Catalog, house: House, brief: Brief) -> Judging:
    never = brief.forbidden

    def forbids(text: str) -> tuple[str, ...]:
        return (*never.found(text), *house.persona.forbids(text))

    return Judging(catalog, Gate(catalog, house.lists), datetime.now(UTC), forbids)


def _refuse_strangers(brief: Brief, path: Path, catalog: Catalog, chosen: Sequence[str]) -> None:
    """A language or a product that the catalog does not have."""
    found: list[Problem] = []
    if brief.language and brief.language.split("-")[0] != catalog.language.split("-")[0]:
        what = f"the brief wants '{brief.language}', and the catalog is in '{catalog.language}'; lines take its texts"
        found.append(document.problem_at(path, ("language",), what))
    for n, wish in enumerate(brief.must_say):
        if wish.product and not catalog.has(wish.product):
            what = f"there is no product '{wish.product}' in the catalog"
            found.append(document.problem_at(path, ("must_say", n, "product"), what))
    found += [
        Problem(str(catalog.root / CATALOG), None, "products", f"there is no product '{id}'")
        for id in chosen
        if not catalog.has(id)
    ]
    if found:
        raise Problems(found)


def _proposals(
    catalog: Catalog, products: Sequence[Product], brief: Brief, house: House, variants: int, step: Step
) -> tuple[dict[str, list[Proposal] | str], list[str]]:
    if house.model is None:
        return {}, ["No language model is configured, so templates wrote it."]
    author = Author(house.model)
    asked = products[:MOST_ASKED]
    lines = max(4, min(12, round(brief.seconds / LINES) + 1))
    talk, never = house.persona.brief(catalog.language), (*brief.must_not_say, *house.persona.written.never.words)
    requests = [
        (request(catalog, each, brief, talk, never, variants, lines), _amounts(catalog, each)) for each in asked
    ]
    found = author.write(requests, step(f"Asking {author.model}", len(asked)))
    proposed = {product.id: each for product, each in zip(asked, found, strict=True)}
    remarks = [f"The language model {author.model} was asked about {len(asked)} products."]
    failed = Counter(each for each in found if isinstance(each, str))
    remarks += [f"For {count} of them templates wrote the lines: {why}." for why, count in failed.most_common(5)]
    if len(products) > MOST_ASKED:
        remarks.append(f"For the other {len(products) - MOST_ASKED} products templates wrote the lines.")
    return proposed, remarks


def _amounts(catalog: Catalog, product: Product) -> dict[str, str]:
    """The amounts of a product as they are shown, and the field that says each."""
    fields = product_fields(catalog, product, product.sale_price is not None, 0)
    names = ("sale_price", "regular_price", "saving_amount") if product.sale_price else ("price",)
    return {shown: name for name in names if (shown := fields.get(name))}


def _write(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
