"""The policies and platforms that come with the engine are whole, and a brand's own files are read with care."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from host_engine.document import Problems
from host_engine.policies.library import DEFAULT, PRESETS, PROFILES, library, read_policy
from host_engine.policies.profile import due
from host_engine.policies.rules import DeclarationRule, LabelRule, MarksRule, VoiceRule, says

OURS = library()
OWN = """\
title: Our own rules
where: our shop
checked: 2026-11-01
again: 30
rules:
  - id: label
    asks: label
    says: The label names our shop and the AI.
    words: {en: [[AI], [Leaf]]}
    text: {en: AI host of Leaf}
  - id: notice
    asks: notice
    says: The host says now and then that she is an AI.
    words: {en: [[AI]]}
    every: 10m
"""


def test_those_that_were_asked_for_are_there() -> None:
    assert {
        "eu-ai-act", "china-labelling", "china-live-ecommerce", "new-york-synthetic-performer", "tiktok-shop-us-live",
        "youtube-altered-content", DEFAULT,
    } <= set(OURS.policies)  # fmt: skip
    assert {"tiktok", "youtube", "twitch", "facebook", "douyin", "custom"} <= set(OURS.presets)
    assert len(OURS.policies) == len(list(PROFILES.glob("*.yaml")))
    assert len(OURS.presets) == len(list(PRESETS.glob("*.yaml")))


@pytest.mark.parametrize("name", OURS.policies)
def test_each_names_its_sources_what_is_not_known_and_the_line_of_each_rule(name: str) -> None:
    policy = OURS.policies[name]
    written, text = policy.written, policy.path.read_text("utf-8").splitlines()
    assert written.checked <= date(2026, 11, 22)
    assert written.rules == [] or (written.sources and written.unverified)
    for rule in written.rules:
        assert f"id: {rule.id}" in text[policy.lines[rule.id] - 1]
        assert policy.place(rule) == f"{name}/{rule.id}, {name}.yaml:{policy.lines[rule.id]}"
        assert rule.says.rstrip().endswith(".")
        if isinstance(rule, LabelRule):
            assert all(says(text, rule.words) for text in rule.text.values())


@pytest.mark.parametrize("name", OURS.presets)
def test_each_platform_brings_policies_that_there_are(name: str) -> None:
    written = OURS.presets[name].written
    assert set(written.policies) <= set(OURS.policies)
    assert name == "custom" or (written.sources and written.unverified)
    assert not (written.rotate and written.session) or written.rotate < written.session


def test_the_dates_that_matter() -> None:
    eu, china = OURS.policies["eu-ai-act"], OURS.policies["china-labelling"].written
    assert (china.applies, OURS.policies["china-live-ecommerce"].written.applies) == (
        date(2025, 9, 1),
        date(2026, 2, 1),
    )
    assert OURS.policies["new-york-synthetic-performer"].written.applies == date(2026, 6, 9)
    marks = next(rule for rule in eu.written.rules if isinstance(rule, MarksRule))
    assert (eu.in_force(marks, date(2026, 12, 1)), eu.in_force(marks, date(2026, 12, 2))) == (False, True)
    assert any(isinstance(rule, VoiceRule) for rule in OURS.policies["tiktok-shop-us-live"].written.rules)
    assert any(isinstance(rule, DeclarationRule) for rule in OURS.policies["youtube-altered-content"].written.rules)


def test_one_that_was_checked_long_ago_says_so_and_where_to_look() -> None:
    policy = OURS.policies["youtube-altered-content"]
    last = due(policy.written)
    assert policy.stale(last) is None
    sentence = policy.stale(last + timedelta(days=1))
    assert sentence is not None
    assert "last checked on 2026-11-22, 121 days ago" in sentence
    assert "support.google.com/youtube/answer/14328491" in sentence
    assert "was last checked on" in (OURS.presets["twitch"].stale(date(2028, 1, 1)) or "")


def test_one_that_was_checked_at_the_end_of_all_days_is_due_then(tmp_path: Path) -> None:
    path = tmp_path / "late.yaml"
    path.write_text("title: House rules\nwhere: here\nchecked: 9999-12-31\n")
    written = read_policy(path).written
    assert due(written) == date.max


def test_a_brands_own_stand_beside_ours_and_in_for_them(tmp_path: Path) -> None:
    (tmp_path / "leaf.yaml").write_text(OWN)
    (tmp_path / "mine.yaml").write_text(OWN.replace("title: Our", "name: eu-ai-act\ntitle: Our"))
    known = library(tmp_path)
    assert known.policies["leaf"].own
    assert known.replaced == ("eu-ai-act",)
    assert known.policies["eu-ai-act"].written.title == "Our own rules"
    assert OURS.policies["eu-ai-act"].written.title != "Our own rules"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("asks: label", "asks: lable", 7, "lable"),
        ("every: 10m", "every: often", 15, "is not a duration"),
        ("text: {en: AI host of Leaf}", "text: {en: Our host}", 6, "does not say itself what 'words' asks for"),
        ("id: notice", "id: label", 1, "two rules are called 'label'"),
        ("checked: 2026-11-01", "checked: yesterday", 3, "yesterday"),
        ("again: 30", "agian: 30", 4, "did you mean 'again'"),
        ("title: Our own rules\n", "", 1, "title"),
        ("    says: The label names our shop and the AI.\n", "", 6, "says"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    path = tmp_path / "leaf.yaml"
    assert old in OWN
    path.write_text(OWN.replace(old, new))
    with pytest.raises(Problems) as caught:
        library(tmp_path)
    first = caught.value.problems[0]
    assert (first.path, first.line) == (str(path), line), str(first)
    assert said in str(first)


def test_a_folder_that_is_none_or_empty_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="no such folder"):
        library(tmp_path / "none")
    with pytest.raises(Problems, match="no policies"):
        library(tmp_path)
    (tmp_path / "My Rules.yaml").write_text(OWN)
    with pytest.raises(Problems, match="'My Rules' is no name of a policy"):
        library(tmp_path)
    (tmp_path / "bad.yaml").write_bytes(b"\x00\xff{{{")
    with pytest.raises(Problems, match=r"bad\.yaml"):
        library(tmp_path)
