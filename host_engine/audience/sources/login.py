"""The login of an account that replies: an access token, made anew from a refresh token before it ends.

By RFC 6749, section 6, as Google (developers.google.com/identity/protocols/oauth2) and Twitch
(dev.twitch.tv/docs/authentication/refresh-tokens) do it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from host_engine.audience.source import SourceError
from host_engine.audience.sources.http_json import fetch

if TYPE_CHECKING:
    import httpx

EARLY = 120.0  # seconds before its end in which a token is not used any more


class Login:
    """Gives access tokens. One that is handed in serves until it is refused; with a refresh token there is always one.

    Access tokens last for some hours, so only a refresh token keeps a channel answering around the clock.
    """

    def __init__(self, token: str, client: str, secret: str, refresh: str, url: str) -> None:
        self._token, self._client, self._secret, self._refresh, self._url = token, client, secret, refresh, url
        self._until = float("inf") if token else 0.0
        self._asking = asyncio.Lock()

    def forget(self) -> bool:
        """The token was refused. Returns whether another one can be had."""
        self._until = 0.0
        return bool(self._refresh)

    async def token(self, client: httpx.AsyncClient) -> str:
        """A token that is valid now. Raises SourceError."""
        async with self._asking:
            if asyncio.get_running_loop().time() < self._until:
                return self._token
            if not self._refresh:
                text = "the access token is no longer valid; a refresh token (refresh_env) keeps the login alive"
                raise SourceError(text, final=True)
            return await self._another(client)

    async def _another(self, client: httpx.AsyncClient) -> str:
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh, "client_id": self._client}
        status, answer, _ = await fetch(client, "POST", self._url, {}, data=form | {"client_secret": self._secret})
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if status != 200 or not isinstance(token, str):
            why = error[:100] if isinstance(error := answer.get("error"), str) else status
            said = f"the refresh token is refused ({why}): make a new one for this account, see docs/chat-sources.md"
            raise SourceError(said, final=status in (400, 401))
        now = asyncio.get_running_loop().time()
        self._token = token
        if isinstance(another := answer.get("refresh_token"), str) and another:
            self._refresh = another
        self._until = now + max(0.0, (lasts if isinstance(lasts, int | float) else 3600.0) - EARLY)
        return token
