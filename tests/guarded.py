"""An app with a real guard, its tokens, and what it keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import APIRouter, Request

from host_engine.access.audit_log import AuditLog
from host_engine.access.keyring import Keyring
from host_engine.access.making import make
from host_engine.access.refusals import Refusals
from host_engine.access.sessions import Sessions
from host_engine.access.who import Role
from host_engine.control.api import make_app
from host_engine.control.doors import Doors
from host_engine.control.operators.access import access_routes
from host_engine.control.operators.guard import TokenGuard
from host_engine.control.operators.standing import Standing

START = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


class Clock:
    """Seconds, and the same as time of day."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def unix(self) -> float:
        return self.now().timestamp()


class Guarded:
    """`POST /api/act` needs an operator, `GET /api/see` a viewer, `GET /api/audit` an admin."""

    enters = True  # by its own routes of access

    def __init__(self, folder: Path, requests: float = 0, proxies: tuple[str, ...] = ()) -> None:
        self.file, self.clock = folder / "demo.tokens", Clock()
        self.rows: list[dict[str, Any]] = []
        self.acts: list[str] = []
        audit = AuditLog(lambda kind, text, **details: self.rows.insert(0, {"seq": len(self.rows) + 1, **details}))
        self.keyring = Keyring(self.file, now=self.clock.now)
        self.guard = TokenGuard(
            self.keyring,
            Sessions(12, self.clock.unix),
            audit,
            Refusals(audit, self.clock),
            cookie="host_engine_demo",
            doors=Doors(proxies=proxies),
            requests=requests,
            clock=self.clock,
        )
        self.app = make_app(dict, lambda: True, lambda: [], None, lambda: None, guard=self.guard)  # type: ignore[arg-type]
        if self.enters:
            self.app.include_router(access_routes(self._rows, self.guard))
        self.app.include_router(self._acting())
        self.app.add_middleware(Standing, admits=self.guard.admits)

    def token(self, role: Role = "operator", name: str = "anna", days: float | None = 30) -> str:
        """A new token's secret."""
        return make(self.file, name, role, timedelta(days=days) if days else None, self.clock.now())[0]

    def client(self, token: str = "", address: str = "192.0.2.7", **options: Any) -> httpx.AsyncClient:
        """A client at an address, with a token or without."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(self.app, client=(address, 4711))
        return httpx.AsyncClient(transport=transport, base_url="http://channel:8080", headers=headers, **options)

    async def _rows(self, limit: int, before: int | None) -> list[dict[str, Any]]:
        return [each for each in self.rows if before is None or each["seq"] < before][:limit]

    def _acting(self) -> APIRouter:
        router = APIRouter()

        @router.post("/api/act")
        async def act(request: Request) -> dict[str, str]:
            who = self.guard.let_in(request)
            self.acts.append(who.name)
            self.guard.audit(who, "act")
            return {"who": who.name, "address": who.address}

        @router.get("/api/see")
        async def see(request: Request) -> dict[str, str]:
            return {"role": self.guard.let_in(request, "viewer").role}

        return router
