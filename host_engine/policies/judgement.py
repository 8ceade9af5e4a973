"""Judges a channel by a policy: each rule against the facts. Pure, and the same before the start and on air."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from host_engine.policies.facts import Facts, Goes, Label, Spot
from host_engine.policies.finding import Finding
from host_engine.policies.profile import Policy
from host_engine.policies.rules import (
    DeclarationRule,
    LabelRule,
    NoticeRule,
    RegistrationRule,
    Rule,
    SessionRule,
    VoiceRule,
    says,
)

TOLERANCE = 0.0005  # of the letters' height: pixels are whole


def judge(policy: Policy, facts: Facts, today: date, targets: Iterable[Goes] | None = None) -> list[Finding]:
    """What of a policy the channel does not keep. `targets`: those that it holds for; None: for the whole channel.

    What begins later is a warning until then.
    """
    only = None if targets is None else tuple(targets)
    found: list[Finding] = []
    for rule in policy.written.rules:
        if rule.when == "filmed" and not facts.filmed:
            continue
        for finding in _judged(policy, rule, facts, only):
            begins = policy.begins(rule)
            if not policy.in_force(rule, today):
                finding = finding._replace(outcome="warn", begins=str(begins))
            found.append(finding)
    return found


def _judged(policy: Policy, rule: Rule, facts: Facts, only: tuple[Goes, ...] | None) -> Iterator[Finding]:
    match rule:
        case LabelRule():
            yield from _labels(policy, rule, facts, only)
        case NoticeRule():
            yield from _notice(policy, rule, facts)
        case RegistrationRule():
            if not facts.registration:
                spot = _into(facts.compliance, "registration")
                do = "write the number under compliance.registration; it is shown on the picture"
                yield Finding(policy, rule, rule.otherwise, "no registration number is given", do, spot, _one(only))
        case VoiceRule():
            yield from _voice(policy, rule, facts, only)
        case SessionRule():
            yield from _sessions(policy, rule, facts.targets if only is None else only)
        case DeclarationRule():
            name = f"{policy.name}/{rule.id}"
            if name not in facts.declared:
                do = f"do so, then write '{name}' into the list compliance.declared"
                spot = _into(facts.compliance, "declared")
                what = "it is not declared that this was done"
                yield Finding(policy, rule, rule.otherwise, what, do, spot, _one(only))
        case _:
            pass  # measured on air, or done by the engine itself


def _labels(policy: Policy, rule: LabelRule, facts: Facts, only: tuple[Goes, ...] | None) -> Iterator[Finding]:
    """One finding for each target that shows a label of its own, and for each of what is wrong with it."""
    shown: dict[tuple[Label, ...], str | None] = {}
    for target in (None, *facts.labels) if only is None else [each.name for each in only]:
        shown.setdefault(facts.of(target), target if target in facts.labels else None)
    for labels, target in shown.items():
        wrong: dict[str, list[tuple[Label, str, str]]] = {}
        for label in labels:
            for kind, what, do in _wrong(rule, label, target):
                wrong.setdefault(kind, []).append((label, what, do))
        for found in wrong.values():
            label, what, do = found[0]
            others = f", and so it is in {len(found) - 1} more" if len(found) > 1 else ""
            do = f"it is drawn so by itself; to have it your own way, {do}" if rule.otherwise == "force" else do
            yield Finding(policy, rule, rule.otherwise, f"{what}{others}", do, label.spot, target)


def _wrong(rule: LabelRule, label: Label, target: str | None) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a label: of which kind, in a clause, and what to do about it."""
    scene = f"in the scene '{label.scene}'"
    if rule.words and not says(label.words, rule.words, rule.language):
        instead = " or ".join(f"'{text}'" for text in _examples(rule)) or "words that do"
        where = f"label of the output '{target}'" if target else "label"
        what = f"the AI label '{label.words}' {scene} does not say so in words that count"
        yield "words", what, f"write {instead} as its {where}"
    if label.letters < rule.letters - TOLERANCE:
        high, least = 100 * label.letters, 100 * rule.letters
        what = f"the letters of the AI label are {high:.1f} % of the picture's shorter side high {scene}"
        yield "letters", what, f"give it a box in which they have {least:g} %"
    if rule.corner and label.corner != rule.corner:
        yield "corner", f"the AI label stands {label.corner} {scene}", f"put it {rule.corner}"


def _examples(rule: LabelRule) -> list[str]:
    """Texts that will do: the one that must be, or some of those that may."""
    if rule.language and rule.language in rule.text:
        return [rule.text[rule.language]]
    return list(dict.fromkeys(rule.text.values()))[:2]


def _notice(policy: Policy, rule: NoticeRule, facts: Facts) -> Iterator[Finding]:
    if facts.human_voice:
        do = f"say it yourselves at least every {length(rule.every)}"
        yield Finding(
            policy, rule, "warn", "while only people are heard nobody says it by itself", do, facts.notice_spot
        )
        return
    said = [each for each in facts.notices if all(says(text, rule.words) for text in each.texts)] if rule.words else []
    said = said or ([] if rule.words else list(facts.notices))
    if any(each.seconds <= rule.every + 1e-6 for each in said):
        return
    often = length(rule.every)
    if said:
        least = min(said, key=lambda each: each.seconds)
        what = f"the mandatory line '{least.id}' is said every {length(least.seconds)}"
        yield Finding(policy, rule, rule.otherwise, what, f"say it every {often}", least.spot)
        return
    words = next(iter(rule.words.values()), [["AI"]])
    example = " and ".join(f"'{forms[0]}'" for forms in words)
    do = f"write a line with {example} under 'mandatory' in the rundown, with 'every: {often}' and for all products"
    yield Finding(policy, rule, rule.otherwise, "no mandatory line of the rundown says so", do, facts.notice_spot)


def _voice(policy: Policy, rule: VoiceRule, facts: Facts, only: tuple[Goes, ...] | None) -> Iterator[Finding]:
    if facts.human_voice:
        return
    if rule.otherwise == "human-voice":
        do = "so no line is said by an AI voice: people speak through the take-over, the rest is read in the captions"
    else:
        do = "write 'human_voice: true' under compliance and let people speak, or do not go there"
    for target in only or (None,):
        what = f"the output '{target.name}' would get an AI voice" if target else "an AI voice would be heard"
        spot = target.spot if target else _into(facts.compliance, "human_voice")
        yield Finding(policy, rule, rule.otherwise, what, do, spot, target.name if target else None)


def _sessions(policy: Policy, rule: SessionRule, targets: Iterable[Goes]) -> Iterator[Finding]:
    for each in targets:
        if each.rotate is None or each.rotate > rule.longest:
            now = "is never ended" if each.rotate is None else f"lasts {length(each.rotate)}"
            do = f"write 'rotate: {length(rule.longest)}' at this output, or less"
            what = f"a session of '{each.name}' {now}"
            yield Finding(policy, rule, rule.otherwise, what, do, each.spot, each.name)


def _one(only: tuple[Goes, ...] | None) -> str | None:
    return only[0].name if only and len(only) == 1 else None


def _into(spot: Spot, key: str) -> Spot:
    return Spot(spot.path, (*spot.loc, key))


def length(seconds: float) -> str:
    """A length of time as a file writes it: "1h30m"."""
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "m"), (left, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"
