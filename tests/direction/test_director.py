"""Operators' orders, each on a show that runs: what is heard, what is refused, what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import virtual
from directed_stage import ANNA, WORD, Stage, show

from host_engine.direction.director import NotDone, Stale

ONE, TWO = "hello/one", "hello/two"


def directed(tmp_path, course, **options):
    """Run `course(stage)` in virtual time."""

    async def run():
        stage = Stage(show(tmp_path / "shop"), **options)
        await stage.play(2)
        await course(stage)
        return stage

    return virtual.run(run())


@pytest.mark.parametrize("ahead", [0, 5])
def test_take_goes_on_with_the_next_line_and_only_from_the_one_that_was_seen(tmp_path: Path, ahead: int) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(ONE)
        await stage.play(3)
        state = stage.director.take(ONE, ANNA)
        await stage.on_air(TWO)
        assert state["next"]["line"] == TWO
        with pytest.raises(Stale, match="hello/one is no longer on air"):
            stage.director.take(ONE, ANNA)
        await stage.play(3)
        assert stage.now == TWO

    stage = directed(tmp_path, course, ahead=ahead)
    assert [each.cut for each in stage.said] == ["cut"]
    assert [(who, action, outcome[:19]) for who, action, outcome in stage.audited] == [
        ("anna", "take", "done"),
        ("anna", "take", "line hello/one is n"),
    ]
    assert stage.told[0] == ("order", {"order": "take", "by": "anna", "line": ONE})


def test_a_skip_leaves_the_segment_whatever_was_made_ready_of_it(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(ONE)
        await stage.play(5)
        stage.director.skip(ONE, ANNA)
        await stage.on_air("tea/one")
        stage.director.skip(None, ANNA)
        await stage.on_air("pot/one")
        stage.director.skip(None, ANNA)
        await stage.on_air(ONE)
        with pytest.raises(Stale):
            stage.director.skip("pot/one", ANNA)

    stage = directed(tmp_path, course)
    assert [each for each in stage.lines() if each != "idle"] == [ONE, "tea/one", "pot/one", ONE]
    assert stage.report.place
    assert stage.report.place.round == 1


def test_go_to_comes_after_the_line_on_air_forwards_and_back(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(ONE)
        await stage.play(5)
        assert stage.director.go_to("pot/two", ANNA)["on_air"]["line"] == ONE
        await stage.on_air("pot/two")
        stage.director.go_to("tea", ANNA)
        await stage.on_air("tea/two")
        for nowhere in ("soup", "", "tea/three", "x" * 500):
            with pytest.raises(NotDone, match="no line and no segment"):
                stage.director.go_to(nowhere, ANNA)

    stage = directed(tmp_path, course)
    assert [each for each in stage.lines() if each != "idle"] == [ONE, "pot/two", "tea/one", "tea/two"]
    assert stage.heard.count(ONE) == 4 * WORD
    assert stage.heard.count("pot/two") == 4 * WORD


@pytest.mark.parametrize("ahead", [0, 5])
def test_say_now_cuts_and_the_line_is_said_anew(tmp_path: Path, ahead: int) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(ONE)
        await stage.play(5)
        order = await stage.director.say("One moment please.", "now", ANNA)
        assert (order["begun"], order["findings"], order["language"]) == (False, [], "en")
        await stage.until(lambda: (stage.now or "").startswith(order["id"]))
        assert stage.director.queue()[0]["begun"]
        await stage.on_air(TWO)
        assert stage.director.queue() == []

    stage = directed(tmp_path, course, ahead=ahead)
    spoken = stage.lines()
    assert [each.partition("-")[0] for each in spoken if each != "idle"] == [ONE, "say", ONE, TWO]
    states = [data["state"] for what, data in stage.told if what == "order" and "state" in data]
    assert states == ["on air", "said"]
    assert ("anna", "say", "done") in stage.audited


def test_say_next_waits_for_the_end_of_the_sentence_and_is_said_while_the_show_is_held(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(ONE)
        assert stage.director.state()["waits"] is None
        stage.director.hold(ANNA)
        first = await stage.director.say("Here is some news.", "next", ANNA)
        await stage.director.say("And here is more.", "next", ANNA)
        assert [each["text"] for each in stage.director.queue()] == ["Here is some news.", "And here is more."]
        await stage.until(lambda: stage.director.queue() == [])
        await stage.play(30)
        assert stage.now is None
        assert stage.director.state()["next"] is None
        assert stage.director.state()["waits"]["line"] == TWO  # what comes when it goes on
        stage.director.release(ANNA)
        assert stage.director.state()["waits"] is None
        await stage.on_air(TWO)
        assert first["id"]

    stage = directed(tmp_path, course)
    assert stage.heard.count(ONE) == 4 * WORD
    texts = [each.line.text for each in stage.said]
    assert texts == ["Good day to you.", "Here is some news.", "And here is more."]
    assert [data["on"] for what, data in stage.told if what == "hold"] == [True, False]


def test_long_words_are_said_in_one_go(tmp_path: Path) -> None:
    text = " ".join(f"This is sentence number {each}, and it says nothing that matters." for each in "abcde")

    async def course(stage: Stage) -> None:
        stage.late = 0.5  # longer than there is between two parts
        await stage.on_air(ONE)
        await stage.director.say(text, "now", ANNA)
        await stage.on_air(TWO)

    stage = directed(tmp_path, course)
    said = [each.line.text for each in stage.said if each.lane == "operator"]
    assert len(said) > 2
    assert " ".join(said) == text
    lanes = [each.lane for each in stage.said]
    assert lanes[lanes.index("operator") :].count("rundown") == 1  # the cut line, anew, after all of them


def test_what_was_ordered_can_be_withdrawn(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(ONE)
        order = await stage.director.say("Never mind all this.", "next", ANNA)
        assert stage.director.withdraw(order["id"], ANNA)["text"] == "Never mind all this."
        with pytest.raises(NotDone, match="no such order"):
            stage.director.withdraw(order["id"], ANNA)
        await stage.on_air(TWO)

    stage = directed(tmp_path, course)
    assert not [each for each in stage.said if each.lane == "next"]


@pytest.mark.parametrize("ahead", [0, 5])
def test_a_mute_cuts_the_line_for_good_and_nothing_is_said_until_it_is_over(tmp_path: Path, ahead: int) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(ONE)
        await stage.play(10)
        assert stage.director.mute(True, ANNA)["frame"] == 100
        assert stage.director.mute(True, ANNA)["muted"]  # twice is once
        await stage.director.say("Please stand by.", "now", ANNA)
        await stage.play(ahead + 1)
        silent = len(stage.heard)
        await stage.play(40)
        assert set(stage.heard[silent:]) == {None}
        for order in (stage.director.take, stage.director.skip):
            with pytest.raises(NotDone, match="is muted"):
                order(None, ANNA)
        stage.director.mute(False, ANNA)
        await stage.on_air(TWO)

    stage = directed(tmp_path, course, ahead=ahead)
    assert stage.program.turned == [True, False]
    heard = [each.partition("-")[0] for each in stage.lines() if each != "idle"]
    assert heard == [ONE, "say", TWO]
    assert stage.said[0].cut == "cut"


def test_a_scene_is_chosen_by_hand(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        assert stage.director.scene("close-up", ANNA)["scene"]["by_hand"] == "close-up"
        with pytest.raises(NotDone, match="There is no scene"):
            stage.director.scene("moon", ANNA)
        assert stage.director.scene(None, ANNA)["scene"]["by_hand"] is None
        assert stage.director.scenes()[0]["name"] == "studio"

    directed(tmp_path, course)


def test_words_that_name_a_recalled_product_are_refused_as_they_would_not_be_said(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air("tea/one")
        stage.embargo.recall("sencha", "Green Tea Sencha")
        with pytest.raises(NotDone, match="'sencha' is recalled") as refused:
            await stage.director.say("The green tea, Sencha: lovely!", "now", ANNA, anyway=True)
        assert (refused.value.status, stage.director.queue()) == (409, [])
        stage.embargo.restore("sencha")
        await stage.director.say("The green tea, Sencha: lovely!", "next", ANNA)

    directed(tmp_path, course)


def test_words_that_the_gate_stops_are_refused_unless_they_are_said_anyway(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air("tea/one")
        with pytest.raises(NotDone, match=r"^'cure': ") as refused:
            await stage.director.say("It is a cure.", "next", ANNA)
        assert (refused.value.status, refused.value.findings[0].rule) == (422, "medical")
        assert stage.director.queue() == []
        order = await stage.director.say("It is a cure.", "next", ANNA, anyway=True)
        assert order["findings"][0]["rule"] == "medical"
        backed = await stage.director.say("Is that a good price?", "next", ANNA)
        await stage.until(lambda: stage.director.queue() == [])
        assert backed["findings"] == []

    stage = directed(tmp_path, course)
    anyway, backed = (each.line for each in stage.said if each.lane == "next")
    assert (anyway.evidence, bool(backed.evidence)) == ((), True)
    assert backed.card
    assert backed.card.product == "sencha"
    assert stage.facts[1] | {"id": ""} == {
        "when": "next", "text": "It is a cure.", "id": "", "anyway": True, "findings": ["medical: cure"]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<speak>Hello</speak>", "markup"),
        ("Hello <break time='9s'/> there", "markup"),
        ("Hello &lt;b&gt;", "markup"),
        ("[[h@l'oU]] there", "markup"),
        ("It costs {price}.", "markup"),
        ("\U0001f600 \U0001f600", "no words"),
        ("…", "no words"),
        ("   ", "no words"),
        ("Hello \u202eecirp", "cannot be seen"),
        ("Hello \x07", "cannot be seen"),
        ("He" + "\u0300\u0301\u0302\u0303\u0304" * 9 + "llo", "so many marks"),
        ("Hello \ud800", "cannot be seen"),
        ("a" * 900, "no words"),
        ("word " * 300, "at most 1000"),
    ],
)
def test_what_no_host_can_say_is_refused_with_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(ONE)
        with pytest.raises(NotDone, match=said) as refused:
            await stage.director.say(text, "now", ANNA, anyway=True)
        assert refused.value.status == 422
        await stage.on_air(TWO)

    stage = directed(tmp_path, course)
    assert not any(each.cut for each in stage.said)


def test_a_language_that_nobody_speaks_is_refused(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        with pytest.raises(NotDone, match="No voice here speaks 'tlh'"):
            await stage.director.say("Qapla.", "now", ANNA, language="tlh")
        assert (await stage.director.say("Guten Tag.", "now", ANNA, language="de"))["language"] == "de"
        await stage.until(lambda: stage.director.queue() == [])

    stage = directed(tmp_path, course)
    assert stage.said[-1].line.language == "de" or any(each.line.language == "de" for each in stage.said)


def test_a_storm_of_orders_is_bounded_and_the_show_goes_on(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        refused = 0
        for k in range(100):
            try:
                await stage.director.say(f"Word {k}.", "next", ANNA)
            except NotDone as error:
                refused += error.status == 429
            stage.director.hold(ANNA)
            stage.director.release(ANNA)
            if k % 2:
                await stage.play(1)
        assert refused >= 70
        await stage.until(lambda: stage.director.queue() == [])
        await stage.on_air(TWO)

    stage = directed(tmp_path, course)
    assert len([each for each in stage.said if each.lane == "next"]) == 100 - sum(
        "wait" in each[2] for each in stage.audited
    )


def test_words_that_cannot_be_made_ready_are_given_up_and_told(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.director.say("This is unsayable.", "now", ANNA)
        await stage.until(lambda: stage.director.queue() == [])

    stage = directed(tmp_path, course)
    assert [data["state"] for what, data in stage.told if "state" in data] == ["not said"]


def test_segments_are_put_in_another_order_under_the_line_on_air(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(TWO)
        await stage.play(20)
        state = await stage.director.reorder(["pot", "tea"], ANNA)
        assert (state["order_by_hand"], state["on_air"]["line"]) == (True, TWO)
        assert [each["segment"] for each in stage.director.rundown()] == ["hello", "pot", "tea"]
        await stage.on_air("tea/two")
        for segments, said in ((["soup"], "no segment"), (["tea", "tea"], "named twice")):
            with pytest.raises(NotDone, match=said):
                await stage.director.reorder(segments, ANNA)
        assert [each["segment"] for each in stage.director.rundown()] == ["hello", "pot", "tea"]
        await stage.director.reorder([], ANNA)
        await stage.on_air("pot/one")

    stage = directed(tmp_path, course)
    assert stage.heard.count(TWO) == 4 * WORD
    assert [each for each in stage.lines() if each != "idle"] == [
        ONE, TWO, "pot/one", "pot/two", "tea/one", "tea/two", "pot/one"
    ]  # fmt: skip


def test_a_line_that_was_cut_for_the_operator_is_said_anew_in_whatever_order(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(TWO)
        await stage.play(10)
        order = await stage.director.say("One moment please.", "now", ANNA)
        await stage.until(lambda: (stage.now or "").startswith(order["id"]))
        await stage.director.reorder(["pot", "tea"], ANNA)
        await stage.on_air("pot/two")

    stage = directed(tmp_path, course)
    heard = [each.partition("-")[0] for each in stage.lines() if each != "idle"]
    assert heard == [ONE, TWO, "say", TWO, "pot/one", "pot/two"]


def test_the_order_outlives_a_restart_and_new_prices_but_not_another_catalog(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    first = show(tmp_path / "shop")

    async def before() -> None:
        stage = Stage(first, file=file)
        await stage.on_air(ONE)
        await stage.director.reorder(["pot", "tea"], ANNA)

    async def after() -> None:
        stage = Stage(first, file=file)
        await stage.on_air("pot/one")
        stage.script.swap(replace(first, version="another"), stage.playout.now.line)  # as a price has changed
        stage.rundown.clear()
        await stage.on_air("tea/one")
        assert "tea/one" not in stage.lines()[: stage.lines().index("pot/two")]
        other = replace(first, catalog=first.catalog.model_copy(update={"name": "other"}))
        stage.script.swap(other, stage.playout.now.line)
        stage.rundown.clear()
        await stage.on_air("pot/one")
        assert not stage.director.state()["order_by_hand"]

    virtual.run(before())
    assert "pot" in file.read_text()
    virtual.run(after())
    file.write_text("{nonsense")
    assert virtual.run(_fresh(first, file)) == ["hello", "tea", "pot"]


async def _fresh(of, file):
    return [each["segment"] for each in Stage(of, file=file).director.rundown()]


def test_the_rundown_shows_what_is_on_air_and_what_is_next(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air("tea/one")
        rows = stage.director.rundown()
        assert [(each["segment"], each["on_air"], each["title"]) for each in rows] == [
            ("hello", False, ""),
            ("tea", True, "Sencha"),
            ("pot", False, "Pot"),
        ]
        lines = rows[1]["lines"]
        assert [(each["id"], each["on_air"], each["next"]) for each in lines] == [
            ("tea/one", True, False),
            ("tea/two", False, True),
        ]
        assert lines[1]["text"] == "It costs €15.00 now."
        assert [each["segment"] for each in stage.director.rundown(2, 1)] == ["pot"]
        assert stage.director.rundown(99) == []
        assert stage.director.segments == 3

    directed(tmp_path, course)


def test_each_word_is_told_once_as_it_begins(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        await stage.on_air(TWO)
        await stage.play(WORD)

    stage = directed(tmp_path, course)
    assert stage.words[:5] == [*((ONE, word) for word in range(4)), (TWO, 0)]
