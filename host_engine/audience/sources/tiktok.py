"""TikTok LIVE chat through the library TikTokLive, on a thread of its own. It is read only: TikTok takes no replies."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from pydantic import Field, field_validator

from host_engine.audience.message import Message
from host_engine.audience.source import SourceError, Tell
from host_engine.audience.sources.apart import apart
from host_engine.audience.sources.settings import Settings
from host_engine.audience.sources.tiktok_words import commented, followed

log = logging.getLogger(__name__)

LIBRARY = "TikTokLive"
MISSING = "TikTok LIVE needs the library TikTokLive; install it with: pip install 'host-engine[tiktok]'"
SOON, OFFLINE, BUSY = 5.0, 60.0, 300.0  # seconds until the next try: after a cut; nobody is live; rest is wanted
SENTENCES: dict[str, tuple[str, bool, float]] = {  # class of the library's error -> sentence, final, seconds
    "UserOfflineError": ("@{user} is not live now; it is looked at again", False, OFFLINE),
    "UserNotFoundError": ("TikTok knows no account @{user} that can go live; is the name right?", True, 0.0),
    "AgeRestrictedError": ("the live of @{user} is for adults only, so it cannot be heard without an account", True, 0),
    "SignatureRateLimitError": ("the signing service allows no further connection now", False, BUSY),
    "SignAPIError": ("the signing service, through which TikTok is reached, refuses: {said}", False, OFFLINE),
    "WebcastBlocked200Error": ("TikTok blocks this machine's address for a while", False, BUSY),
    "WebcastBlockedError": ("TikTok blocks this machine's address for a while", False, BUSY),
    "InitialCursorMissingError": ("TikTok blocks this machine's address for a while", False, BUSY),
    "WebsocketURLMissingError": ("TikTok blocks this machine's address for a while", False, BUSY),
}


class TikTokSettings(Settings):
    """`key` is a key of the signing service (eulerstream.com); without one it allows few connections."""

    user: str = Field(description="Name of the account that is live, as in tiktok.com/@NAME.")
    quiet: float = Field(300.0, ge=0.1, description="Seconds without any event after which it is connected anew.")

    @field_validator("user")
    @classmethod
    def _name(cls, user: str) -> str:
        name = re.sub(r"^(https?://)?(www\.)?tiktok\.com/", "", user.strip()).removesuffix("/live").strip("@/")
        if not re.fullmatch(r"[\w.]{1,50}", name):
            raise ValueError(f"'{user[:60]}' is not the name of an account, as in tiktok.com/@NAME")
        return name


class TikTok:
    """One account's live. The library decodes each event in Python, so it works apart from the loop of the tick."""

    Settings = TikTokSettings

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = TikTokSettings.model_validate(settings)
        try:  # here, as it takes a second, of which the tick must not lose a part
            self._library, self._events = import_module(LIBRARY), import_module(f"{LIBRARY}.events")
        except ImportError as error:
            raise SourceError(f"{MISSING} ({error})", final=True) from error
        self._before = False  # it was connected before: then what came meanwhile is welcome, else it is history

    @property
    def quiet(self) -> float:
        return self._settings.quiet

    async def run(self, tell: Tell, alive: Callable[[], None]) -> None:
        """Connect and listen until the live is over. Raises SourceError."""
        await apart("tiktok", lambda: self._listen(tell, alive))

    async def reply(self, message: Message, text: str) -> bool:
        """TikTok lets nobody write without a person's session: never possible."""
        return False

    async def _listen(self, tell: Tell, alive: Callable[[], None]) -> None:
        if self._settings.key:
            _sign_with(self._settings.key)
        client = self._library.TikTokLiveClient(unique_id=f"@{self._settings.user}")
        logging.getLogger(LIBRARY).setLevel(logging.CRITICAL)  # else it logs payloads, with names of viewers in them
        self._subscribe(client, tell, alive)
        try:
            await client.connect(process_connect_events=self._before, fetch_live_check=True)
        except asyncio.CancelledError:
            await _leave(client)
            raise
        except Exception as error:
            raise self._sentence(error) from error
        await _leave(client)
        raise SourceError(f"the live of @{self._settings.user} is over, or was cut; it is looked at again", wait=SOON)

    def _subscribe(self, client: Any, tell: Tell, alive: Callable[[], None]) -> None:
        """Handlers of the library: whatever it hands us, none may raise into it. Joins and likes are no messages."""
        own, events = self._settings.user.lower(), self._events

        async def sign(event: Any) -> None:
            self._before = True
            alive()

        async def comment(event: Any) -> None:
            if (heard := commented(event)) and heard.viewer_id.lower() != own:
                tell(heard)

        async def follow(event: Any) -> None:
            if heard := followed(event):
                tell(heard)

        for name in ("ConnectEvent", "WebsocketResponseEvent"):
            client.add_listener(getattr(events, name), sign)
        client.add_listener(events.CommentEvent, comment)
        for name in ("FollowEvent", "GiftEvent"):
            client.add_listener(getattr(events, name), follow)

    def _sentence(self, error: Exception) -> SourceError:
        """The library's error in a sentence; of its class or of one that it comes from."""
        for kind in type(error).__mro__:
            if kind.__name__ in SENTENCES:
                text, final, wait = SENTENCES[kind.__name__]
                said = re.sub(r"https?://\S+", "", str(error))[:200]
                return SourceError(text.format(user=self._settings.user, said=said), final, wait)
        return SourceError(f"TikTok cannot be heard: {type(error).__name__}", wait=SOON)


def _sign_with(key: str) -> None:
    """The signing service knows us by this key; the library keeps it for all its clients."""
    import_module(f"{LIBRARY}.client.web.web_settings").WebDefaults.tiktok_sign_api_key = key


async def _leave(client: Any) -> None:
    """Hang up, as far as the library lets us."""
    try:
        async with asyncio.timeout(2.0):
            await client.disconnect()
    except Exception as error:
        log.debug("TikTok did not hang up: %s", error)
