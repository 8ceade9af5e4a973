"""A whole channel whose catalog is swapped to another language on air, by the parts that really follow."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from until import until

from host_engine.access.who import Who
from host_engine.channel_file import config
from host_engine.engine import Engine

ROOT = Path(__file__).parents[3]
ANNA = Who("anna")


def channel(folder: Path) -> config.Channel:
    fields = {
        "name": "small",
        "catalog": str(ROOT / "product_catalogs" / "tea"),
        "scenes": str(ROOT / "scenes"),
        "format": {"width": 180, "height": 320, "fps": 10},
        "cache": str(folder / "cache"),
        "journal": {"url": "small.sqlite"},
        "http": {"viewers": 0, "port": 0},
        "audience": {"ears": {"use": "none"}},
        "operator": {"console": False},
    }
    (folder / "channel.yaml").write_text(json.dumps(fields))
    return config.load(folder / "channel.yaml")


@pytest.mark.timeout(240)
def test_a_channel_speaks_answers_and_shows_the_other_catalog_and_comes_back_with_it(tmp_path: Path) -> None:
    made = channel(tmp_path)

    async def scene() -> None:
        engine = Engine(made, {})
        running = asyncio.create_task(engine.run())
        studio, audience, catalogs = engine.studio, engine.audience, engine.operator.catalogs
        assert audience
        try:
            await until(lambda: audience.desk.counsel and studio.playout.now.line, 90)
            diff = await catalogs.diff("kueche")
            assert any("another language: de" in each for each in diff.warnings)
            assert any("Another voice speaks 'de'" in each for each in diff.warnings)
            english = studio.voices.name
            swapped = await asyncio.wait_for(catalogs.swap("kueche", ANNA), 90)
            assert swapped.name == "kueche"
            assert studio.voices.name != english
            assert studio.tongues.other("de") is None  # it is the channel's own language now
            assert audience.desk.counsel.show.catalog is studio.script.show.catalog is studio.gatekeeper.show.catalog
            assert engine.window.now().shop == studio.script.show.catalog.shop
            assert engine.front.shelf.title("kochmesser")
            await until(lambda: (line := studio.playout.now.line) and line.basis.catalog == "kueche", 60)
            assert studio.playout.now.line.language == "de"
            assert engine.status()["operator"]["catalog"]["name"] == "kueche"
            price = {"kochmesser": {"price": "1.00 EUR", "sale_price": None}}
            await asyncio.wait_for(catalogs.change(price, ANNA, "a test"), 60)
            answer, verdict = await audience.desk.ask("was kostet das kochmesser?", "Ana", "de")
            assert "1,00 €" in answer.text
            assert verdict.passed
            await asyncio.wait_for(catalogs.recall("kochmesser", ANNA), 60)
            assert engine.front.shelf.title("kochmesser") is None
            assert not studio.script.show.catalog.has("kochmesser")
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(scene())
    again = Engine(made, {})
    try:
        assert again.studio.show.catalog.language == "de"
        assert not again.studio.show.catalog.has("kochmesser")
        assert again.operator.catalogs.recalled()[0]["id"] == "kochmesser"
    finally:
        again.journal.close()
        again.studio.close()
