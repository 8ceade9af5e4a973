"""What is to be known of content that an AI made: the fields of GB 45438-2025, and where its pictures come from.

The seven keys and the places that they have in files are those of GB 45438-2025, annex E, and of the practice guide
TC260-PG-20257A (2025-08). `Label` "1" is content that an AI made; the two of the propagator are left to platforms.
The sources are IPTC's (http://cv.iptc.org/newscodes/digitalsourcetype/), which C2PA takes over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

FIELDS = (
    "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
)  # fmt: skip
MADE_BY_AI = "1"
LABELS = {"1": "was made by an AI", "2": "may have been made by an AI", "3": "is suspected to be made by an AI"}

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = IPTC + "trainedAlgorithmicMedia"
COMPOSITE = IPTC + "compositeWithTrainedAlgorithmicMedia"
SOURCES = {
    TRAINED: "made by an AI",
    COMPOSITE: "made by an AI, together with pictures or voices that were recorded",
}


def aigc(producer: str, id: str) -> dict[str, str]:
    """The fields as the producer writes them. `id`: of this content, by whoever produced it."""
    return dict.fromkeys(FIELDS, "") | {"Label": MADE_BY_AI, "ContentProducer": producer, "ProduceID": id}


def understood(value: Any) -> dict[str, str] | None:
    """The fields of a value found in a file: JSON or what was read from it, as it is or inside an "AIGC". None where it
    is nothing of the kind."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, Mapping) and isinstance(value.get("AIGC"), Mapping):
        value = value["AIGC"]
    if not isinstance(value, Mapping) or not isinstance(value.get("Label"), str):
        return None
    return {name: each for name in FIELDS if isinstance(each := value.get(name, ""), str)}
