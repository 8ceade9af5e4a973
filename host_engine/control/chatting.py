"""The way into the chat: a WebSocket whose origin is checked."""

from __future__ import annotations

import contextlib
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from host_engine.control.reception import Reception


def chatting(reception: Reception | None, origin: str) -> APIRouter:
    """The route. origin: of which other pages may chat, besides this channel's own; "*" and "" are none."""
    router = APIRouter()

    @router.websocket("/api/chat")
    async def chat(socket: WebSocket) -> None:
        if reception is None or reception.chat is None:
            return await socket.close(1008, "This channel has no chat.")
        if not _own(socket, origin):
            reception.chat.counts["origin"] += 1
            return await socket.close(1008, "This page may not chat here.")
        client = socket.client.host if socket.client else "unknown"
        with contextlib.suppress(WebSocketDisconnect, OSError):  # who left while being let in
            await reception.chat.welcome(socket, socket.scope.get("address", client))
        return None

    return router


def _own(socket: WebSocket, origin: str) -> bool:
    """Whether the page belongs to this channel. A program that is no browser says nothing, and has no cookies to steal;
    browsers always say it."""
    said = socket.headers.get("origin")
    if said is None or (origin != "*" and said == origin):
        return True
    try:
        return urlsplit(said).netloc.casefold() == socket.headers.get("host", "").casefold() != ""
    except ValueError:
        return False
