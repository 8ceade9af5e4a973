"""What was told before a restart is remembered, and a file that is broken costs the memory only."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from shop_desk import NOON, ShopDesk, event
from until import until

from host_engine.commerce.kept import Kept
from host_engine.swap.catalogs import NotDone


async def running(kept: Kept) -> asyncio.Task[None]:
    job = asyncio.create_task(kept.run())
    await asyncio.sleep(0)
    return job


async def test_over_a_restart_nothing_is_taken_twice_and_nothing_older(tmp_path: Path) -> None:
    path = tmp_path / "of this machine" / "tea.sqlite"
    kept = Kept(path)
    job, desk = await running(kept), ShopDesk(kept=kept)
    told = event("price", product="sencha", price="12.00 EUR", sequence=7)
    await desk.commerce.take(told)
    until_then = (NOON + timedelta(hours=1)).isoformat()
    await desk.take("coupon", code="TEA10", text="TEA10 it is.", until=until_then)
    await desk.take("coupon", code="GONE", text="GONE it is.", until=until_then)
    await desk.take("coupon_over", code="GONE")
    job.cancel()
    await asyncio.wait([job])

    anew = ShopDesk(kept=Kept(path))
    anew.commerce.load(Kept(path).load())
    with pytest.raises(NotDone, match="taken already"):
        await anew.commerce.take(told)
    with pytest.raises(NotDone, match="older"):
        await anew.take("price", product="sencha", price="15.00 EUR", sequence=6)
    assert anew.shown == ["TEA10 it is."]


async def test_it_is_written_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("host_engine.commerce.kept.PERIOD", 0.05)
    kept = Kept(tmp_path / "tea.sqlite")
    job = await running(kept)
    kept.put("mark", "tea/price", [1.5, None])
    await until(lambda: Kept(tmp_path / "tea.sqlite").load() == {"mark": {"tea/price": [1.5, None]}})
    kept.put("mark", "tea/price", None)
    await until(lambda: Kept(tmp_path / "tea.sqlite").load() == {})
    job.cancel()


def test_a_broken_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "tea.sqlite"
    path.write_bytes(b"this is no database" * 100)
    kept = Kept(path)
    assert kept.load() == {}
    assert path.with_suffix(".damaged").exists()
    kept.write([("mark", "tea/price", "[1.0, 2]")])
    assert kept.load() == {"mark": {"tea/price": [1.0, 2]}}


def test_a_folder_that_cannot_be_written_harms_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    kept = Kept(tmp_path / "file" / "tea.sqlite")
    kept.write([("mark", "tea/price", "[1.0, 2]")])
    assert kept.load() == {}
