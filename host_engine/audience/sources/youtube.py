"""YouTube Live chat through the Data API: looked at every few seconds, written to with a login."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from host_engine.audience.message import Message
from host_engine.audience.source import SourceError, Tell
from host_engine.audience.sources.http_json import PATIENCE, client, load
from host_engine.audience.sources.login import Login
from host_engine.audience.sources.pace import Pace
from host_engine.audience.sources.settings import Certificates
from host_engine.audience.sources.youtube_api import API, OVER, SOON, TOO_FAST, Api, ApiError
from host_engine.audience.sources.youtube_words import heard_in, part, reply_text

log = logging.getLogger(__name__)

TOKENS = "https://oauth2.googleapis.com/token"
OLD = 60.0  # seconds before our first look in which a message may have been written: what is older is history
SLOWEST = 120.0  # seconds between two looks, however slow YouTube wants us to be
OURS = 50  # texts of our own that are known again
MANY = 20  # items after which the loop has a rest


class YouTubeSettings(Certificates):
    """`key` is an API key, which can read. The login of an account can write: an access token, or better a refresh
    token with the client that it was made for."""

    video: str = Field("", description="Id or address of the broadcast.")
    channel: str = Field("", description="Id of a channel (UC...), of which the broadcast is searched.")
    every: float = Field(5.0, ge=0.05, le=SLOWEST, description="At least so many seconds between two looks.")
    replies: float = Field(60.0, gt=0, le=36_000, description="Answers in writing an hour, at most.")
    token: str = Field("", repr=False)
    client: str = Field("", description="Client id of the OAuth login.")
    secret: str = Field("", repr=False)
    refresh: str = Field("", repr=False)
    url: str = Field(API, description="Another address of the Data API.")
    login: str = Field(TOKENS, description="Another address that gives access tokens.")

    @field_validator("video")
    @classmethod
    def _id(cls, video: str) -> str:
        found = re.search(r"(?:v=|youtu\.be/|/live/|/embed/|^)([\w-]{11})(?:[?&#/]|$)", video.strip())
        if video and not found:
            raise ValueError(f"'{video[:60]}' is no video of YouTube; write its id or its address")
        return found[1] if found else ""

    @field_validator("channel")
    @classmethod
    def _channel(cls, channel: str) -> str:
        if channel and not re.fullmatch(r"UC[\w-]{22}", channel):
            raise ValueError(f"'{channel[:60]}' is no channel id; it begins with UC and has 24 signs")
        return channel

    @field_validator("url", "login")
    @classmethod
    def _http(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ValueError(f"'{url[:60]}' is not like https://HOST/PATH")
        return url

    @model_validator(mode="after")
    def _enough(self) -> YouTubeSettings:
        if self.refresh and not (self.client and self.secret):
            raise ValueError("refresh_env needs 'client' and 'secret_env', of the client that the token was made for")
        if not (self.key or self.token or self.refresh):
            raise ValueError("write key_env, which names the variable with an API key, or the login of an account")
        if self.video and self.channel:
            raise ValueError("write 'video' or 'channel', not both")
        if not (self.video or self.channel or self.token or self.refresh):
            raise ValueError("write 'video' or 'channel'; only an account that is logged in knows its own broadcast")
        return self


class YouTube:
    """One broadcast's chat: the one of a video, else the one that a channel or the account itself broadcasts now.

    It goes on where it was after a connection is lost, so nothing that was written meanwhile is missed.
    """

    Settings = YouTubeSettings

    def __init__(self, settings: Mapping[str, Any]) -> None:
        load()
        wanted = self._settings = YouTubeSettings.model_validate(settings)
        self._tls = wanted.context()
        self._login = None
        if wanted.token or wanted.refresh:
            self._login = Login(wanted.token, wanted.client, wanted.secret, wanted.refresh, wanted.login)
        self._chat = self._page = ""
        self._api: Api | None = None
        self._ours: deque[str] = deque(maxlen=OURS)
        self._own_channel = ""

    @property
    def pace(self) -> Pace:
        """Evenly: each costs quota that the looks need, too."""
        return Pace(1, 3600.0 / self._settings.replies)

    @property
    def quiet(self) -> float:
        return self._settings.every * 3 + SLOWEST + PATIENCE

    @property
    def late(self) -> float:
        """A message waits for the next look, which is no lag."""
        return self._settings.every * 3 + 20.0

    async def run(self, tell: Tell, alive: Callable[[], None]) -> None:
        """Find the chat and look at it until it is over. Raises SourceError, final where a person has to act."""
        wanted = self._settings
        async with client(self._tls) as http:
            self._api = Api(http, wanted.url, wanted.key, self._login)
            try:
                self._chat = self._chat or await self._find(self._api)
                await self._look(self._api, tell, alive)
            except ApiError as error:
                raise self._over(error) if error.reason in OVER else error from error
            finally:
                self._api = None

    async def reply(self, message: Message, text: str) -> bool:
        """Write into the chat, naming the viewer. Raises SourceError where YouTube refuses it."""
        api, chat = self._api, self._chat
        said = reply_text(message.viewer.name, text)
        if self._login is None or api is None or not chat or not said:
            return False
        self._ours.append(said)  # before it is sent: it may be in the next page before the answer is here
        made = await api.insert(chat, said)
        own = part(made, "snippet").get("authorChannelId")
        self._own_channel = own if isinstance(own, str) else self._own_channel
        return True

    async def _find(self, api: Api) -> str:
        wanted = self._settings
        if not (wanted.video or wanted.channel):
            return await api.own_chat()
        return await api.chat_of(wanted.video or await api.live_video(wanted.channel))

    async def _look(self, api: Api, tell: Tell, alive: Callable[[], None]) -> None:
        every = self._settings.every
        while True:
            try:
                page = await api.page(self._chat, self._page)
            except ApiError as error:
                if error.reason in TOO_FAST or error.status == 429:
                    every = min(SLOWEST, every * 2)
                    log.warning("YouTube finds that we ask too often: the chat is looked at every %.0f s", every)
                    alive()
                elif self._page and error.status == 400 and "token" in error.reason.lower():
                    self._page = ""
                    continue
                else:
                    raise
            else:
                await self._tell(page, api.at, tell)
                alive()
                wanted = page.get("pollingIntervalMillis")
                every = max(self._settings.every, wanted / 1000 if isinstance(wanted, int | float) else 0.0)
            await asyncio.sleep(min(SLOWEST, every))

    async def _tell(self, page: dict[str, Any], now: float, tell: Tell) -> None:
        """The messages of a page. `now`: UNIX seconds by YouTube's clock."""
        items = page.get("items")
        items = items if isinstance(items, list) else []
        since = 0.0 if self._page else now - OLD
        for n, item in enumerate(items, 1):
            heard = heard_in(item)
            if heard and (heard.sent is None or heard.sent >= since) and not self._own(heard.viewer_id, heard.text):
                tell(heard)
            if n % MANY == 0:
                await asyncio.sleep(0)
        token = page.get("nextPageToken")
        self._page = token if isinstance(token, str) else ""

    def _own(self, viewer: str, text: str) -> bool:
        """Whether we wrote it ourselves."""
        return (bool(viewer) and viewer == self._own_channel) or text in self._ours

    def _over(self, error: ApiError) -> SourceError:
        """The chat is over: a person writes the next video into the file, or the next broadcast is looked for."""
        self._chat = self._page = ""
        fixed = bool(self._settings.video)
        advice = "write the video of the new broadcast into the channel file" if fixed else "the next one is looked for"
        return SourceError(f"{error}; {advice}", final=fixed, wait=SOON)
