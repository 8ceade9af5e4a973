"""The surface of TikTokLive that we use, under its names, scripted: TikTok itself cannot be reached in tests.

Kept to releases 6 and 7 of the library: `user` with `nickname` and `unique_id`, `comment`, `common` with `msg_id` and
`create_time`; `connect()` that swallows its cancellation.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any

EVENTS = ("ConnectEvent", "WebsocketResponseEvent", "CommentEvent", "FollowEvent", "GiftEvent", "JoinEvent")
ERRORS = ("UserOfflineError", "UserNotFoundError", "AgeRestrictedError", "SignAPIError", "WebcastBlocked200Error")


class Live:
    """What happens on the account's live: events in order, then an end; or an error instead of a connection."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.error: Exception | None = None
        self.stays = True
        self.clients: list[Any] = []
        self.connects: list[dict[str, Any]] = []
        self.threads: set[str] = set()


def install(monkeypatch: Any) -> Live:
    """Put the library where `import TikTokLive` finds it."""
    live = Live()
    modules = {name: ModuleType(name) for name in ("TikTokLive", "TikTokLive.events", "TikTokLive.client.errors")}
    settings = ModuleType("TikTokLive.client.web.web_settings")
    settings.WebDefaults = SimpleNamespace(tiktok_sign_api_key=None)  # type: ignore[attr-defined]
    modules["TikTokLive.client.web.web_settings"] = settings
    for name in EVENTS:
        setattr(modules["TikTokLive.events"], name, type(name, (SimpleNamespace,), {}))
    base = type("TikTokLiveError", (RuntimeError,), {})
    for name in ERRORS:
        setattr(modules["TikTokLive.client.errors"], name, type(name, (base,), {}))
    limit = type("SignatureRateLimitError", (modules["TikTokLive.client.errors"].SignAPIError,), {})
    modules["TikTokLive.client.errors"].SignatureRateLimitError = limit  # type: ignore[attr-defined]
    modules["TikTokLive"].TikTokLiveClient = _client(live)  # type: ignore[attr-defined]
    modules["TikTokLive"].__spec__ = ModuleSpec("TikTokLive", None)
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    return live


def event(name: str, **fields: Any) -> Any:
    return getattr(sys.modules["TikTokLive.events"], name)(**fields)


def error(name: str, said: str = "") -> Exception:
    made = getattr(sys.modules["TikTokLive.client.errors"], name)(said)
    assert isinstance(made, Exception)
    return made


def _client(live: Live) -> type:
    class TikTokLiveClient:
        def __init__(self, unique_id: str) -> None:
            self.unique_id = unique_id
            self._listeners: list[tuple[type, Callable[[Any], Any]]] = []
            self._over = asyncio.Event()
            live.clients.append(self)

        def add_listener(self, event: type, f: Callable[[Any], Any]) -> None:
            self._listeners.append((event, f))

        async def connect(self, **how: Any) -> None:
            import threading

            live.connects.append(how)
            live.threads.add(threading.current_thread().name)
            if live.error:
                raise live.error
            for each in [event("ConnectEvent"), *live.events]:
                for kind, f in self._listeners:
                    if isinstance(each, kind):
                        await f(each)
            if live.stays:
                try:
                    await self._over.wait()
                except asyncio.CancelledError:
                    return  # as the library does

        async def disconnect(self) -> None:
            self._over.set()

    return TikTokLiveClient
