"""What of the policies can only be seen on air: how long sessions last, and how much of the picture stands still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from host_engine.policies.judgement import length
from host_engine.policies.profile import Policy
from host_engine.policies.rules import MovingRule, SessionRule

GRACE = 60.0  # seconds after which a session that ought to have ended is a trouble: it ends at the end of a line


class Measured(NamedTuple):
    """live: seconds of the session of each target that is on air. still: by seconds, the share of the picture that has
    not moved for so long; None where that is not known."""

    live: Mapping[str, float]
    still: Mapping[float, float | None] = {}


def broken(
    policy: Policy, rule: SessionRule | MovingRule, measured: Measured, targets: Iterable[str] | None
) -> str | None:
    """A sentence where a rule is broken now. `targets`: those that it holds for; None: for all."""
    what = _session(rule, measured, targets) if isinstance(rule, SessionRule) else _moving(rule, measured)
    says = rule.says.rstrip(". ")
    return what and f'{what}; {policy.written.title}: "{says}" ({policy.place(rule)})'


def _session(rule: SessionRule, measured: Measured, targets: Iterable[str] | None) -> str | None:
    wanted = measured.live if targets is None else [each for each in targets if each in measured.live]
    late = [name for name in wanted if measured.live[name] > rule.longest + GRACE]
    if not late:
        return None
    name = max(late, key=lambda each: measured.live[each])
    lasts, most = length(measured.live[name]), length(rule.longest)
    return f"the session of '{name}' has lasted {lasts}, and {most} are allowed; stop it and start it again"


def _moving(rule: MovingRule, measured: Measured) -> str | None:
    share = measured.still.get(rule.within)
    if share is None or share <= rule.most:
        return None
    return (
        f"{100 * share:.0f} % of the picture has stood still for {length(rule.within)}, and {100 * rule.most:.0f} % "
        "are allowed; show a camera, a video, or a scene in which more moves"
    )
