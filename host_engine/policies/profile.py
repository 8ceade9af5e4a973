"""A policy: what a law or a platform asks of a channel with an AI host, where that is written, and when it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from host_engine.policies.rules import Name, Part, Rule

NO_ADVICE = "This is not legal advice."


class Source(Part):
    """Where a rule is written."""

    id: Name
    title: str = Field(min_length=3, max_length=200)
    url: str | None = Field(None, pattern=r"^https?://\S+$")
    read: str = Field(min_length=3, max_length=300, description="What was read of it, and how: itself, or a report.")


class PolicyFile(Part):
    """One file of the folder of policies."""

    name: Name | None = Field(None, description="The name of the file when left out.")
    title: str = Field(min_length=3, max_length=120)
    kind: Literal["law", "platform", "house"] = Field("house", description="house: your own rules.")
    where: str = Field(min_length=2, max_length=120, description="The country or platform.")
    applies: date | None = Field(None, description="From when on it is in force; at once when left out.")
    checked: date = Field(description="When somebody last read the sources.")
    again: int = Field(120, ge=1, le=3650, description="Days after which they ought to be read again.")
    sources: list[Source] = Field(default_factory=list)
    unverified: list[str] = Field(default_factory=list, description="What could not be found out.")
    notes: list[str] = Field(default_factory=list, description="What else is good to know.")
    rules: list[Rule] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> PolicyFile:
        ids = [rule.id for rule in self.rules]
        if twice := next((id for id in ids if ids.count(id) > 1), None):
            raise ValueError(f"two rules are called '{twice}'; give each its own id")
        known = {source.id for source in self.sources}
        if unknown := next((rule.source for rule in self.rules if rule.source and rule.source not in known), None):
            raise ValueError(f"a rule names the source '{unknown}', which is not among the sources")
        return self


@dataclass(frozen=True)
class Policy:
    """A policy as it was read: its name, its file, and the line of each of its rules."""

    name: str
    written: PolicyFile
    path: Path
    lines: Mapping[str, int]
    own: bool = False  # of the brand's own folder

    def stale(self, today: date) -> str | None:
        """A sentence where the sources were read too long ago."""
        age = (today - self.written.checked).days
        if age <= self.written.again:
            return None
        links = ", ".join(source.url for source in self.written.sources if source.url) or "its sources"
        return (
            f"the policy '{self.name}' was last checked on {self.written.checked}, {age} days ago; rules change: read "
            f"{links} again, and put 'checked' right in a policy file of your own (compliance.folder)"
        )

    def in_force(self, rule: Rule, today: date) -> bool:
        """Whether a rule applies by now."""
        since = rule.applies or self.written.applies
        return since is None or since <= today

    def begins(self, rule: Rule) -> date | None:
        """From when on a rule applies."""
        return rule.applies or self.written.applies

    def place(self, rule: Rule) -> str:
        """Where a rule is written, for people: "china-labelling/label, china-labelling.yaml:23"."""
        path = self.path if self.own else Path(self.path.name)
        return f"{self.name}/{rule.id}, {path}:{self.lines.get(rule.id, 1)}"


def due(written: PolicyFile) -> date:
    """When the sources ought to be read again."""
    return written.checked + min(timedelta(days=written.again), date.max - written.checked)
