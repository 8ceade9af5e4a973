"""Where the channel goes: outputs added, stopped, removed, given another key; OBS put right; the rules in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from host_engine.console import obs_standing, policy_standing
from host_engine.console.orders import Answered
from host_engine.console.panel import Order, Panel
from host_engine.console.row import section

SECRET = ("key",)
REFUSALS = (403, 404, 409, 422)  # are told where they were ordered, as the form stays open
ADDED = (
    "kind", "name", "platform", "url", "key", "key_env", "backup", "picture", "kbps", "label", "language", "delay",
    "rotate", "watch", "format", "segment", "days", "size",
)  # fmt: skip
OBS = "put_right", "by_hand", "obs"
POLICIES = "human_voice", "policies"


class OutputsPanel(Panel, component="assets/outputs.js"):
    """Admins change outputs; everybody sees how they are."""

    gives: ClassVar[Mapping[str, Order]] = {
        "add": Order("POST", "/api/outputs", ADDED, "{name} is added.", REFUSALS),
        "stop": Order("POST", "/api/outputs/{name}/stop", (), "{name} is stopped; the others go on."),
        "start": Order("POST", "/api/outputs/{name}/start", (), "{name} is started."),
        "key": Order("POST", "/api/outputs/{name}/key", ("key",), "{name} goes on with the new key.", REFUSALS),
        "remove": Order("DELETE", "/api/outputs/{name}", (), "{name} is removed."),
        "obs": Order("GET", "/api/obs", (), "", (404,)),
        "put_right": Order("POST", "/api/obs/put-right", (), "OBS is as the show wants it."),
        "by_hand": Order("POST", "/api/obs/by-hand", ("by_hand",)),
        "policies": Order("GET", "/api/policies", (), "", (404,)),
        "human_voice": Order("POST", "/api/policies/human-voice", ("on",)),
    }

    async def act(self, what: str, fields: dict[str, Any]) -> Answered | None:
        """A stream key goes to the API and is told to nobody again; what the API tells comes as rows."""
        sent = {name: value for name, value in fields.items() if value != ""}  # what is left empty is not sent
        answered = await super().act(what, sent)
        for secret in SECRET:
            fields.pop(secret, None)
        if answered is None or not answered.done or not isinstance(answered.body, Mapping):
            return answered
        if what in OBS:
            shown = {"rows": section(answered.body, obs_standing.rows), "by_hand": answered.body.get("by_hand")}
            return answered._replace(body=shown)
        if what in POLICIES:
            shown = {"rows": section(answered.body, policy_standing.rules)}
            return answered._replace(body=shown | {"human_voice": answered.body.get("human_voice") or {}})
        return answered
