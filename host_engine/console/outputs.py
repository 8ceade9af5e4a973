"""Where the channel goes: added, stopped and given another key while the others go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from host_engine.console.orders import Answered
from host_engine.console.panel import Order, Panel

SECRET = ("key",)


class OutputsPanel(Panel, component="assets/outputs.js"):
    """Admins change outputs; everybody sees how they are."""

    gives: ClassVar[Mapping[str, Order]] = {
        "add": Order("POST", "/api/outputs", ("kind", "name", "url", "key"), "{name} is added."),
        "stop": Order("POST", "/api/outputs/{name}/stop", (), "{name} is stopped."),
        "start": Order("POST", "/api/outputs/{name}/start", (), "{name} is started."),
        "key": Order("POST", "/api/outputs/{name}/key", ("key",), "{name} goes on with the new key."),
    }

    async def act(self, what: str, fields: dict[str, Any]) -> Answered | None:
        """A stream key goes to the API and is told to nobody again."""
        answered = await super().act(what, dict(fields))
        for secret in SECRET:
            fields.pop(secret, None)
        return answered
