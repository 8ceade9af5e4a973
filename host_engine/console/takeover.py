"""Taking over by voice or camera, and the prompter."""

from __future__ import annotations

from host_engine.console.panel import Panel


class Prompter(Panel, component="assets/prompter.js"):
    """The browser speaks WebRTC with the channel itself: sound does not go through here."""
