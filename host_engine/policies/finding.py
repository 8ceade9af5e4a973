"""What a policy finds: where a channel is not as a rule asks, in a sentence, and what follows from it."""

from __future__ import annotations

from typing import NamedTuple

from host_engine import document
from host_engine.document import Problem
from host_engine.policies.facts import NOWHERE, Spot
from host_engine.policies.profile import Policy
from host_engine.policies.rules import LabelRule, Outcome, Rule


class Finding(NamedTuple):
    """One rule that a channel does not keep. `what` and `do` are sentences without their full stops."""

    policy: Policy
    rule: Rule
    outcome: Outcome
    what: str
    do: str
    spot: Spot = NOWHERE
    target: str | None = None  # that it is about, where it is not about the whole channel
    begins: str = ""  # the day on which the rule begins, where that is yet to come

    @property
    def name(self) -> str:
        """Such as "china-labelling/label"."""
        return f"{self.policy.name}/{self.rule.id}"

    @property
    def sentence(self) -> str:
        """What is wrong, the rule in our own words, where it is written, and what to do."""
        title, rule = self.policy.written.title, self.rule.says.rstrip(". ")
        since = f"from {self.begins} on, " if self.begins else ""
        return f'{self.what}; {since}{title}: "{rule}" ({self.policy.place(self.rule)}); {self.do}'

    @property
    def problem(self) -> Problem:
        """The finding at its place in a file."""
        if self.spot.path is None:
            return Problem(self.policy.name, None, "", self.sentence)
        return document.problem_at(self.spot.path, self.spot.loc, self.sentence)

    @property
    def is_of_label(self) -> bool:
        """Whether it is about the label."""
        return isinstance(self.rule, LabelRule)
