"""Who speaks and who appears: voices, hosts and their clothes, changed while on air."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from host_engine.console.panel import Order, Panel


class CastPanel(Panel, component="assets/cast.js"):
    """A host is drawn beside the show and comes on air when she is ready; a voice with the next line made ready."""

    gives: ClassVar[Mapping[str, Order]] = {
        "voices": Order("GET", "/api/voices"),
        "hosts": Order("GET", "/api/hosts"),
        "voice": Order("POST", "/api/voice", ("use",), "It speaks from the next lines on."),
        "host": Order("POST", "/api/host", ("host", "outfit"), "{host} is on air."),
    }
