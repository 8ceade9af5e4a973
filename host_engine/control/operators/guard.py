"""Who is let to the operators' routes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from fastapi import HTTPException, Request
from starlette.types import Scope
from starlette.websockets import WebSocket

from host_engine.access.keyring import Keyring
from host_engine.access.refusals import Refusals
from host_engine.access.sessions import Sessions
from host_engine.access.token import LONGEST, Token
from host_engine.access.who import Audit, Role, Who
from host_engine.control.doors import Doors
from host_engine.control.operators.same_origin import SAFE, trouble
from host_engine.control.pace import Pace

LET_IN = "host_engine.let_in"  # in the scope of a request: how it was let in
WRONG, AT_ONCE = 1 / 6, 10.0  # wrong tokens of one address a second, and at once
SLOW = 0.5  # seconds that the answer to a wrong token takes
IN_ADDRESS = {"token", "access_token", "api_key", "key", "authorization", "secret"}

HOW = "Send 'Authorization: Bearer TOKEN' with a token of this channel, or log in at /console."
MAKE = "No token has been made yet: on the machine of this channel, run 'host-engine token make NAME --role operator'."
UNKNOWN = "This token opens nothing here. See 'host-engine token list' on the machine of this channel."
LEAKED = "A token in an address ends up in logs and histories: send it as a header, revoke this one and make another."
LOGGED_OUT = "You are not logged in any more. Please show your token again."


class Guard(Protocol):
    """Asks each request for its token. Raises HTTPException: 401, 403, 429, each with a sentence, and keeps them."""

    audit: Audit

    def let_in(self, connection: Request | WebSocket, role: Role = "operator") -> Who:
        """Who it is, where they may do what needs `role`."""


class LetIn(NamedTuple):
    """How a request was let in: what must still hold while it goes on."""

    token: str  # hash
    role: Role  # that it needs
    cookie: str = ""


class Denied(HTTPException):
    """A refusal at the guard. `slow`: seconds that its answer is to take."""

    def __init__(self, status: int, sentence: str, wait: float = 0, slow: float = 0, name: str = "") -> None:
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
        headers |= {"Retry-After": str(math.ceil(wait))} if wait else {}
        super().__init__(status, sentence, headers or None)
        self.slow, self.name = slow, name


class TokenGuard:
    """The `Guard` of a channel: a bearer token, or for browsers the cookie that `POST /api/session` gave for one.

    Whoever holds a good token is let in, however many wrong ones come from the same address: 256 bits cannot be
    guessed, so what is slowed down is the noise, and no neighbour can lock an operator out.
    """

    def __init__(
        self,
        keyring: Keyring,
        sessions: Sessions,
        audit: Audit,
        refusals: Refusals,
        *,
        cookie: str = "host_engine",
        doors: Doors | None = None,
        requests: float = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """cookie: its name; a cookie belongs to all ports of a machine, so each channel needs its own.

        doors: who knows which proxies are believed. requests: a second with one token; 0 is no limit.
        """
        self.keyring, self.sessions, self.audit, self.refusals = keyring, sessions, audit, refusals
        self.cookie, self.doors = cookie, doors or Doors()
        self._pace = Pace(requests, 2 * requests, clock=clock)
        self._wrong = Pace(WRONG, AT_ONCE, clock=clock)

    def let_in(self, connection: Request | WebSocket, role: Role = "operator") -> Who:
        """See `Guard`. Let a WebSocket in before it is accepted; those of browsers bring the cookie."""
        address = self.doors.who(connection.scope)
        try:
            token = self._token(connection, address)
            if wait := self._pace.take(token.hash):
                raise Denied(429, f"This token asks too often. Please wait {math.ceil(wait)} s.", wait, name=token.name)
            who = Who(token.name, token.role, address)
            if not who.may(role):
                raise Denied(403, f"This needs the role {role}, and this token has {token.role}.", name=token.name)
        except Denied as denied:
            self.refuse(connection, denied)
            raise
        cookie = "" if "authorization" in connection.headers else connection.cookies.get(self.cookie, "")
        connection.scope[LET_IN] = LetIn(token.hash, role, cookie)
        return who

    def admits(self, scope: Scope) -> bool:
        """Whether a request that was let in would be now: its token is good, its browser logged in. Others: yes."""
        found: LetIn | None = scope.get(LET_IN)
        if found is None:
            return True
        token = self.keyring.good(found.token)
        held = token is not None and Who(token.name, token.role).may(found.role)
        return held and (not found.cookie or self.sessions.find(found.cookie) is not None)

    def still(self, who: Who) -> bool:
        """Whether somebody who was let in would be let in now: for pages and streams that stay open for hours."""
        token = self.keyring.named(who.name)
        return token is not None and token.role == who.role

    def shown(self, connection: Request | WebSocket, secret: str) -> Token:
        """The token with that secret, if it opens anything now. Raises Denied."""
        token = self.keyring.find(secret)
        state = token.state(self.keyring.now()) if token else "unknown"
        if token is None or state != "good":
            address = self.doors.who(connection.scope)
            if wait := self._wrong.take(address):
                said = f"Too many wrong tokens from your address. Please wait {math.ceil(wait)} s."
                raise Denied(429, said, wait, SLOW)
            said = UNKNOWN if self.keyring.some else MAKE
            if token:  # who has the secret may know what became of it
                said = f"The token '{token.name}' {'has expired' if state == 'expired' else 'was revoked'}."
            raise Denied(401, said, slow=SLOW, name=token.name if token else "")
        return token

    def refuse(self, connection: Request | WebSocket, denied: Denied) -> None:
        """Keep a refusal in the audit log."""
        scope = connection.scope
        action = f"{scope.get('method', 'WebSocket')} {scope['path'][:200]}"
        token = self.keyring.named(denied.name) if denied.name else None
        who = Who(denied.name, token.role if token else "viewer", self.doors.who(scope))
        self.refusals.refused(who, action, str(denied.detail))

    def _token(self, connection: Request | WebSocket, address: str) -> Token:
        """The good token that a request shows. Raises Denied."""
        if IN_ADDRESS & {name.lower() for name in connection.query_params}:
            raise Denied(401, LEAKED)
        header = connection.headers.get("authorization")
        if header is not None:
            scheme, _, secret = header.strip().partition(" ")
            return self.shown(connection, secret.strip() if scheme.lower() == "bearer" else "")
        if cookie := connection.cookies.get(self.cookie):
            return self._by_cookie(connection, cookie)
        raise Denied(401, HOW if self.keyring.some else MAKE)

    def _by_cookie(self, connection: Request | WebSocket, cookie: str) -> Token:
        session = self.sessions.find(cookie) if len(cookie) <= LONGEST else None
        token = self.keyring.good(session.token) if session else None
        if session is None or token is None:
            raise Denied(401, LOGGED_OUT)
        changes = connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE
        if changes and (said := trouble(connection, self.doors)):
            raise Denied(403, said, name=token.name)
        return token
