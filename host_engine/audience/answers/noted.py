"""Replies from what the host's persona knows beside the catalog: her typical answers and her notes."""

from __future__ import annotations

from host_engine.audience.answers.reply import Ground, Reply, shortened

LEAST = 0.62  # how surely a passage must fit before it is said; a model may be shown less sure ones


def noted(ground: Ground) -> Reply | None:
    """The passage that fits the question, in the host's words; None without one."""
    knowledge = getattr(ground.words.persona, "knowledge", None)
    if knowledge is None:
        return None
    for hit in knowledge.find(ground.asked.text, 1, LEAST):
        text = shortened(hit.passage.text)
        if hit.passage.language.split("-")[0] != ground.asked.language:
            text = ground.words.say("quote_notes", text=text)
        return Reply(text, (hit.passage.evidence,), kind="note")
    return None
