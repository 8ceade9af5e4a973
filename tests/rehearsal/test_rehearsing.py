"""A rehearsal of a demo channel: the same for the same seed, and true in what it tells."""

from __future__ import annotations

import json
import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from host_engine.channel_file import config
from host_engine.commands import cli
from host_engine.commands.rehearse import parse_audience, parse_start
from host_engine.commands.rehearsing import Told, Wanted, rehearse
from host_engine.rehearsal.figures import figures
from host_engine.rehearsal.page import page
from host_engine.rehearsal.table import rows

ROOT = Path(__file__).resolve().parent.parent.parent
LONDON = ZoneInfo("Europe/London")
BEGIN = datetime(2026, 11, 23, 10, 45, tzinfo=LONDON)
RUNDOWN = """\
zone: Europe/London
mandatory:
  - {id: disclosure, every: 5m, text: "A short reminder that I am an AI host."}
segments:
  - id: welcome
    lines: ["Hello, and welcome to {shop}.", "Whatever I show, you find it under the card here beside me."]
  - id: teapot
    product: teapot
    lines: ["This is the {title}, and it holds {size}.", "{selling_point}", "It is on offer at {sale_price}."]
  - id: flash
    product: sencha
    at: "11:00"
    sharp: true
    lines: ["Now comes {title}, as I promised you."]
  - id: kettle
    product: kettle
    lines: ["This is the {title}."]
  - id: untrue
    lines: ["The teapot costs £5 today."]
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tea shop with another rundown, in a channel file."""
    folder = tmp_path_factory.mktemp("rehearsal")
    catalog = folder / "tea"
    catalog.mkdir()
    (catalog / "pictures").symlink_to(ROOT / "product_catalogs" / "tea" / "pictures")
    (catalog / "catalog.yaml").write_text((ROOT / "product_catalogs" / "tea" / "catalog.yaml").read_text())
    (catalog / "rundown.yaml").write_text(RUNDOWN)
    channel = {"name": "rehearsed", "catalog": str(catalog), "scenes": str(ROOT / "scenes"), "scene": "studio-vertical"}
    (folder / "channel.yaml").write_text(json.dumps(channel))
    return folder / "channel.yaml"


def run(shop: Path, seed: int = 1, seconds: float = 1500, an_hour: float = 120) -> Told:
    return rehearse(config.load(shop), Wanted(BEGIN, seconds, an_hour, seed, by_meaning=False))


@pytest.fixture(scope="module")
def told(shop: Path) -> Told:
    return run(shop)


@pytest.fixture(scope="module")
def found(told: Told) -> dict[str, Any]:
    return figures(told.show, told.rehearsed, told.why)


def test_time_is_filled_without_a_gap(told: Told) -> None:
    said = told.rehearsed.said
    assert told.rehearsed.idle == 0
    assert all(abs(before.at + before.seconds - after.at) < 0.5 for before, after in pairwise(said))
    assert said[-1].at + said[-1].seconds >= told.rehearsed.seconds


def test_a_sharp_segment_comes_at_its_second(found: dict[str, Any]) -> None:
    (flash,) = found["clock"]
    assert flash["wanted"] == "2026-11-23T11:00:00+00:00"
    assert flash["late_s"] <= 0.1


def test_mandatory_lines_are_in_time_whatever_viewers_ask(found: dict[str, Any]) -> None:
    (line,) = found["mandatory"]
    assert line["times"] >= 5
    assert line["in_time"]
    assert 200 < line["longest_s"] <= 310


def test_what_was_never_said_and_why(found: dict[str, Any]) -> None:
    never = {each["line"].partition("/")[0]: each["why"] for each in found["coverage"]["never"]}
    assert never == {"kettle": "its product is sold out", "untrue": "the fact gate stopped it"}
    products = {each["product"]: each["why"] for each in found["products"]["never"]}
    assert products["kettle"] == "its product is sold out"
    assert products["rooibos"] == "no segment is about it"
    assert "teapot" not in products


def test_what_the_gate_stopped(found: dict[str, Any]) -> None:
    (line,) = found["gate"]["lines"]
    assert line["text"] == "The teapot costs £5 today."
    assert line["times"] == found["gate"]["stops"] > 1


def test_repetition_is_that_of_a_short_rundown(found: dict[str, Any]) -> None:
    assert 0.8 < found["repetition"]["score"] < 1
    assert found["repetition"]["most_in_an_hour"][0]["times"] > 10


def test_the_audience_is_answered(found: dict[str, Any]) -> None:
    asked = found["audience"]
    assert asked["questions"] >= 25
    assert asked["answered"] >= 15
    assert asked["right"] >= 0.8 * asked["answered"]
    assert 0 < asked["wait_s"]["p50"] <= asked["wait_s"]["p95"] < 120
    assert asked["abuse_stopped"] == asked["abuse"] > 0


def test_what_became_of_the_messages_adds_up(found: dict[str, Any], shop: Path) -> None:
    crowded = run(shop, seconds=600, an_hour=2000)
    for each in (found, figures(crowded.show, crowded.rehearsed, crowded.why)):
        asked = each["audience"]
        assert sum(asked["became"].values()) == asked["messages"]
        ends = [asked["answered"], asked["joined"], *asked["refused"].values(), *asked["dropped"].values()]
        assert sum(ends) + asked["waiting"] == asked["questions"]
        assert asked["right"] + asked["other"] + asked["unknown"] == asked["answered"]
        said = dict((name, text) for name, text, _ in rows(each))["questions"]
        asked_for, *parts = map(int, re.findall(r"(?<![-\w])\d+", said))
        assert (asked_for, sum(parts)) == (asked["questions"], asked["questions"])
    assert asked["dropped"]
    assert asked["waiting"]


def test_the_same_seed_gives_the_same_show(shop: Path) -> None:
    def all_of(told: Told) -> tuple[dict[str, Any], list[object]]:
        return figures(told.show, told.rehearsed, told.why), [(each.at, each.line.text) for each in told.rehearsed.said]

    first, again, other = (run(shop, seed, 240) for seed in (5, 5, 6))
    assert all_of(first) == all_of(again)
    assert all_of(first) != all_of(other)


def test_without_an_audience(shop: Path) -> None:
    told = run(shop, seconds=300, an_hour=0)
    assert not told.rehearsed.asked
    assert {each.lane for each in told.rehearsed.said} <= {"rundown", "mandatory"}


def test_the_page_needs_nothing_else_and_takes_no_markup_from_the_shop(told: Told, found: dict[str, Any]) -> None:
    html = page({**found, "show": {**found["show"], "shop": "<script>alert(1)</script>"}}, told.rehearsed)
    assert "<script" not in html
    assert not re.search(r"(src|href)=", html)
    assert "disclosure" in html
    assert "The teapot costs £5 today." in html
    assert html.count("<rect") > 20


def test_the_table_says_what_to_look_at(found: dict[str, Any]) -> None:
    told = {name: (said, fine) for name, said, fine in rows(found)}
    assert told["mandatory disclosure"][1]
    assert not told["products"][1]
    assert "kettle (its product is sold out)" in told["products"][0]


def test_the_command(shop: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    options = ["--hours", "0.05", "--start", "2026-11-23 10:45", "--audience", "none", "--report", str(report)]
    done = CliRunner().invoke(cli.app, ["rehearse", str(shop), *options])
    assert done.exit_code == 0, done.output
    assert json.loads(report.read_text())["show"]["begin"] == "2026-11-23T10:45:00+00:00"
    wrong = CliRunner().invoke(cli.app, ["rehearse", str(shop), "--start", "someday"])
    assert wrong.exit_code == 1


@pytest.mark.parametrize(("written", "rate"), [("40/h", 40), ("12.5", 12.5), ("none", 0), ("100 per hour", 100)])
def test_how_an_audience_is_written(written: str, rate: float) -> None:
    assert parse_audience(written) == rate


@pytest.mark.parametrize("written", ["many", "-3/h", "100000/h", ""])
def test_what_is_no_audience(written: str) -> None:
    with pytest.raises(ValueError, match="is no audience"):
        parse_audience(written)


def test_how_a_start_is_written() -> None:
    now = datetime(2026, 11, 22, 15, 30, tzinfo=LONDON)
    assert parse_start("tomorrow 08:00", now) == datetime(2026, 11, 23, 8, tzinfo=LONDON)
    assert parse_start("today 20:15", now) == datetime(2026, 11, 22, 20, 15, tzinfo=LONDON)
    assert parse_start("now", now) == now
    assert parse_start("2026-12-24 18:00", now) == datetime(2026, 12, 24, 18, tzinfo=LONDON)
    for wrong in ("soon", "tomorrow 25:00"):
        with pytest.raises(ValueError, match="is no time to begin at"):
            parse_start(wrong, now)
