"""Taking over by voice or camera, and the prompter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from host_engine.console.panel import Order, Panel


class Prompter(Panel, component="assets/prompter.js"):
    """The browser speaks WebRTC with the channel itself: sound does not go through here."""

    gives: ClassVar[Mapping[str, Order]] = {
        "said": Order("POST", "/api/takeover/next", ("line",)),
        "scene": Order("POST", "/api/scene", ("name",)),
    }
