"""Each kind of rule against channels that keep it and channels that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from host_engine.policies.demanding import demand
from host_engine.policies.facts import Facts, Goes, Label, Notice, Spot
from host_engine.policies.finding import Finding
from host_engine.policies.judgement import judge, length
from host_engine.policies.measured import Measured, broken
from host_engine.policies.profile import Policy, PolicyFile
from host_engine.policies.rules import LabelRule, MovingRule, Rule, SessionRule, says
from host_engine.show.label_demand import SafeArea

TODAY = date(2026, 11, 22)
AI = {"en": [["AI", "artificial"]], "zh": [["AI", "人工智能"], ["生成", "合成"]]}
LABEL = Label("studio", "AI host", 0.031, "top-right", Spot(None, ("label",)))
TUBE = Goes("tube", "youtube", (720, 1280), 25, 2500, None)
FACTS = Facts("en", {None: (LABEL,)}, targets=(TUBE,))


def rule(**written: Any) -> Any:
    return TypeAdapter(Rule).validate_python({"id": "r", "says": "This is what the rule says."} | written)


def policy(*rules: Any, applies: date | None = None) -> Policy:
    written = PolicyFile(title="A law", where="here", checked=TODAY, applies=applies, rules=list(rules))
    return Policy("law", written, Path("law.yaml"), {each.id: 7 for each in rules})


def found(facts: Facts, *rules: Any, **how: Any) -> list[Finding]:
    return judge(policy(*rules), facts, TODAY, **how)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("AI host", True), ("ai-generated", True), ("ARTIFICIAL host", True), ("host (AI)", True), ("AI生成", True),
        ("人工智能生成", True), ("A human", False), ("said the maid", False), ("人工", False), ("HAIR", False),
        ("", False), ("A I", False), ("🤖 AI 🤖", True),
    ],
)  # fmt: skip
def test_words_stand_by_themselves_in_any_language(text: str, kept: bool) -> None:
    assert says(text, AI) is kept


def test_a_language_that_must_be_is_that_language() -> None:
    assert not says("AI host", AI, "zh")
    assert says("AI生成", AI, "zh")
    assert not says("AI host", AI, "fr")


def test_a_label_is_judged_by_its_words_its_letters_and_its_corner() -> None:
    asked = rule(asks="label", words=AI, text={"en": "AI-made"}, letters=0.05, corner="bottom-left")
    wrong = replace(FACTS, labels={None: (LABEL._replace(words="Mira"), LABEL._replace(scene="close-up"))})
    words, letters, corner = found(wrong, asked)
    assert words.outcome == "force"
    assert words.what == "the AI label 'Mira' in the scene 'studio' does not say so in words that count"
    assert "3.1 % of the picture's shorter side" in letters.what
    assert "and so it is in 1 more" in letters.what
    assert "stands top-right" in corner.what
    assert words.sentence.startswith("the AI label 'Mira'")
    assert '"This is what the rule says" (law/r, law.yaml:7)' in words.sentence
    kept = LABEL._replace(letters=0.05, corner="bottom-left")
    assert not found(replace(FACTS, labels={None: (kept,)}), asked)


def test_a_target_with_a_label_of_its_own_is_judged_by_that() -> None:
    asked = rule(asks="label", words=AI, text={"en": "AI-made"})
    facts = replace(FACTS, labels={None: (LABEL,), "tube": (LABEL._replace(words="Mira"),)})
    (finding,) = found(facts, asked)
    assert finding.target == "tube"
    assert not found(facts, asked, targets=[TUBE._replace(name="other")])


@pytest.mark.parametrize(
    ("notices", "what"),
    [
        ((), "no mandatory line of the rundown says so"),
        ((Notice("hi", 60, ("Hello there.",)),), "no mandatory line of the rundown says so"),
        ((Notice("ai", 7200, ("I am an AI host.",)),), "the mandatory line 'ai' is said every 2h"),
        ((Notice("ai", 600, ("I am an AI host.", "I am Mira.")),), "no mandatory line of the rundown says so"),
        ((Notice("ai", 3600, ("I am an AI host.", "An AI speaks.")),), None),
    ],
)
def test_a_notice_is_said_often_enough_in_all_its_variants(notices: tuple[Notice, ...], what: str | None) -> None:
    wrong = found(replace(FACTS, notices=notices), rule(asks="notice", words=AI, every="1h"))
    assert [each.what for each in wrong] == ([what] if what else [])
    assert all(each.outcome == "refuse" for each in wrong)


def test_while_only_people_are_heard_they_have_to_say_the_notice() -> None:
    facts = replace(FACTS, human_voice=True, notices=(Notice("ai", 60, ("I am an AI host.",)),))
    (finding,) = found(facts, rule(asks="notice", words=AI, every="1h"))
    assert (finding.outcome, finding.do) == ("warn", "say it yourselves at least every 1h")


def test_voices_registration_sessions_and_declarations() -> None:
    voice = rule(asks="human-voice")
    assert [each.outcome for each in found(FACTS, voice)] == ["human-voice"]
    assert found(FACTS, voice, targets=[TUBE])[0].what == "the output 'tube' would get an AI voice"
    assert not found(replace(FACTS, human_voice=True), voice)
    number = rule(asks="registration")
    assert found(FACTS, number)[0].outcome == "refuse"
    assert not found(replace(FACTS, registration="123"), number)
    session = rule(asks="session", longest="4h")
    assert found(FACTS, session)[0].what == "a session of 'tube' is never ended"
    long = replace(FACTS, targets=(TUBE._replace(rotate=5 * 3600),))
    assert found(long, session)[0].what == "a session of 'tube' lasts 5h"
    assert not found(replace(FACTS, targets=(TUBE._replace(rotate=4 * 3600),)), session)
    declared = rule(asks="declaration", otherwise="refuse")
    assert "law/r" in found(FACTS, declared)[0].do
    assert not found(replace(FACTS, declared=frozenset({"law/r"})), declared)
    assert not found(FACTS, rule(asks="marks"), rule(id="m", asks="moving-picture", most=0.5))


def test_what_is_only_for_filmed_hosts_leaves_drawn_ones_alone() -> None:
    asked = rule(asks="registration", when="filmed")
    assert not found(FACTS, asked)
    assert found(replace(FACTS, filmed=True), asked)


def test_what_begins_later_is_a_warning_until_then() -> None:
    asked = rule(asks="registration", applies="2026-12-02")
    held = policy(asked, applies=date(2026, 8, 2))
    before, since = judge(held, FACTS, date(2026, 12, 1)), judge(held, FACTS, date(2026, 12, 2))
    assert (before[0].outcome, since[0].outcome) == ("warn", "refuse")
    assert "from 2026-12-02 on" in before[0].sentence


@pytest.mark.parametrize(
    ("own", "rules", "text"),
    [
        ("AI host", [(AI, {"en": "AI-made"}, None)], None),
        ("Mira", [(AI, {"en": "AI-made", "zh": "AI生成"}, None)], "AI-made"),
        ("AI host", [(AI, {"zh": "AI生成"}, "zh")], "AI生成"),
        ("KI-Moderation", [({"de": [["KI"]]}, {"de": "KI"}, None), (AI, {"zh": "AI生成"}, "zh")], "AI生成 · KI"),
        ("Mira", [(AI, {"zh": "AI生成"}, "zh"), ({"en": [["Leaf"]]}, {"en": "Leaf"}, None)], "AI生成 · Leaf"),
    ],
)
def test_the_forced_words_say_all_that_is_asked_for_and_no_more(own: str, rules: list[Any], text: str | None) -> None:
    asked = [rule(id=f"r{n}", asks="label", words=w, text=t, language=i) for n, (w, t, i) in enumerate(rules)]
    facts = replace(FACTS, labels={None: (LABEL._replace(words=own),)})
    made = demand(asked, judge(policy(*asked), facts, TODAY), own, "en")
    assert made.text == text
    assert all(says(made.text or own, each.words, each.language) for each in asked)


def test_size_and_place_of_all_rules_are_demanded_together() -> None:
    rules = [
        rule(id="a", asks="label", letters=0.03), rule(id="b", asks="label", letters=0.05, corner="top-left"),
        rule(id="c", asks="label", letters=0.1, otherwise="warn"),
    ]  # fmt: skip
    made = demand([each for each in rules if isinstance(each, LabelRule)], [], "AI host", "en", SafeArea(top=0.1))
    assert (made.text, made.letters, made.corner, made.safe.top) == (None, 0.05, "top-left", 0.1)


def test_what_is_measured_on_air() -> None:
    session, moving = rule(asks="session", longest="1h"), rule(id="m", asks="moving-picture", most=0.5, within="60s")
    assert isinstance(session, SessionRule)
    assert isinstance(moving, MovingRule)
    held = policy(session, moving)
    assert broken(held, session, Measured({"tube": 3630.0}), None) is None
    assert "the session of 'tube' has lasted 2h" in (broken(held, session, Measured({"tube": 7200.0}), None) or "")
    assert broken(held, session, Measured({"tube": 7200.0}), ("other",)) is None
    assert broken(held, moving, Measured({}, {60.0: 0.4}), None) is None
    assert broken(held, moving, Measured({}, {60.0: None}), None) is None
    assert "72 % of the picture has stood still for 1m" in (
        broken(held, moving, Measured({}, {60.0: 0.72}), None) or ""
    )


def test_lengths_are_written_as_in_a_file() -> None:
    assert [length(each) for each in (0, 59, 60, 3600, 5400, 27_900)] == ["0s", "59s", "1m", "1h", "1h30m", "7h45m"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"asks": "label", "words": AI}, "needs a 'text'"),
        ({"asks": "label", "words": AI, "text": {"en": "Mira"}}, "does not say itself"),
        ({"asks": "label", "words": {"en": [["AI"]]}, "text": {"en": "AI"}, "language": "zh"}, "has none for 'zh'"),
        ({"asks": "moving-picture", "most": 2}, "less than 1"),
        ({"asks": "session", "longest": "1s"}, "greater than or equal to 60"),
        ({"asks": "marks", "otherwise": "refuse"}, "engine"),
        ({"asks": "nothing"}, "nothing"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(written: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rule(**written)
