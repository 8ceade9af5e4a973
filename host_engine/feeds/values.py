"""Words of feeds for what the catalog knows a few words for: availability, condition, for whom; times and periods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

AVAILABILITY: Mapping[str, str] = {
    **dict.fromkeys(("instock", "instoreonly", "onlineonly", "limitedavailability", "available", "yes"), "in_stock"),
    **dict.fromkeys(("availablefororder", "lowstock", "auflager", "disponible", "enstock", "disponibile"), "in_stock"),
    **dict.fromkeys(("outofstock", "soldout", "discontinued", "reserved", "unavailable", "no"), "out_of_stock"),
    **dict.fromkeys(("ausverkauft", "nichtauflager", "agotado", "enrupturedestock", "esaurito"), "out_of_stock"),
    **dict.fromkeys(("vorbestellt", "précommande", "reservado", "preordine"), "preorder"),
    **dict.fromkeys(("preorder", "presale"), "preorder"),
    **dict.fromkeys(("backorder", "madetoorder", "onbackorder"), "backorder"),
}
CONDITION: Mapping[str, str] = {
    **dict.fromkeys(("new", "newcondition", "neu", "nuevo", "neuf", "nuovo"), "new"),
    **dict.fromkeys(("refurbished", "refurbishedcondition"), "refurbished"),
    **dict.fromkeys(("used", "usedcondition", "damagedcondition"), "used"),
}
GENDER: Mapping[str, str] = {
    **dict.fromkeys(("male", "men", "man"), "male"),
    **dict.fromkeys(("female", "women", "woman"), "female"),
    **dict.fromkeys(("unisex", "both"), "unisex"),
}
AGE_GROUP: Mapping[str, str] = {
    **{each: each for each in ("newborn", "infant", "toddler", "kids", "adult")},
    **dict.fromkeys(("adults", "allages"), "adult"),
    **dict.fromkeys(("kid", "children", "child"), "kids"),
}


def known(written: str, words: Mapping[str, str]) -> str | None:
    """What a word, or the address of one at schema.org, means; None where it means nothing here."""
    return words.get(re.sub(r"[\W_]", "", written.rsplit("/", 1)[-1]).lower())


def yes(written: str) -> bool | None:
    """Whether a cell says yes or no; None where it says neither."""
    text = written.strip().lower()
    if text in ("true", "yes", "1", "wahr", "ja", "oui", "si", "sí", "vrai", "vero", "y"):
        return True
    return False if text in ("false", "no", "0", "falsch", "nein", "non", "faux", "falso", "n") else None


def instant(written: str) -> datetime:
    """A time; where no zone is written it is UTC, as in the product data specification. Raises ValueError."""
    try:
        found = datetime.fromisoformat(written.strip())
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(found.tzinfo)
    except (ValueError, OverflowError):
        raise ValueError(f"'{written[:40]}' is not a time; write it like '2026-12-24T20:00+01:00'") from None


def period(written: str) -> str:
    """From one time to another, as the catalog writes it. Raises ValueError."""
    start, slash, end = written.partition("/")
    if not slash:
        raise ValueError(f"'{written[:60]}' is not a period; write two times with a '/' between them")
    first, last = instant(start), instant(end)
    if last <= first:
        raise ValueError(f"'{written[:60]}' ends before it begins")
    return f"{first.isoformat(timespec='minutes')}/{last.isoformat(timespec='minutes')}"
