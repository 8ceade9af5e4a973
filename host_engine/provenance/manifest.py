"""What is signed of a recording: that an AI made it, who lets it, and which content it is (C2PA 2.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from host_engine.outputs.marks import AIGC
from host_engine.provenance.label import COMPOSITE, TRAINED, aigc
from host_engine.provenance.reading import Found

ACTIONS = "c2pa.actions.v2"
FIELDS = "host-engine.aigc"  # our own assertion: the fields of GB 45438-2025, so that they are signed too


def manifest(found: Found, title: str, now: datetime) -> dict[str, Any]:
    """The definition of a manifest for a file with these marks, as c2pa takes it.

    It claims what the key frames say: `trainedAlgorithmicMedia` only where each of them does. Raises ValueError where
    there are no marks, as then nobody knows who made it.
    """
    if not found.contents:
        raise ValueError("there are no marks in it that say who made it")
    agent = {"name": "host-engine", "version": metadata.version("host-engine")}
    created = {
        "action": "c2pa.created",
        "when": _when(found) or now.astimezone(UTC).isoformat(timespec="seconds"),
        "softwareAgent": agent,
        "digitalSourceType": TRAINED if found.sources == (TRAINED,) else COMPOSITE,
    }
    fields = [{AIGC: aigc(producer, id)} for producer, id in found.contents]
    return {
        "claim_generator_info": [agent],
        "title": title,
        "assertions": [
            {"label": ACTIONS, "data": {"actions": [created]}},
            {"label": FIELDS, "data": {"contents": fields, "channel": str(found.first.get("channel", ""))}},
        ],
    }


def _when(found: Found) -> str | None:
    """When the first picture was made, where its mark tells in a way that others can read."""
    try:
        return datetime.fromisoformat(str(found.first["time"])).astimezone(UTC).isoformat(timespec="seconds")
    except (KeyError, ValueError):
        return None
