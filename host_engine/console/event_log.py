"""What happened on air and at the desk."""

from __future__ import annotations

from host_engine.console.panel import Panel


class LogPanel(Panel, component="assets/log.js"):
    """The newest first; the lines of the show itself are in the as-run log."""
