"""Whether the rules of countries and platforms are kept, in words."""

from __future__ import annotations

from collections.abc import Iterator

from host_engine.console.row import Facts, Row, several


def rows(facts: Facts) -> Iterator[Row]:
    """From /status, which has no sentences."""
    held, broken, forced = (len(facts.get(name) or ()) for name in ("in_force", "not_kept", "forced"))
    if broken:
        yield Row("wait", f"{several(broken, 'rule is', 'rules are')} not kept.")  # where one refuses, an alarm says so
    elif held:
        yield Row("good", f"{several(held, 'policy holds and is', 'policies hold and are')} kept.")
    if forced:
        yield Row("wait", f"{several(forced, 'rule is', 'rules are')} kept by force.")
    if facts.get("human_voice"):
        yield Row("wait", "Only people are heard; no line is said by an AI voice.")


def rules(state: Facts) -> Iterator[Row]:
    """From what operators are told: each policy that holds is kept, or what is not so, with the rule's sentence."""
    for policy in state.get("policies") or ():
        yield from _policy(policy)
    mode = state.get("human_voice") or {}
    if mode.get("on"):
        yield Row("wait", f"Only people are heard. {mode.get('because') or 'An operator has turned this on.'}")


def _policy(policy: Facts) -> Iterator[Row]:
    title = str(policy.get("title") or policy.get("name"))
    found = [rule for rule in policy.get("rules") or () if rule.get("what")]
    if not found:
        yield Row("good", f"{title}: kept.")
    else:
        refused = any(rule.get("outcome") == "refuse" for rule in found)
        yield Row("wrong" if refused else "wait", f"{title}: {several(len(found), 'thing', 'things')} to look at.")
    for rule in found:
        what = _short(str(rule["what"]))
        yield Row("off", f"{what[:1].upper()}{what[1:]}.")
    if old := policy.get("old"):
        yield Row("wait", f"{title}: {old}")


def _short(finding: str) -> str:
    """What is wrong and what to do, without the rule and its place, which `host-engine policy check` tells."""
    what, *more = finding.rstrip(".").split("; ")
    return "; ".join([what, *more[-1:]])
