"""Any chat behind a WebSocket that speaks JSON: for shops, bridges and platforms that nobody wrote a source for.

Each text frame holds one or more lines, each an object `{text, viewer, id?, buyer?, kind?, language?, sent?}`; back go
`{reply_to, text}` and, for a line that is none, `{error}`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from host_engine.audience.message import Message
from host_engine.audience.source import Heard, SourceError, Tell
from host_engine.audience.sources.intake import KINDS
from host_engine.audience.sources.pace import Pace
from host_engine.audience.sources.settings import Certificates

log = logging.getLogger(__name__)

CONNECT = 10.0  # seconds
FRAME = 65_536  # bytes of a frame
LINES = 200  # of a frame that are read
COMPLAINTS = 1.0  # seconds between two errors that are sent back
REFUSED = (401, 403)
CLOSED_FOR_GOOD = (1008, 4401, 4403)  # a policy, or who we are


class FeedSettings(Certificates):
    """`key` is sent as a bearer token."""

    url: str = Field(description="ws://HOST/PATH or wss://HOST/PATH.")
    heartbeat: float = Field(15.0, ge=0.05, le=300, description="Seconds between two questions whether it is there.")

    @field_validator("url")
    @classmethod
    def _websocket(cls, url: str) -> str:
        """The address may hold a secret, so no sentence repeats it."""
        parts = urlsplit(url)
        if parts.scheme not in ("ws", "wss") or not parts.hostname:
            raise ValueError("write an address such as wss://example.com/chat")
        if parts.password or parts.username:
            raise ValueError("a password does not belong in this file; use key_env")
        return url


class Feed:
    """One feed. What it says that is no message is counted and answered with an error, and the feed goes on."""

    Settings = FeedSettings
    pace = Pace(200, 10.0)

    def __init__(self, settings: Mapping[str, Any]) -> None:
        wanted = self._settings = FeedSettings.model_validate(settings)
        self._tls = wanted.context() if wanted.url.startswith("wss:") else None
        self._server = urlsplit(wanted.url).hostname or "the feed"
        self._connection: ClientConnection | None = None
        self._complained = float("-inf")
        logging.getLogger("websockets").setLevel(logging.WARNING)

    @property
    def quiet(self) -> float:
        return self._settings.heartbeat * 3

    async def run(self, tell: Tell, alive: Callable[[], None]) -> None:
        """Connect and listen. Raises SourceError, final where the token is refused."""
        headers = {"Authorization": f"Bearer {self._settings.key}"} if self._settings.key else {}
        try:
            async with connect(
                self._settings.url,
                ssl=self._tls,
                additional_headers=headers,
                open_timeout=CONNECT,
                close_timeout=1.0,
                ping_interval=None,  # we ask ourselves, to know when it answered
                max_size=FRAME,
                proxy=None,
                compression=None,
            ) as connection:
                await self._listen(connection, tell, alive)
        except InvalidStatus as refused:
            raise self._refused(refused.response.status_code) from refused
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            said = f"{self._server} closed the feed (code {code})"
            raise SourceError(said, final=code in CLOSED_FOR_GOOD) from closed
        except (OSError, InvalidHandshake) as error:
            said = str(error) or type(error).__name__
            raise SourceError(f"{self._server} cannot be reached: {said}") from error
        finally:
            self._connection = None

    async def reply(self, message: Message, text: str) -> bool:
        """Hand the answer to the feed, which knows where it belongs by the id that it gave."""
        if self._connection is None:
            return False
        answer = {"reply_to": message.reply_to, "text": text, "viewer": message.viewer.id}
        try:
            await self._connection.send(json.dumps(answer, ensure_ascii=False))
        except ConnectionClosed as closed:
            raise SourceError(f"{self._server} closed the feed") from closed
        return True

    async def _listen(self, connection: ClientConnection, tell: Tell, alive: Callable[[], None]) -> None:
        self._connection = connection
        alive()
        beat = asyncio.create_task(self._beat(connection, alive))
        try:
            async for frame in connection:
                alive()
                for line in lines_of(frame):
                    heard = heard_in(line)
                    if isinstance(heard, str):
                        await self._complain(connection, heard)
                    else:
                        tell(heard)
                await asyncio.sleep(0)  # frames that wait already are handed out without a rest
        finally:
            beat.cancel()
        raise SourceError(f"{self._server} closed the feed")

    async def _beat(self, connection: ClientConnection, alive: Callable[[], None]) -> None:
        try:
            while True:
                await asyncio.sleep(self._settings.heartbeat)
                await (await connection.ping())
                alive()
        except ConnectionClosed:
            return  # whoever listens is told, too

    async def _complain(self, connection: ClientConnection, said: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._complained >= COMPLAINTS:
            self._complained = now
            log.warning("the feed of %s sends what is no message: %s", self._server, said)
            await connection.send(json.dumps({"error": said}))

    def _refused(self, status: int) -> SourceError:
        if status in REFUSED:
            said = f"{self._server} refuses the token ({status}): see to the variable that key_env names"
            return SourceError(said, final=True)
        return SourceError(f"{self._server} answers {status} instead of opening the feed")


def lines_of(frame: str | bytes) -> list[str]:
    """The lines of a frame that hold something; of a very long frame the first ones."""
    text = frame.decode("utf-8", "replace") if isinstance(frame, bytes) else frame
    return [each for each in text.split("\n", LINES)[:LINES] if each.strip()]


def heard_in(line: str) -> Heard | str:
    """The message in a line, or a sentence that says why there is none."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return "a line is no JSON"
    if not isinstance(told, dict):
        return 'a line is no object such as {"text": "...", "viewer": "..."}'
    text, viewer = told.get("text"), told.get("viewer")
    if isinstance(viewer, int) and not isinstance(viewer, bool):
        viewer = str(viewer)
    if not isinstance(text, str):
        return "'text' is missing or no text"
    if not isinstance(viewer, str) or not viewer.strip():
        return "'viewer' is missing: the name of who wrote it"
    kind = told.get("kind", "question")
    if not isinstance(kind, str) or kind not in KINDS:
        return f"'kind' is one of {', '.join(sorted(KINDS))}"
    return _heard(told, text, viewer.strip())


def _heard(told: Mapping[str, Any], text: str, viewer: str) -> Heard:
    id, viewer_id = told.get("id"), told.get("viewer_id")
    id = str(id) if isinstance(id, str | int) and not isinstance(id, bool) else ""
    viewer_id = str(viewer_id) if isinstance(viewer_id, str | int) and not isinstance(viewer_id, bool) else viewer
    language, sent = told.get("language"), told.get("sent")
    return Heard(
        text,
        viewer_id,
        viewer,
        told.get("kind", "question"),
        told.get("buyer") is True,
        language if isinstance(language, str) else None,
        float(sent) if isinstance(sent, int | float) and not isinstance(sent, bool) and abs(sent) < 1e12 else None,
        id,
        id,
    )
