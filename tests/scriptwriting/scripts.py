"""A small shop and what its scripts need, for the tests of scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from host_engine.audience.persona.persona import Persona
from host_engine.channel_file.asking import Model
from host_engine.commands.script_writing import House, Written, write_script

CATALOG = """\
name: tea
shop: Leaf & Kettle
language: en
currency: GBP
policies:
  shipping: We post every order within two working days.
products:
  - id: pot
    title: Harrow Teapot
    description: A round stoneware teapot for four cups. The lid stays on when you pour.
    price: 34.00 GBP
    sale_price: 28.00 GBP
    sale_price_effective_date: 2026-01-01T00:00+00:00/2030-12-31T00:00+00:00
    brand: Harrow
    size: 1.1 l
    material: stoneware
    color: celadon
    product_highlight: [For four cups, A lid that stays on]
    selling_points: [The lid stays on when you pour., The strainer lies behind the spout.]
  - id: assam
    title: Assam Second Flush
    description: A strong black tea from the Assam valley.
    price: 9.50 GBP
    size: 100 g
  - id: gone
    title: Glass Cups
    description: Two cups of glass with air between the walls.
    price: 22.00 GBP
    availability: out_of_stock
"""
RUNDOWN = "segments:\n  - id: old\n    lines:\n      - I am an AI host.\n"


def shop(folder: Path, brief: str = "{}") -> tuple[Path, Path]:
    """A catalog's folder and a brief."""
    catalog = folder / "tea"
    catalog.mkdir()
    (catalog / "catalog.yaml").write_text(CATALOG)
    (catalog / "rundown.yaml").write_text(RUNDOWN)
    (folder / "brief.yaml").write_text(brief)
    return catalog, folder / "brief.yaml"


def house(url: str = "", persona: Persona | None = None) -> House:
    """A house with or without a model."""
    return House(persona or Persona.plain("Mira"), Model(url=url, model="test") if url else None)


def step(what: str, of: int) -> Callable[[], None]:
    return lambda: None


def write(folder: Path, brief: str = "{}", url: str = "", persona: Persona | None = None, **more: Any) -> Written:
    """Write a draft for a fresh shop in `folder`."""
    catalog, path = shop(folder, brief)
    return write_script(catalog, path, house(url, persona), catalog / "rundown.draft.yaml", step, **more)


def answer(**lines: list[str]) -> str:
    """A model's answer, as it was asked for."""
    return json.dumps(
        {"lines": [{"about": about.rstrip("_0123456789"), "variants": it} for about, it in lines.items()]}
    )


def texts(written: Written, segment: str) -> list[str]:
    """Everything that a segment may say."""
    return [text for it in written.draft.segments if it.id == segment for line in it.lines for text in line.variants]
