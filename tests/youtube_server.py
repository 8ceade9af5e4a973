"""YouTube's Data API as its reference describes it, as far as a live chat needs it: real HTTP on the loopback."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

VIDEO, CHANNEL, CHAT = "dQw4w9WgXcQ", "UC" + "x" * 22, "chat-1"
KEY, CLIENT, SECRET, REFRESH = "api-key", "client", "client-secret", "refresh-token"


class YouTubeServer:
    """One broadcast with its chat. `errors`: what the next calls answer instead, as (path, status, reason)."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.errors: list[tuple[str, int, str]] = []
        self.live = True
        self.polling = 20  # milliseconds
        self.page = 200  # items
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.tokens: set[str] = set()
        self.raw: bytes | None = None  # what the next page of messages answers instead
        handler = type("Handler", (_Handler,), {"tube": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def settings(self, **more: object) -> dict[str, object]:
        return {
            "video": VIDEO,
            "key": KEY,
            "every": "0.05",
            "replies": 36_000,
            "url": self.url,
            "login": f"{self.url}/token",
        } | more

    def write(self, text: str, kind: str = "textMessageEvent", *, ago: float = 0, author: str = "UCana") -> str:
        """Somebody writes; returns the message's id."""
        id = f"id-{len(self.items)}"
        at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat().replace("+00:00", "Z")
        snippet: dict[str, Any] = {"type": kind, "publishedAt": at, "displayMessage": text}
        if kind == "superChatEvent":
            snippet |= {"displayMessage": f'$5.00 from Ana: "{text}"', "superChatDetails": {"userComment": text}}
        if kind == "memberMilestoneChatEvent":
            snippet["memberMilestoneChatDetails"] = {"userComment": text, "memberMonth": 3}
        name = author.removeprefix("UC").capitalize()
        self.items.append({"id": id, "snippet": snippet, "authorDetails": {"channelId": author, "displayName": name}})
        return id

    def paths(self) -> list[str]:
        return [path for path, _ in self.calls]

    # What is answered

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: Any) -> tuple[int, Any]:
        self.calls.append((path, query))
        if self.errors and self.errors[0][0] == path:
            _, status, reason = self.errors.pop(0)
            return status, error(status, reason)
        if path == "token":
            return self._token(body)
        bearer = (headers.get("Authorization") or "").removeprefix("Bearer ")
        if bearer and bearer not in self.tokens:
            return 401, error(401, "authError")
        if not bearer and headers.get("X-Goog-Api-Key") != KEY:
            return 400, error(400, "badRequest", "API_KEY_INVALID")
        if path == "liveChat/messages" and method == "POST":
            return self._insert(bearer, json.loads(body))
        return {"videos": self._videos, "search": self._search, "liveBroadcasts": self._broadcasts}.get(
            path, self._messages
        )(query)

    def _videos(self, query: dict[str, str]) -> tuple[int, Any]:
        if query["id"] != VIDEO:
            return 200, {"items": []}
        return 200, {"items": [{"liveStreamingDetails": {"activeLiveChatId": CHAT} if self.live else {}}]}

    def _search(self, query: dict[str, str]) -> tuple[int, Any]:
        found = self.live and query["channelId"] == CHANNEL and query["eventType"] == "live"
        return 200, {"items": [{"id": {"videoId": VIDEO}}] if found else []}

    def _broadcasts(self, query: dict[str, str]) -> tuple[int, Any]:
        return 200, {"items": [{"snippet": {"liveChatId": CHAT}}] if self.live else []}

    def _messages(self, query: dict[str, str]) -> tuple[int, Any]:
        if self.raw is not None:
            raw, self.raw = self.raw, None
            return 200, raw
        if query["liveChatId"] != CHAT:
            return 404, error(404, "liveChatNotFound")
        start = int(query.get("pageToken", "t0")[1:])
        items = self.items[start : start + self.page]
        page = {"pollingIntervalMillis": self.polling, "nextPageToken": f"t{start + len(items)}", "items": items}
        return 200, page

    def _insert(self, bearer: str, body: Any) -> tuple[int, Any]:
        if not bearer:
            return 401, error(401, "required")
        self.write(body["snippet"]["textMessageDetails"]["messageText"], author="UChost")
        return 200, {"id": self.items[-1]["id"], "snippet": {"authorChannelId": "UChost"}}

    def _token(self, body: bytes) -> tuple[int, Any]:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        right = {"client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH, "grant_type": "refresh_token"}
        if form != right:
            return 400, {"error": "invalid_grant"}
        token = f"access-{len(self.tokens)}"
        self.tokens.add(token)
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}


def error(status: int, reason: str, detail: str = "") -> dict[str, Any]:
    """An error as Google's APIs write them."""
    found: dict[str, Any] = {"code": status, "message": f"why: {reason}", "errors": [{"reason": reason}]}
    if detail:
        found["details"] = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}]
    return {"error": found}


class _Handler(BaseHTTPRequestHandler):
    tube: YouTubeServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def _serve(self, method: str) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, found = self.tube.answer(method, parts.path.strip("/"), query, body, self.headers)
        data = found if isinstance(found, bytes) else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""
