"""The scene in which a human is seen instead of the host: an operator's camera fills the picture."""

from __future__ import annotations

from typing import Final

from host_engine.show.scene import Box, Label, Scene

HUMAN: Final = "human"  # the name of the scene, or of the family of scenes, that an operator's camera is seen in
LABELS: Final = {
    "en": "Human host", "de": "Mensch live", "fr": "Humain en direct", "es": "Persona real", "it": "Persona reale",
    "nl": "Mens live", "pt": "Pessoa real", "pl": "Człowiek na żywo", "zh": "真人主播",
}  # fmt: skip


def human_scene(like: Scene) -> Scene:
    """The scene made from another one: logo, LIVE, card, captions and ticker stay where they are; behind them is the
    camera, and the label says that a human is seen, because that of the AI host would not be true."""
    label = Label(box=like.label.box, text=LABELS, ink=like.label.ink, fill=like.label.fill)
    changes: dict[str, object] = {
        "name": HUMAN, "kind": "show", "host": None, "desk": None, "clip": None, "message": None,
        "camera": Box(0, 0, *like.size), "label": label, "obs": like.obs.model_copy(update={"scene": None}),
    }  # fmt: skip
    return like.model_copy(update=changes)
