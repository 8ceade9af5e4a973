"""The show now in force, and how far the host has come in it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from host_engine.document import Fault, Problem, Problems, examine
from host_engine.show import catalog as catalogs
from host_engine.show import rundown as rundowns
from host_engine.show.catalog import Catalog, Product
from host_engine.show.fields import fill, product_fields, shop_fields
from host_engine.show.rehearsal import entries, faults
from host_engine.show.rundown import Basis, Card, Entry, Line, Place, Rundown, RundownFile, Turn, Variant
from host_engine.show.scene import names as scene_names
from host_engine.show.spoken import tokens

REMEMBERED = 64  # lines handed out, to go on from any of them


@dataclass(frozen=True)
class Show:
    """A catalog and the rundown that leads through it."""

    catalog: Catalog
    rundown: Rundown
    ticker: tuple[str, ...]
    version: str = ""  # of the catalog: the first 12 digits that sha256sum gives for its file
    written: RundownFile | None = field(default=None, compare=False, repr=False)  # the rundown as it is in its file

    def line(self, entry: Entry, variant: Variant, part: int, round: int, now: datetime) -> Line:
        """A part of an entry as it is said at an instant."""
        product = self.catalog.product(entry.product) if entry.product else None
        fields = shop_fields(self.catalog)
        if product:
            fields = product_fields(self.catalog, product, product.on_sale(now), round)
        text = fill(variant.parts[part], fields)
        said_so = {**self.catalog.pronunciations, **(product.pronunciations if product else {})}
        shows_card = product is not None and entry.cues.show_card is not False
        clip = entry.cues.clip
        if product and clip == rundowns.THE_PRODUCTS:
            clip = product.clip
        return Line(
            id=f"{entry.id}:{part}" if part else entry.id,
            text=text,
            tokens=tokens(text, self.catalog.language, said_so),
            language=self.catalog.language,
            segment=entry.segment,
            product=entry.product,
            scene=entry.scene,
            card=make_card(self.catalog, product, now) if product and shows_card else None,
            gesture=entry.cues.gesture,
            clip=self.catalog.file(clip),
            basis=self.basis(product, now),
            place=Place(entry.id, round, entry.variants.index(variant), part, variant.checksum),
        )

    def basis(self, product: Product | None, now: datetime) -> Basis:
        """What backs whatever is said about a product, or about the shop, at an instant."""
        if product is None:
            return Basis(self.catalog.name, self.version)
        sale = str(product.sale_price) if product.on_sale(now) else None
        return Basis(self.catalog.name, self.version, str(product.price), sale)

    def on_sale(self, entry: Entry, now: datetime) -> bool:
        """Whether the product that an entry is about has its sale price at an instant."""
        return entry.product is not None and self.catalog.product(entry.product).on_sale(now)


def make_card(catalog: Catalog, product: Product, now: datetime) -> Card:
    """What the product card shows at an instant."""
    sale = product.sale_price if product.on_sale(now) else None
    period = product.sale_price_effective_date
    fields = product_fields(catalog, product, sale is not None, 0)
    return Card(
        product=product.id,
        title=product.title,
        brand=product.brand or "",
        price=product.price.shown(catalog.language),
        sale_price=sale.shown(catalog.language) if sale else None,
        saving=f"-{fields['saving']}" if sale else None,
        picture=catalog.file(product.image_link),
        ends=period.end if period and sale else None,
        availability=fields["availability"] or "",
    )


class _Spot(NamedTuple):
    """Where the host is: a part of a variant of an entry, in a round."""

    turn: Turn
    variant: Variant
    part: int


def _utc() -> datetime:
    return datetime.now(UTC)


class Script:
    """Hands out line after line of the show, without an end; fields are filled when a line is handed out."""

    def __init__(self, show: Show, now: Callable[[], datetime] = _utc) -> None:
        self.show = show
        self._now = now
        self._turn = show.rundown.after(None)  # the next entry, once the parts of the last are said
        self._last: _Spot | None = None
        self._handed_out: OrderedDict[str, _Spot] = OrderedDict()
        self._went_back: tuple[Place, str] | None = None

    def next(self) -> Line:
        """The next line, as it is true at this moment."""
        now = self._now()
        spot = self._rest(now) or self._begin(now)
        self._last = spot
        line = self.show.line(spot.turn.entry, spot.variant, spot.part, spot.turn.round, now)
        self._handed_out[line.id] = spot
        self._handed_out.move_to_end(line.id)
        if len(self._handed_out) > REMEMBERED:
            self._handed_out.popitem(last=False)
        return line

    def swap(self, show: Show, on_air: Line | None) -> None:
        """Goes on with another show after the line on air, or after the last one handed out."""
        spot = self._handed_out.get(on_air.id, self._last) if on_air else self._last
        old, self.show = self.show.rundown, show
        self._handed_out.clear()
        self._last = None
        if spot is None:
            self._turn = show.rundown.after(None)
            return
        entry, round = spot.turn
        self._turn = show.rundown.resume(old.outline, entry.id, round)
        same = show.rundown.entry(entry.id)
        if same and spot.variant in same.variants:
            self._last = _Spot(Turn(same, round), spot.variant, spot.part)

    def resume(self, place: Place, outline: Sequence[str] = ()) -> None:
        """Goes on at a place that an earlier run has kept: with its line, or after it where that was said.

        The rundown, whose outline was `outline` then, may have been edited since: a line that is gone is followed by
        what follows it there, one that was written anew is begun anew.
        """
        rundown = self.show.rundown
        entry = rundown.entry(place.entry)
        if entry is None:
            self._last, self._turn = None, rundown.resume(outline, place.entry, place.round)
            return
        turn = Turn(entry, place.round)
        same = place.variant < len(entry.variants) and entry.variants[place.variant].checksum == place.words
        spot = self._spot(turn, place) if same else None
        past = spot or place.said or (same and place.part)  # what is left of a sale that is over is not said
        self._turn = rundown.after(entry.id, place.round) if past else turn
        self._last = spot._replace(part=spot.part - 1) if spot and not place.said else spot

    def back(self, line: Line) -> None:
        """Goes on with a line that was handed out, but is not true any more: it is made anew, as it is true now.

        What is not true even then is passed over.
        """
        if line.place is None:
            return
        tried = line.place, line.text
        self.resume(line.place._replace(said=tried == self._went_back))
        self._went_back = tried

    def _spot(self, turn: Turn, place: Place) -> _Spot | None:
        """The place in this show, if what is said there is still true."""
        variant = turn.entry.variants[place.variant]
        true = not variant.sale or self.show.on_sale(turn.entry, self._now())
        return _Spot(turn, variant, place.part) if true and place.part < len(variant.parts) else None

    def _rest(self, now: datetime) -> _Spot | None:
        """The next part of the entry being said."""
        if self._last is None or self._last.part + 1 >= len(self._last.variant.parts):
            return None
        turn, variant, part = self._last
        return None if variant.sale and not self.show.on_sale(turn.entry, now) else _Spot(turn, variant, part + 1)

    def _begin(self, now: datetime) -> _Spot:
        """The next entry that has something true to say; the check made sure that there is one."""
        while True:
            turn = self._turn
            self._turn = self.show.rundown.after(turn.entry.id, turn.round)
            if variant := turn.entry.variant(turn.round, self.show.on_sale(turn.entry, now)):
                return _Spot(turn, variant, 0)


def load_show(folder: Path, scenes: Collection[str] | None = None) -> Show:
    """The show of a catalog's folder; with `scenes`, only those scene names are allowed. Raises Problems."""
    show, problems = examine_show(folder, scenes)
    if show is None:
        raise Problems(problems)
    return show


def examine_show(
    folder: Path, scenes: Collection[str] | None = None, kept: Path | None = None
) -> tuple[Show | None, list[Problem]]:
    """The show of a folder, or everything that is wrong with its catalog and its rundown.

    `kept`: where the two files lie, if not in the folder itself; pictures and clips are always those of the folder.
    """
    files, context = kept or folder, {"folder": folder}
    version = _version(files)
    catalog, wrong = examine(files / catalogs.FILE, catalogs.Catalog, catalogs.faults, context)
    whole = not wrong
    known = None if scenes is None else scene_names(scenes)

    def cross(written: RundownFile) -> list[Fault]:
        return list(faults(written, catalog, whole, known)) if catalog else []

    rundown, also_wrong = examine(files / rundowns.FILE, RundownFile, cross, context)
    problems = wrong + also_wrong
    if problems or catalog is None or rundown is None:
        return None, problems
    if version != _version(files):  # it was saved while it was read
        return examine_show(folder, scenes, kept)
    fields = shop_fields(catalog)
    ticker = tuple(fill(text, fields) for text in rundown.ticker)
    return Show(catalog, Rundown(entries(rundown, catalog)), ticker, version, rundown), []


def _version(folder: Path) -> str:
    try:
        return hashlib.sha256((folder / catalogs.FILE).read_bytes()).hexdigest()[:12]
    except OSError:  # which is told where the file is read
        return ""
