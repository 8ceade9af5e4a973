"""Orders that change nothing, and why."""

from __future__ import annotations

from collections.abc import Sequence

from host_engine.gate.verdict import Finding


class NotDone(ValueError):
    """An order that changes nothing: a sentence says why. `status` is the HTTP status to answer.

    findings: what the fact gate holds against the words, where it is they that were refused.
    """

    def __init__(self, sentence: str, status: int = 409, findings: Sequence[Finding] = ()) -> None:
        super().__init__(sentence)
        self.status, self.findings = status, tuple(findings)
