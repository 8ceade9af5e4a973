"""The line at the top, the alarms below it, and the feed that keeps all panels right."""

from __future__ import annotations

from nicegui.element import Element

from host_engine.console.panel import Panel


class Top(Panel, component="assets/top.js"):
    """The signal, the channel, the figures, and who is signed in."""


class FeedElement(Element, component="assets/feed.js"):
    """Listens to the feed; tells when the page is looked at, and when not."""
