"""The chart of how long frames take, against the time that they have."""

from __future__ import annotations

from host_engine.console.panel import Panel


class FramesPanel(Panel, component="assets/frames.js"):
    """Drawn in the browser, from two numbers a frame."""
