"""A script read through: lines that will not be said are warned of with their place, and no channel fails for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from false_line import BEFORE, SALE, show
from typer.testing import CliRunner

from host_engine.channel.gate.read_through import stopped_lines
from host_engine.commands.cli import app
from host_engine.document import Problems
from host_engine.gate.lists import load_more

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", ["tea", "skincare", "kueche"])
def test_the_demo_scripts_say_nothing_that_their_catalogs_do_not(name: str) -> None:
    """In a sale and outside it, in each round of the selling points."""
    assert stopped_lines(ROOT / "product_catalogs" / name, now=datetime(2027, 3, 1, 12, tzinfo=UTC)) == []


def test_a_line_is_told_with_its_place(tmp_path: Path) -> None:
    show(tmp_path)
    (warning,) = stopped_lines(tmp_path, now=BEFORE)
    assert (Path(warning.path).name, warning.line, warning.where) == ("rundown.yaml", 6, "segments[0].lines[1].text")
    assert "the fact gate will pass this line over, for '9 euros'" in warning.what


def test_a_line_that_is_true_only_without_the_sale_is_told_before_it(tmp_path: Path) -> None:
    show(tmp_path, ("It costs 9 euros.", "It costs 15 euros."))
    for now in (BEFORE, SALE):
        (warning,) = stopped_lines(tmp_path, now=now)
        assert "15 euros" in warning.what
    show(tmp_path, ("It costs 9 euros.", "It usually costs 15 euros."))
    assert stopped_lines(tmp_path, now=BEFORE) == []


def test_the_command_warns_and_does_not_fail(tmp_path: Path) -> None:
    show(tmp_path)
    found = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert found.exit_code == 0
    assert "warning" in found.stderr
    assert "rundown.yaml:6: segments[0].lines[1].text" in found.stderr
    assert "All is well, but for 1 line that will not be said." in found.stderr


def test_a_brand_adds_its_own_list(tmp_path: Path) -> None:
    show(tmp_path, ("It costs 9 euros.", "It is a cosy tea for dull days."))
    own = tmp_path / "never.yaml"
    own.write_text(
        "language: en\nrules:\n- {rule: banned, why: Our house never calls a tea cosy., phrases: [cosy tea*]}\n"
    )
    (warning,) = stopped_lines(tmp_path, load_more([own]), BEFORE)
    assert "Our house never calls a tea cosy." in warning.what
    channel = tmp_path / "channel.yaml"
    fields = {"name": "x", "catalog": ".", "scenes": str(ROOT / "scenes"), "audience": {"lists": ["never.yaml"]}}
    channel.write_text(json.dumps(fields))
    found = CliRunner().invoke(app, ["check", str(channel)])
    assert (found.exit_code, "Our house never calls" in found.stderr) == (0, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("language: en\nrules:\n- {rule: banned, why: We do not say so., phrases: ['*']}", "is no word"),
        ("language: en\nrules:\n- {rule: banned, why: We do not say so., phrases: [... best]}", "must begin and end"),
        ("language: en\nrules:\n- {rule: rude, why: We do not say so., phrases: [best]}", "rules[0].rule"),
        ("language: en\nrules:\n- {rule: banned, why: no, phrases: [best]}", "rules[0].why"),
        ("language: xx\nrules: []", "is not a language that the gate can read"),
        ("language: en\nrules:\n- {rule: banned, why: We do not say so.}", "phrases"),
        ("rules: [", "a bracket is opened and never closed"),
    ],
)
def test_a_list_that_is_wrong_is_told_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    own = tmp_path / "never.yaml"
    own.write_text(text)
    with pytest.raises(Problems) as found:
        load_more([own])
    assert sentence in str(found.value)
    show(tmp_path)
    channel = tmp_path / "channel.yaml"
    fields = {"name": "x", "catalog": ".", "scenes": str(ROOT / "scenes"), "audience": {"lists": ["never.yaml"]}}
    channel.write_text(json.dumps(fields))
    said = CliRunner().invoke(app, ["check", str(channel)])
    assert said.exit_code == 1
    assert sentence in said.stderr.replace("\n", " ")
