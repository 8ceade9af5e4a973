"""Who is let to the operators' routes."""

from __future__ import annotations

from typing import Protocol

from fastapi import Request
from starlette.websockets import WebSocket

from host_engine.access.who import Audit, Role, Who


class Guard(Protocol):
    """Asks each request for its token. Raises HTTPException: 401, 403, 429, each with a sentence, and keeps them."""

    audit: Audit

    def let_in(self, connection: Request | WebSocket, role: Role = "operator") -> Who:
        """Who it is, where they may do what needs `role`."""
