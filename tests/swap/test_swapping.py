"""Swaps, rollbacks, changes and recalls on a real playout, in virtual time."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shop_on_air import ANNA, NOW, SKIN, TEA, TEA_LINES, Shop, shelves, write
from virtual import run

from host_engine.access.who import Who
from host_engine.show.script import make_card
from host_engine.swap.catalogs import NotDone
from host_engine.swap.telling import INVALID


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shelves(tmp_path)


def test_a_swap_waits_for_the_sentence_and_goes_on_with_the_other_show(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "This is the Sencha." in shop.texts())
        before = shop.playout.now.line
        swapped = await shop.do(shop.catalogs.swap("skin", ANNA))
        assert (swapped.id, swapped.name, swapped.what) == (2, "skin", "swap")
        assert shop.told[-1].line.id == before.id
        assert shop.told[-1].cut == ""  # it was said to its end
        await shop.until(lambda: shop.playout.now.line is not None)
        assert shop.playout.now.line.basis.catalog == "skin"
        assert shop.catalogs.status()["name"] == "skin"
        assert [each["name"] for each in shop.catalogs.listed() if each["in_force"]] == ["skin"]
        assert ("anna", "swap", "done") in shop.audited
        assert shop.noted.shows[-1].catalog.shop == "Dew"
        assert shop.noted.changes[-1].products is None

    run(scene())


def test_a_swap_at_a_segment_border_lets_the_segment_end(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "This is the Sencha." in shop.texts())
        await shop.do(shop.catalogs.swap("skin", ANNA, "segment"))
        assert shop.texts()[-3:] == ["This is the Sencha.", "It costs €15.00 at our shop.", "It is made of leaves."]
        await shop.play(30)
        assert shop.begun[-1][0].basis.catalog == "skin"

    run(scene())


def test_now_cuts(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "This is the Sencha." in shop.texts())
        await shop.play(2)
        await shop.do(shop.catalogs.swap("skin", ANNA, "now"))
        await shop.play(10)
        assert [each.cut for each in shop.told if each.text.startswith("This")] == ["cut"]
        assert shop.begun[-1][0].basis.catalog == "skin"

    run(scene())


def test_a_second_swap_is_refused_and_the_first_may_be_given_up(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "This is the Sencha." in shop.texts())
        first = asyncio.ensure_future(shop.catalogs.swap("skin", ANNA, "segment"))
        await shop.play(2)
        assert shop.catalogs.status()["under_way"]["state"] == "waiting for its border"
        with pytest.raises(NotDone, match="A swap to 'skin' is under way") as refused:
            await shop.catalogs.swap("tea", ANNA)
        assert refused.value.status == 409
        shop.catalogs.give_up(ANNA)
        with pytest.raises(NotDone, match="given up"):
            await first
        await shop.play(200)
        assert shop.catalogs.status()["name"] == "tea"
        with pytest.raises(NotDone, match="No swap is under way"):
            shop.catalogs.give_up(ANNA)

    run(scene())


def test_what_is_not_sound_or_not_there_changes_nothing(folder: Path) -> None:
    write(folder / "bad", SKIN.replace("20.00 EUR", "20.00"), "segments: [{id: a, lines: [Hello.]}]")
    write(folder / "empty", SKIN, "segments: []")

    async def scene() -> None:
        shop = Shop(folder)
        await shop.play(20)
        for name, status, said in (
            ("bad", 422, r"bad/catalog\.yaml:5: products\[0\]\.price: .*no currency"),
            ("empty", 422, "rundown.yaml"),
            ("../tea", 404, r"There is no catalog '\.\./tea'"),
            ("/etc", 404, "There is no catalog"),
            ("te\0a", 404, "There is no catalog"),
            ("te", 404, "tea"),
        ):
            with pytest.raises(NotDone, match=said) as refused:
                await shop.catalogs.swap(name, ANNA)
            assert refused.value.status == status, name
        assert [str(each) for each in await shop.catalogs.check("bad")] != []
        assert await shop.catalogs.check("skin") == []
        assert shop.catalogs.status()["name"] == "tea"
        assert not shop.noted.changes
        assert len(shop.catalogs.versions()) == 1

    run(scene())


def test_a_part_that_cannot_follow_a_swap_stops_it(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.play(20)
        shop.noted.fails = True
        with pytest.raises(NotDone, match="could not be put in force"):
            await shop.catalogs.swap("skin", ANNA)
        assert shop.keeper.show.catalog.name == "tea"
        shop.noted.fails = False
        await shop.do(shop.catalogs.swap("skin", ANNA))

    run(scene())


def test_a_rollback_puts_the_files_of_before_in_force_though_they_were_edited(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.keeping.begin()
        await shop.play(20)
        with pytest.raises(NotDone, match="no version before"):
            await shop.catalogs.rollback(ANNA)
        await shop.do(shop.catalogs.swap("skin", ANNA))
        write(folder / "tea", TEA.replace("15.00", "99.00"), TEA_LINES)
        assert (await shop.catalogs.rollback_diff()).name == "tea"
        await shop.do(shop.catalogs.rollback(ANNA))
        assert str(shop.catalogs.show.catalog.product("sencha").price) == "15.00 EUR"
        assert shop.catalogs.show.rundown.outline == shop.opened.show.rundown.outline
        with pytest.raises(NotDone, match="no version before"):
            await shop.catalogs.rollback(ANNA)
        again = Shop(folder)  # after a restart
        assert str(again.catalogs.show.catalog.product("sencha").price) == "15.00 EUR"

    run(scene())


def test_what_is_in_force_outlives_a_restart(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.play(20)
        await shop.do(shop.catalogs.swap("skin", ANNA))
        await shop.do(shop.catalogs.change({"cream": {"price": "18.00 EUR"}}, ANNA))
        await shop.do(shop.catalogs.recall("pot", ANNA))
        again = Shop(folder)
        assert "skin" in again.opened.note
        assert again.catalogs.versions()[0] == shop.catalogs.versions()[0]  # the recall; its number is not given again
        assert again.catalogs.status()["recalled"] == ["pot"]
        assert not again.catalogs.show.catalog.has("pot")
        assert str(again.catalogs.show.catalog.product("cream").price) == "18.00 EUR"
        await again.play(300)
        assert set(again.texts()) == {"The Day Cream costs €18.00.", "It is a cream."}
        write(folder / "skin", SKIN.replace("20.00", "21.00"), (folder / "skin" / "rundown.yaml").read_text())
        third = Shop(folder)
        assert str(third.catalogs.show.catalog.product("cream").price) == "21.00 EUR"  # its file was saved anew
        assert not third.catalogs.show.catalog.has("pot")
        shutil.rmtree(folder / "skin")
        await third.keeping.begin()
        fourth = Shop(folder)
        assert "is not there" in fourth.opened.trouble or fourth.opened.trouble

    run(scene())


def test_a_change_is_said_and_shown_at_once_and_nothing_is_skipped(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "It costs €15.00 at our shop." in shop.texts())
        await shop.play(3)
        at = shop.n
        await shop.do(shop.catalogs.change({"sencha": {"price": "12.50 EUR"}}, Who("the shop"), "webhook"))
        await shop.play(60)
        late = [beat.line.text for beat in shop.beats[at:] if beat.line and "15.00" in beat.line.text]
        assert len(late) <= 1
        texts = shop.texts()
        assert texts[texts.index("It costs €15.00 at our shop.") :][:3] == [
            "It costs €15.00 at our shop.",
            "It costs €12.50 at our shop.",
            "It is made of leaves.",
        ]
        assert not any(
            beat.line.card.price == "€15.00" for beat in shop.beats[at + 1 :] if beat.line and beat.line.card
        )
        assert shop.desk.withdrawn[-1] == {"sencha"}
        assert shop.desk.paused[-1] is False
        assert shop.noted.changes[-1].products == {"sencha"}

    run(scene())


def test_a_change_elsewhere_leaves_what_is_on_air_alone(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "It costs €15.00 at our shop." in shop.texts())
        ready = [cue.line.text for cue in shop.rundown.cues]
        await shop.do(shop.catalogs.change({"cup": {"price": "8.00 EUR"}}, ANNA))
        await shop.do(shop.catalogs.change({"sencha": {"mpn": "T-1"}}, ANNA))
        await shop.play(200)
        assert {each.cut for each in shop.told} == {""}
        assert shop.texts()[3 : 3 + len(ready)] == ready
        assert "And a Cup for €8.00." in shop.texts()

    run(scene())


def test_a_wrong_change_is_refused_and_nothing_changes(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.play(30)
        for changes, status, said in (
            ({}, 422, "one product at least"),
            ({"sench": {"price": "1.00 EUR"}}, 404, "There is no product 'sench'.*sencha"),
            ({"sencha": {"price": "1.00 Taler"}}, 422, "is not an amount"),
            ({"sencha": {"price": "-1.00 EUR"}}, 422, "below zero"),
            ({"sencha": {"id": "x"}}, 422, "keeps its id"),
            ({"sencha": {"colour": "red"}}, 422, "colour"),
            ({"sencha": {"image_link": "../../etc/passwd"}}, 422, "files of a product"),
            ({"sencha": {"clip": "x.mp4"}}, 422, "files of a product"),
            ({"sencha": {"price": "12.00 EUR"}, "pot": {"price": "free"}}, 422, "pot"),
            ({"sencha": {"title": None}}, 422, "title"),
        ):
            with pytest.raises(NotDone, match=said) as refused:
                await shop.catalogs.change(changes, ANNA)
            assert refused.value.status == status, changes
        assert shop.catalogs.show is shop.opened.show
        assert not shop.keeper.embargo.barred
        assert "done" not in {outcome for _, _, outcome in shop.audited}
        assert len(shop.audited) == 10

    run(scene())


def test_a_recall_takes_the_product_out_of_everything_until_it_is_restored(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "Here is the Clay Pot." in shop.texts())
        recalled = await shop.do(shop.catalogs.recall("pot", ANNA))
        assert recalled.products == ("pot",)
        at = len(shop.begun)
        await shop.play(300)
        assert not any("Pot" in text for text in shop.texts()[at:])
        assert any("Sencha" in text for text in shop.texts()[at:])
        with pytest.raises(NotDone, match="recalled already"):
            await shop.catalogs.recall("pot", ANNA)
        with pytest.raises(NotDone, match="There is no product"):
            await shop.catalogs.recall("teapot", ANNA)
        await shop.do(shop.catalogs.swap("skin", ANNA))
        at = len(shop.begun)
        await shop.play(200)
        assert not any("Pot" in text for text in shop.texts()[at:])
        await shop.do(shop.catalogs.restore("pot", ANNA))
        await shop.play(200)
        assert "The Clay Pot is €44.00." in shop.texts()
        with pytest.raises(NotDone, match="No product 'pot' is recalled"):
            await shop.catalogs.restore("pot", ANNA)

    run(scene())


def test_a_disk_that_hangs_holds_up_no_recall_and_no_price(folder: Path) -> None:
    class Hangs(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            return Future()

    async def scene() -> None:
        shop = Shop(folder, Hangs())
        swap = asyncio.ensure_future(shop.catalogs.swap("skin", ANNA))
        await shop.play(5)
        assert (await shop.do(shop.catalogs.recall("pot", ANNA))).products == ("pot",)
        assert (await shop.do(shop.catalogs.change({"sencha": {"price": "16.00 EUR"}}, ANNA))).products == ("sencha",)
        swap.cancel()

    run(scene())


def test_where_all_is_recalled_the_host_is_silent_and_a_swap_to_nothing_is_refused(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.play(20)
        await shop.do(shop.catalogs.swap("skin", ANNA))
        for id in ("cream", "pot"):
            await shop.do(shop.catalogs.recall(id, ANNA))
        at = len(shop.begun)
        await shop.play(200)
        assert shop.texts()[at:] == []
        await shop.do(shop.catalogs.rollback(ANNA))
        await shop.play(100)
        assert shop.playout.now.line is not None
        with pytest.raises(NotDone, match="all its lines are about recalled products"):
            await shop.catalogs.swap("skin", ANNA)

    run(scene())


def test_files_that_are_saved_come_in_force_and_bad_ones_are_told(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.play(20)
        assert await shop.catalogs.saved(ANNA) is None
        await shop.do(shop.catalogs.change({"pot": {"price": "41.00 EUR"}, "cup": {"price": "9.50 EUR"}}, ANNA))
        write(folder / "tea", TEA.replace("15.00 EUR", "15.00"), TEA_LINES)
        with pytest.raises(NotDone):
            await shop.catalogs.saved(ANNA)
        assert "no currency" in shop.catalogs.status()["invalid"]
        assert [each.name for each in shop.alarms.raised] == [INVALID]
        assert await shop.catalogs.saved(ANNA) is None  # it is told once
        assert str(shop.catalogs.show.catalog.product("pot").price) == "41.00 EUR"
        write(folder / "tea", TEA.replace("15.00 EUR", "14.00 EUR"), TEA_LINES)
        saved = await shop.do(shop.catalogs.saved(ANNA))
        assert saved.what == "save"
        assert not shop.alarms.raised
        assert shop.catalogs.status()["invalid"] is None
        prices = [str(each.price) for each in shop.catalogs.show.catalog.products]
        assert prices == ["14.00 EUR", "40.00 EUR", "9.00 EUR"]  # the file is the truth again
        write(folder / "tea", TEA.replace("15.00 EUR", "15.00"), TEA_LINES)
        with pytest.raises(NotDone):
            await shop.catalogs.saved(ANNA)
        write(folder / "tea", TEA.replace("15.00 EUR", "14.00 EUR"), TEA_LINES)
        assert await shop.catalogs.saved(ANNA) is None  # as it is in force
        assert not shop.alarms.raised

    run(scene())


def test_a_change_while_a_swap_waits_is_in_force_at_once_and_a_recall_is_kept_by_the_swap(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "This is the Sencha." in shop.texts())
        first = asyncio.ensure_future(shop.catalogs.swap("skin", ANNA, "segment"))
        await shop.play(2)
        await shop.do(shop.catalogs.change({"sencha": {"price": "12.00 EUR"}}, ANNA), 20)
        await shop.do(shop.catalogs.recall("pot", ANNA), 20)
        assert not first.done()
        await shop.do(first)
        await shop.play(200)
        assert "It costs €12.00 at our shop." in shop.texts()
        assert not any("Pot" in text for text in shop.texts())
        assert "It is a cream." in shop.texts()

    run(scene())


def test_a_diff_tells_what_would_change_and_warns(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "This is the Sencha." in shop.texts())
        diff = await shop.catalogs.diff("skin")
        assert [each["id"] for each in diff.added] == ["cream"]
        assert [(each["id"], each["on_air"]) for each in diff.removed] == [("sencha", True), ("cup", False)]
        (changed,) = diff.changed
        assert changed["fields"]["price"] == ["40.00 EUR", "44.00 EUR"]
        assert diff.counts == {"added": 1, "removed": 2, "changed": 1}
        assert diff.on_air["goes_on_with"].startswith("pot/")
        assert "Clay Pot" in diff.on_air["with_text"]  # and not {title}
        said = " ".join(diff.warnings)
        assert "The product on air goes: 'Sencha'" in said
        assert "is not said again: This is the Sencha." in said
        assert "another shop: 'Dew' instead of 'Leaf'" in said

    run(scene())


ORDERS = st.lists(
    st.one_of(
        st.tuples(st.just("play"), st.integers(1, 60)),
        st.tuples(st.just("swap"), st.sampled_from(["tea", "skin"]), st.sampled_from(["sentence", "segment", "now"])),
        st.tuples(st.just("change"), st.sampled_from(["sencha", "pot", "cup", "cream"]), st.integers(100, 9999)),
        st.tuples(st.just("recall"), st.sampled_from(["sencha", "pot", "cup", "cream"])),
        st.tuples(st.just("restore"), st.sampled_from(["sencha", "pot", "cup", "cream"])),
        st.tuples(st.just("rollback"), st.sampled_from(["sentence", "now"])),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERS)
def test_whatever_is_ordered_what_begins_is_backed_by_what_is_in_force(tmp_path_factory, orders) -> None:
    folder = shelves(tmp_path_factory.mktemp("shop"))

    async def scene() -> None:
        shop = Shop(folder)
        await shop.keeping.begin()
        await shop.play(10)
        for order in orders:
            await shop.play(1)  # what the order before has cut is told with the next frame
            before = len(shop.told)
            if order[0] == "play":
                await shop.play(order[1])
                continue
            work = {
                "swap": lambda o=order: shop.catalogs.swap(o[1], ANNA, o[2]),
                "change": lambda o=order: shop.catalogs.change({o[1]: {"price": f"{o[2] / 100:.2f} EUR"}}, ANNA),
                "recall": lambda o=order: shop.catalogs.recall(o[1], ANNA),
                "restore": lambda o=order: shop.catalogs.restore(o[1], ANNA),
                "rollback": lambda o=order: shop.catalogs.rollback(ANNA, o[1]),
            }[order[0]]
            try:
                await shop.do(work())
            except NotDone:
                continue
            if order[0] in ("swap", "rollback") and order[-1] in ("sentence", "segment"):
                assert all(each.cut == "" for each in shop.told[before:])
        await shop.play(120)
        for line, show, recalled in shop.begun:
            assert line.product is None or show.catalog.has(line.product)
            assert line.product not in recalled
            if line.card is not None:
                product = show.catalog.product(line.card.product)
                assert line.card == make_card(show.catalog, product, NOW)
                assert "€" not in line.text or product.price.shown("en") in line.text
        if shop.catalogs.show.catalog.products:
            assert shop.begun[-1][0].basis.catalog == shop.catalogs.show.catalog.name
        again = Shop(folder)  # whatever it was, the next start goes on with it
        assert again.catalogs.show.catalog == shop.catalogs.show.catalog
        assert again.catalogs.show.rundown.outline == shop.catalogs.show.rundown.outline

    run(scene())


def test_a_change_that_never_comes_in_force_is_no_dead_air(folder: Path) -> None:
    async def scene() -> None:
        shop = Shop(folder)
        await shop.until(lambda: "This is the Sencha." in shop.texts())
        shop.air.withdraw({"sencha": frozenset({"price"})})
        at = len(shop.begun)
        await shop.play(400)
        assert not any("Sencha" in text or "at our shop" in text for text in shop.texts()[at:])
        assert "Here is the Clay Pot." in shop.texts()[at:]

    run(scene())
