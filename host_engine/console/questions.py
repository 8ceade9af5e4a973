"""Answers that wait for review, and the questions that the team answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from host_engine.console.panel import Order, Panel


class QuestionsPanel(Panel, component="assets/questions.js"):
    """Approve, veto, or answer by hand; the fact gate reads what is answered by hand, too."""

    gives: ClassVar[Mapping[str, Order]] = {
        "approve": Order("POST", "/api/desk/{id}/approve", (), "It is said next."),
        "veto": Order("POST", "/api/desk/{id}/veto", (), "It is not said."),
        "answer": Order("POST", "/api/desk/{id}/answer", ("text",), "It is said next."),
    }
