"""The gate at work in a channel: false lines are passed over and told, true ones carry evidence, changes noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from false_line import BEFORE, SALE, show

from host_engine.alarms import Alarms
from host_engine.channel.gate.gatekeeping import ALARM, KEPT, Gatekeeper
from host_engine.playout.cue import PassedOver
from host_engine.show.change import changed, changed_product
from host_engine.show.evidence import Evidence
from host_engine.show.rundown import Line
from host_engine.show.script import Script, Show
from host_engine.swap.part import Change


def lines(made: Show, now: datetime) -> dict[str, Line]:
    """The lines of a round, by their ids."""
    script, found = Script(made, lambda: now), {}
    while (line := script.next()).id not in found:
        found[line.id] = line
    return found


def test_a_true_line_carries_its_evidence_and_a_false_one_is_passed_over(tmp_path: Path) -> None:
    made, alarms = show(tmp_path), Alarms()
    keeper = Gatekeeper(made, alarms=alarms, now=lambda: BEFORE)
    script = lines(made, BEFORE)
    assert keeper.judged(script["tea/true"]).evidence == (
        Evidence("sencha", "size", "100 g"),
        Evidence("sencha", "price", "15.00 EUR"),
    )
    assert keeper.judged(script["tea/plain"]).evidence == ()
    with pytest.raises(PassedOver, match=r"costs 15\.00 EUR now"):
        keeper.judged(script["tea/false"])
    (told,) = keeper.status()["list"]
    assert told["line"] == "tea/false"
    assert told["text"] == "It costs 9 euros."
    assert told["when"] == BEFORE.isoformat()
    assert [(each["rule"], each["claim"]) for each in told["findings"]] == [("price", "9 euros")]
    (alarm,) = alarms.raised
    assert alarm.name == ALARM
    assert "tea/false" in alarm.text


def test_what_stays_wrong_is_logged_once_and_again_when_it_was_right_meanwhile(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    alarms = Alarms()
    keeper = Gatekeeper(made := show(tmp_path), alarms=alarms, now=lambda: BEFORE)

    def judge(price: str) -> None:
        product = changed_product(made.catalog, "sencha", {"price": price})
        other = changed(made, {"sencha": product}, f"with {price}")
        keeper.prepared(Change(other, frozenset({"sencha"})), ())()
        wrong = lines(other, BEFORE)["tea/false"]
        if price == "9.00 EUR":
            keeper.judged(wrong)
        else:
            with pytest.raises(PassedOver):
                keeper.judged(wrong)

    def logged() -> int:
        return sum(
            "tea/false is passed over" in each.getMessage() for each in caplog.records if each.levelname == "WARNING"
        )

    for price in ("15.00 EUR", "16.00 EUR", "17.00 EUR"):
        judge(price)
    assert logged() == 1
    assert "17.00 EUR" in alarms.raised[0].text
    assert keeper.status()["stopped"] == 3
    judge("9.00 EUR")
    judge("15.00 EUR")
    assert logged() == 2


def test_the_alarm_is_over_when_the_line_is_right(tmp_path: Path) -> None:
    alarms = Alarms()
    keeper = Gatekeeper(made := show(tmp_path), alarms=alarms, now=lambda: BEFORE)
    wrong = lines(made, BEFORE)["tea/false"]
    for _ in range(2):
        with pytest.raises(PassedOver):
            keeper.judged(wrong)
    assert [each["times"] for each in keeper.status()["list"]] == [2]
    right = show(tmp_path, ("It costs 9 euros.", "It costs 15 euros."))
    keeper.commit(right)
    assert not alarms.raised
    assert keeper.judged(lines(right, BEFORE)["tea/false"]).evidence
    assert keeper.status()["stopped"] == 2


def test_the_list_of_the_operator_is_bounded(tmp_path: Path) -> None:
    keeper = Gatekeeper(made := show(tmp_path), now=lambda: BEFORE)
    wrong = lines(made, BEFORE)["tea/false"]
    for n in range(KEPT + 20):
        with pytest.raises(PassedOver):
            keeper.judged(replace(wrong, id=f"tea/{n}"))
    listed = keeper.status()["list"]
    assert len(listed) == KEPT
    assert listed[0]["line"] == f"tea/{KEPT + 19}"


def test_on_air_it_is_looked_at_anew_only_when_something_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Gatekeeper(made := show(tmp_path), now=lambda: BEFORE)
    line = keeper.judged(lines(made, BEFORE)["tea/true"])
    asked = []
    check = keeper.gate.check
    monkeypatch.setattr(keeper.gate, "check", lambda *given: asked.append(given) or check(*given))
    assert keeper.still_true(line, BEFORE)
    assert keeper.backed(line)
    assert not asked
    assert keeper.still_true(line, BEFORE.replace(day=2))
    assert len(asked) == 1
    assert not keeper.still_true(line, SALE)  # the sale has begun since
    assert keeper.status()["list"][0]["line"] == "tea/true"


def test_a_change_of_the_catalog_reaches_what_is_prepared(tmp_path: Path) -> None:
    keeper = Gatekeeper(made := show(tmp_path), now=lambda: BEFORE)
    script = lines(made, BEFORE)
    line, plain = (keeper.judged(script[id]) for id in ("tea/true", "tea/plain"))
    keeper.commit(show(tmp_path, ("price: 40.00", "price: 41.00")))
    assert keeper.still_true(line, BEFORE)
    keeper.commit(show(tmp_path, ("price: 15.00", "price: 16.00")))
    assert not keeper.still_true(line, BEFORE)
    assert not keeper.still_true(plain, BEFORE)  # it says nothing wrong, but is seen with the old price on its card
    assert keeper.still_true(replace(plain, card=None), BEFORE)
    gone = show(
        tmp_path,
        ("id: sencha", "id: genmaicha"),
        ("title: Sencha", "title: Genmaicha"),
        ("product: sencha", "product: genmaicha"),
    )
    keeper.commit(gone)
    assert not keeper.still_true(plain, BEFORE)


def test_what_an_operator_says_is_the_operators_and_an_answer_is_looked_at_again(tmp_path: Path) -> None:
    keeper = Gatekeeper(made := show(tmp_path), now=lambda: BEFORE)
    script = lines(made, BEFORE)
    own = replace(script["tea/false"], place=None)
    assert keeper.judged(own) is own
    assert keeper.still_true(own, SALE)
    answer = replace(script["tea/true"], place=None, evidence=(Evidence("sencha", "price", "15.00 EUR"),))
    assert keeper.still_true(answer, BEFORE)
    assert not keeper.still_true(answer, SALE)


def test_a_long_line_is_judged_as_it_is_said_in_one_go(tmp_path: Path) -> None:
    keeper = Gatekeeper(made := show(tmp_path), now=lambda: BEFORE)
    parts = [line for id, line in lines(made, BEFORE).items() if id.startswith("shop/post")]
    assert len(parts) > 1
    for part in parts:
        fields = {each.field for each in keeper.judged(part).evidence}
        assert fields == {"policies.shipping"}
