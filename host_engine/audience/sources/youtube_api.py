"""The calls of YouTube's Data API that a live chat needs, and its refusals in sentences.

By developers.google.com/youtube/v3/docs and .../live/docs, errors included.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from host_engine.audience.source import SourceError
from host_engine.audience.sources.http_json import fetch
from host_engine.audience.sources.youtube_words import FIELDS, part

if TYPE_CHECKING:
    import httpx

    from host_engine.audience.sources.login import Login

API = "https://www.googleapis.com/youtube/v3"
PAGE = 200  # items of a page, the least that may be asked for: each page is read in one go
TOMORROW = 600.0  # seconds between two tries while the day's quota is used up
NOBODY = 1200.0  # seconds between two searches for a broadcast, which cost 100 units of quota each
SOON = 30.0  # seconds between two looks whether a video is live, which cost one unit

QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "userRequestsExceedRateLimit"})
OVER = frozenset({"liveChatEnded", "liveChatNotFound", "liveChatDisabled"})
KEY = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID", "accessNotConfigured", "SERVICE_DISABLED"})
SENTENCES = {
    "liveChatEnded": "the live chat has ended",
    "liveChatNotFound": "there is no such live chat",
    "liveChatDisabled": "the live chat is switched off; switch it on in YouTube Studio",
}


class ApiError(SourceError):
    """YouTube refuses; `reason` is its key, "" where it gives none."""

    def __init__(self, said: str, reason: str = "", status: int = 0, final: bool = False, wait: float = 0.0) -> None:
        super().__init__(said, final, wait)
        self.reason, self.status = reason, status


class Api:
    """One client of the Data API. Keys travel in headers, so that no address with a key in it is ever logged."""

    def __init__(self, client: httpx.AsyncClient, url: str, key: str, login: Login | None) -> None:
        self._client, self._url, self._key, self._login = client, url.rstrip("/"), key, login
        self.at = time.time()  # UNIX seconds by the clock of YouTube, when it answered last

    async def chat_of(self, video: str) -> str:
        """The live chat of a video. Raises ApiError, to be tried later where the video is not live yet."""
        found = await self._call("GET", "videos", {"part": "liveStreamingDetails", "id": video})
        items = found.get("items") or []
        if not items:
            raise ApiError(f"YouTube knows no video '{video}', or may not show it to this key", final=True)
        chat = part(items[0], "liveStreamingDetails").get("activeLiveChatId")
        if not isinstance(chat, str) or not chat:
            raise ApiError(f"the video '{video}' has no live chat now; it is looked at again", wait=SOON)
        return chat

    async def live_video(self, channel: str) -> str:
        """The video that a channel broadcasts now. A search, so it costs 100 units of quota."""
        wanted = {"part": "id", "channelId": channel, "eventType": "live", "type": "video", "maxResults": "1"}
        items = (await self._call("GET", "search", wanted)).get("items") or []
        video = part(items[0], "id").get("videoId") if items else None
        if not isinstance(video, str):
            raise ApiError(f"the channel '{channel}' broadcasts nothing now; it is looked at again", wait=NOBODY)
        return video

    async def own_chat(self) -> str:
        """The live chat of what the account that we are logged in with broadcasts now."""
        wanted = {"part": "snippet", "broadcastStatus": "active", "broadcastType": "all"}
        for item in (await self._call("GET", "liveBroadcasts", wanted)).get("items") or []:
            if isinstance(chat := part(item, "snippet").get("liveChatId"), str):
                return chat
        raise ApiError("the account broadcasts nothing now; it is looked at again", wait=SOON)

    async def page(self, chat: str, token: str) -> dict[str, Any]:
        """The messages since the page before; `token` is that page's, "" for those that are there already."""
        wanted = {"part": "id,snippet,authorDetails", "liveChatId": chat, "maxResults": str(PAGE), "fields": FIELDS}
        return await self._call("GET", "liveChat/messages", wanted | ({"pageToken": token} if token else {}))

    async def insert(self, chat: str, text: str) -> dict[str, Any]:
        """Write into the chat as the account that we are logged in with."""
        snippet = {"liveChatId": chat, "type": "textMessageEvent", "textMessageDetails": {"messageText": text}}
        return await self._call("POST", "liveChat/messages", {"part": "snippet"}, {"snippet": snippet})

    async def _call(
        self, method: str, path: str, params: dict[str, str], body: dict[str, Any] | None = None, again: bool = True
    ) -> dict[str, Any]:
        headers = {"X-Goog-Api-Key": self._key} if self._key else {}
        if self._login and (body is not None or not self._key or path == "liveBroadcasts"):
            headers = {"Authorization": f"Bearer {await self._login.token(self._client)}"}
        answer = await fetch(self._client, method, f"{self._url}/{path}", headers, params=params, json=body)
        if answer.status == 401 and self._login and again and self._login.forget():
            return await self._call(method, path, params, body, again=False)
        if answer.status != 200:
            raise refusal(answer.status, answer.found)
        self.at = answer.at
        return answer.found


def refusal(status: int, answer: dict[str, Any]) -> ApiError:
    """YouTube's error in a sentence that says what to do."""
    error = part(answer, "error")
    errors, details = error.get("errors"), error.get("details")
    listed = [*(errors if isinstance(errors, list) else []), *(details if isinstance(details, list) else [])]
    reasons = [str(reason) for each in listed if (reason := part({"of": each}, "of").get("reason"))]
    reason = next((each for each in reasons if each in QUOTA | TOO_FAST | OVER | KEY), reasons[0] if reasons else "")
    said = str(error.get("message") or "")[:200]
    if reason in QUOTA:
        advice = "set a longer 'every', or ask Google for more"
        text = f"YouTube's quota for today is used up until midnight Pacific Time; {advice}"
        return ApiError(text, reason, status, wait=TOMORROW)
    if reason in TOO_FAST or status == 429:
        return ApiError("YouTube finds that we ask too often", reason or "rateLimitExceeded", status, wait=SOON)
    if reason in OVER:
        return ApiError(SENTENCES[reason], reason, status)
    if reason in KEY or status == 401:
        text = f"YouTube refuses the key or login: {said or reason}; see to the variables that the chat names"
        return ApiError(text, reason, status, final=True)
    final = status in (400, 403, 404) and "pagetoken" not in reason.lower()
    return ApiError(f"YouTube answers {status} {reason}: {said}", reason, status, final=final)
