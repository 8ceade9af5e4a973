"""What somebody should look at now, each trouble in a sentence."""

from __future__ import annotations

from host_engine.console.panel import Panel


class AlarmsPanel(Panel, component="assets/alarms.js"):
    """Is there only while there is trouble."""
