"""How a channel stands to its policies, in plain values: for operators and the console."""

from __future__ import annotations

from datetime import date
from typing import Any

from host_engine.channel.policies.ruling import Holding, Ruling
from host_engine.policies.finding import Finding
from host_engine.policies.profile import NO_ADVICE, due
from host_engine.policies.rules import Rule


def described(ruling: Ruling, day: date) -> dict[str, Any]:
    """{policies: [{name, title, kind, where, checked, due, old, targets, unverified, rules}], label, registration,
    advice}."""
    demand = ruling.demand
    return {
        "policies": [_policy(each, ruling, day) for each in ruling.holding],
        "label": {
            "text": demand.text,
            "letters": demand.letters,
            "corner": demand.corner,
            "covered": dict(zip(("left", "top", "right", "bottom"), demand.safe, strict=True)),
        },
        "registration": ruling.facts.registration,
        "advice": NO_ADVICE,
    }


def _policy(held: Holding, ruling: Ruling, day: date) -> dict[str, Any]:
    policy, written = held.policy, held.policy.written
    found = {each.rule.id: each for each in reversed(ruling.findings) if each.policy is policy}
    return {
        "name": policy.name,
        "title": written.title,
        "kind": written.kind,
        "where": written.where,
        "checked": written.checked.isoformat(),
        "due": due(written).isoformat(),
        "old": policy.stale(day),
        "own": policy.own,
        "targets": list(held.targets) if held.targets is not None else None,
        "unverified": written.unverified,
        "rules": [_rule(rule, found.get(rule.id), held, day) for rule in written.rules],
    }


def _rule(rule: Rule, finding: Finding | None, held: Holding, day: date) -> dict[str, Any]:
    begins = held.policy.begins(rule)
    return {
        "id": rule.id,
        "asks": rule.asks,
        "says": rule.says,
        "begins": begins.isoformat() if begins else None,
        "in_force": held.policy.in_force(rule, day),
        "otherwise": rule.otherwise,
        "kept": finding is None,
        "outcome": finding.outcome if finding else None,
        "what": finding.sentence if finding else None,
    }
