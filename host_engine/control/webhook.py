"""Alarms told to a webhook: in order, signed, and as often as it takes until the other side has them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from host_engine.alarms import Alarm

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

SIGNATURE = "X-Host-Engine-Signature"
MOST = 200  # messages kept for a webhook that does not answer; then the oldest go
PATIENCE = 10.0  # seconds for one message, whatever the other side does
LATER = (408, 425, 429)  # besides 5xx: refusals that are over some time
FIRST, LONGEST = 1.0, 30.0  # seconds between two tries
FAILING = 3  # tries in a row after which it is an alarm of its own, which is not told to the webhook
UNREACHABLE = "webhook/unreachable"


class Webhook:
    """POSTs each alarm as JSON: channel, alarm, text, since, over, time, and `times` it was raised since last told.

    The body is signed with HMAC-SHA256 under `secret` in the header `X-Host-Engine-Signature: sha256=HEX`. An alarm
    that comes and goes is told at most once in `quiet` seconds; that it is over follows at once. `tell` is a hook of
    `Alarms`: it never waits and may be called from any thread. `trouble` is told what is wrong with the webhook, or
    None. Of the address only the host is ever shown: the rest is often a secret.
    """

    def __init__(
        self,
        channel: str,
        url: str,
        secret: str = "",
        *,
        quiet: float = 60.0,
        trouble: Callable[[str | None], None] = lambda text: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        import httpx  # only a channel with a webhook pays for this, and does so before it is on air

        logging.getLogger("httpx").setLevel(logging.WARNING)  # below that it logs whole addresses
        self.sent = self.lost = 0
        self.error: str | None = None
        self._channel, self._url, self._secret = channel, url, secret.encode()
        self._server = urlsplit(url).hostname or "the webhook"
        self._trouble, self._now = trouble, now
        self._certificates = httpx.create_ssl_context(trust_env=False)
        self._damper = Damper(quiet)
        self._new: deque[Alarm] = deque(maxlen=MOST)
        self._waiting: deque[bytes] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Messages that have not been taken yet."""
        return len(self._waiting) + len(self._new)

    def tell(self, alarm: Alarm) -> None:
        """Have the alarm, or that it is over, told."""
        if alarm.name == UNREACHABLE:
            return
        self._new.append(alarm)
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._news.set)

    async def run(self) -> None:
        """Tell until cancelled. What waits then is lost: alarms are in the log and in /status too."""
        import httpx

        self._loop = asyncio.get_running_loop()
        client = httpx.AsyncClient(verify=self._certificates, timeout=PATIENCE, trust_env=False)
        try:
            async with client:
                await self._run(client, self._loop.time)
        finally:
            self._loop = None

    async def _run(self, client: httpx.AsyncClient, time: Callable[[], float]) -> None:
        failures, again = 0, time()
        while True:
            self._news.clear()
            self._collect(time())
            if self._waiting and time() >= again:
                failures = 0 if await self._deliver(client) else failures + 1
                again = time() + (min(LONGEST, FIRST * 2 ** min(failures - 1, 10)) if failures else 0.0)
                self._trouble(f"alarms do not reach {self._server}: {self.error}" if failures >= FAILING else None)
                continue
            await self._until_news(again if self._waiting else float("inf"), time)

    async def _until_news(self, again: float, time: Callable[[], float]) -> None:
        """Something new, or the time of the next try or of an alarm that was kept back."""
        wake = min(again, self._damper.due)
        try:
            async with asyncio.timeout(max(0.0, wake - time()) if wake < float("inf") else None):
                await self._news.wait()
        except TimeoutError:
            pass

    def _collect(self, now: float) -> None:
        """Put into words what is new and what was kept back and is due."""
        while self._new:
            self._queue(self._damper.take(self._new.popleft(), now))
        for said in self._damper.ready(now):
            self._queue(said)

    def _queue(self, said: Said | None) -> None:
        if said is None:
            return
        if len(self._waiting) >= MOST:
            self._waiting.popleft()
            self.lost += 1
        self._waiting.append(self._body(said))

    def _body(self, said: Said) -> bytes:
        alarm = said.alarm
        message = {
            "channel": self._channel,
            "alarm": alarm.name,
            "text": alarm.text,
            "since": alarm.since.isoformat(),
            "over": alarm.over,
            "time": self._now().isoformat(),
            "times": said.times,
        }
        return json.dumps(message, ensure_ascii=False).encode()

    async def _deliver(self, client: httpx.AsyncClient) -> bool:
        """Try to get rid of the oldest message; whether that worked."""
        body = self._waiting[0]
        self.error = await self._post(client, body)
        if self.error is None:
            self.sent += 1
            self._waiting.popleft()
        return self.error is None

    async def _post(self, client: httpx.AsyncClient, body: bytes) -> str | None:
        """What went wrong, or None. A message that the other side will never take counts as told."""
        import httpx

        headers = {"Content-Type": "application/json", "User-Agent": "host-engine"}
        if self._secret:
            headers[SIGNATURE] = "sha256=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        try:
            async with (
                asyncio.timeout(PATIENCE),
                client.stream("POST", self._url, content=body, headers=headers) as answer,
            ):
                status = answer.status_code  # its words are not read: they have no end that we know of
        except TimeoutError:
            return f"no answer within {PATIENCE:g} s"
        except (httpx.HTTPError, OSError) as error:
            return str(error) or type(error).__name__
        if status >= 500 or status in LATER:
            return f"it answers {status}"
        if not 200 <= status < 300:
            log.error(
                "%s answers %d to an alarm, which is not told again: see to the address of the webhook and its secret",
                self._server,
                status,
            )
        return None


@dataclass
class Said:
    """An alarm to tell, and how often it was raised since it was last told."""

    alarm: Alarm
    times: int = 1


@dataclass
class _State:
    told: float = float("-inf")  # when it was last told as raised
    up: bool = False  # told as raised and not as over
    held: Alarm | None = None  # raised again too soon to be told
    times: int = 0


class Damper:
    """Lets each alarm be raised at most once in `quiet` seconds, and an end through only where the start was told."""

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._states: dict[str, _State] = {}

    def take(self, alarm: Alarm, now: float) -> Said | None:
        """What is to be told of it now."""
        state = self._states.setdefault(alarm.name, _State())
        if alarm.over:
            state.held, up, state.up = None, state.up, False
            return Said(alarm) if up else None
        state.times += 1
        state.held = alarm
        return self._release(state, now)

    def ready(self, now: float) -> list[Said]:
        """What was kept back and may be told now."""
        released = [self._release(state, now) for state in self._states.values()]
        return [said for said in released if said]

    @property
    def due(self) -> float:
        """When something that is kept back may be told, infinite where there is nothing."""
        return min((state.told + self._quiet for state in self._states.values() if state.held), default=float("inf"))

    def _release(self, state: _State, now: float) -> Said | None:
        if state.held is None or now < state.told + self._quiet:
            return None
        said = Said(state.held, state.times)
        state.held, state.up, state.told, state.times = None, True, now, 0
        return said
