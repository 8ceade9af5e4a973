"""Sentences to begin a script with, in each language of a catalog: they claim nothing but what fields say."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from host_engine import document

FOLDER = Path(__file__).parent / "templates"
Wordings = Annotated[tuple[str, ...], Field(min_length=2)]


class Templates(BaseModel):
    """The wordings of each kind of line; of each, consecutive rounds say another."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    greeting: Wordings
    """The very first words."""
    disclosure: Wordings
    """That the host is an AI: always said."""
    shelf: Wordings
    """What the show is."""
    card: Wordings
    """Where products are found."""
    ask: Wordings
    """That viewers can ask."""
    first: Wordings
    """Before the first product."""
    next: Wordings
    """Before any other product; it names none."""
    name: Wordings
    """What it is called."""
    brand: Wordings
    """Who makes it."""
    highlights: Wordings
    """Its short facts."""
    material: Wordings
    """What it is made of."""
    color: Wordings
    """Its colour."""
    size: Wordings
    """Its size."""
    price: Wordings
    """What it costs."""
    sale: Wordings
    """What it costs while its sale is on."""
    state: Wordings
    """That it cannot be bought now, or comes later."""
    act: Wordings
    """What to do who likes it."""
    pause: Wordings
    """A break between products."""
    shipping: Wordings
    """What the shop says about delivery."""
    returns: Wordings
    """About sending things back."""
    warranty: Wordings
    """About its warranty."""
    payment: Wordings
    """About paying."""
    contact: Wordings
    """How people are reached."""
    closing: Wordings
    """The end of a round."""
    thanks: Wordings
    """After it."""
    ticker: Wordings
    """Runs along the edge of the picture."""


@lru_cache
def templates(language: str) -> Templates:
    """The templates of a language, such as de or de-AT."""
    return document.read(FOLDER / f"{language.split('-')[0].lower()}.yaml", Templates)
