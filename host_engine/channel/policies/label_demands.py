"""What the policies of a channel ask of its AI label: of the one of the picture, and of those that targets have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from host_engine.channel_file.config import Recording, RtmpTarget, WhipTarget
from host_engine.policies.demanding import BETWEEN, demand, words
from host_engine.policies.facts import Facts
from host_engine.policies.finding import Finding
from host_engine.policies.profile import Policy
from host_engine.policies.rules import LabelRule, SessionRule
from host_engine.show.label_demand import LabelDemand, SafeArea

SPARE = 45.0  # seconds before the longest session is over, at which it is ended
READABLE = 0.03  # of the picture's shorter side: the least height of letters where a number is among them

Output = RtmpTarget | WhipTarget | Recording


def demanded(
    policies: Iterable[Policy], facts: Facts, findings: Iterable[Finding], safe: SafeArea, day: date
) -> LabelDemand:
    """What is asked of the label of the picture itself. A registration number is shown behind its words."""
    rules = [rule for policy in policies for rule in label_rules(policy, facts, day)]
    own = next((label.words for label in facts.of(None)), "")
    asked = demand(rules, findings, own, facts.language, safe)
    if facts.registration is None:
        return asked
    text = BETWEEN.join([asked.text or own, facts.registration])
    return replace(asked, text=text, letters=max(asked.letters, READABLE))


def label_rules(policy: Policy, facts: Facts, day: date) -> list[LabelRule]:
    """Those of a policy that are in force and apply to this channel."""
    return [
        each
        for each in policy.written.rules
        if isinstance(each, LabelRule) and policy.in_force(each, day) and (each.when == "always" or facts.filmed)
    ]


def put_right(outputs: Iterable[Output], findings: Iterable[Finding], facts: Facts) -> list[Output]:
    """The outputs, with the words put right of those that have a label of their own, and with sessions that end."""
    forced: dict[str, list[LabelRule]] = {}
    ends: dict[str, float] = {}
    for each in findings:
        if each.outcome != "force" or not each.target:
            continue
        if isinstance(each.rule, LabelRule):
            forced.setdefault(each.target, []).append(each.rule)
        elif isinstance(each.rule, SessionRule):
            ends[each.target] = min(ends.get(each.target, each.rule.longest), each.rule.longest)
    worded = [_put_right(each, forced.get(each.name, []), facts) for each in outputs]
    return [_ended(each, ends[each.name]) if each.name in ends else each for each in worded]


def _ended(output: Output, longest: float) -> Output:
    """With sessions that are ended before they are too long: at the end of a line, which may take half a minute."""
    return output.model_copy(update={"rotate": max(60.0, longest - max(SPARE, longest / 50))})


def _put_right(output: Output, rules: list[LabelRule], facts: Facts) -> Output:
    if isinstance(output, Recording) or not (output.label or (rules and output.language)):
        return output
    own = next((label.words for label in facts.of(output.name)), output.label or "")
    text = words(rules, own, output.language or facts.language) if rules else own
    if facts.registration and facts.registration not in text:
        text = BETWEEN.join([text, facts.registration])
    return output if text == output.label else output.model_copy(update={"label": text})
