"""TikTok LIVE through a scripted library of the same surface: what its events and errors mean for us."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import fake_tiktok
import pytest
from chat_watch import asked, watched
from fake_tiktok import Live, event
from pydantic import ValidationError
from until import until

from host_engine.audience.source import SourceError
from host_engine.audience.sources.tiktok import TikTok
from host_engine.audience.sources.tiktok_words import commented, followed

ANA = SimpleNamespace(nickname="Ana B", unique_id="ana", id=42)


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Live:
    return fake_tiktok.install(monkeypatch)


def common(id: int = 7, at: object = 1_640_000_000_123) -> SimpleNamespace:
    return SimpleNamespace(msg_id=id, create_time=at)


async def test_comments_follows_and_gifts(live):
    live.events += [
        event("JoinEvent", user=ANA),
        event("CommentEvent", user=ANA, comment="is it vegan?", common=common(), content_language="de"),
        event("CommentEvent", user=SimpleNamespace(nickname="Shop", unique_id="Shop.One"), comment="hello all"),
        event("CommentEvent", user=ANA, comment="  "),
        event("FollowEvent", user=ANA, common=common(8)),
        event("GiftEvent", user=ANA, streaking=True, common=common(9)),
        event("GiftEvent", user=ANA, streaking=False, common=common(9)),
        event("WebsocketResponseEvent"),
    ]
    async with watched(TikTok({"user": "https://www.tiktok.com/@shop.one/live", "key": "sign-key"})) as chat:
        await until(lambda: len(chat.desk.heard) == 3, 20)
        comment, follow, gift = chat.desk.heard
        assert (comment.text, comment.viewer_id, comment.viewer_name) == ("is it vegan?", "ana", "Ana B")
        assert (comment.sent, comment.id, comment.language) == (1_640_000_000.123, "7", "de")
        assert [each.kind for each in (comment, follow, gift)] == ["question", "follow", "follow"]
        assert not any(each.buyer for each in chat.desk.heard)
        assert chat.state == "live"
        assert live.clients[0].unique_id == "@shop.one"
        assert live.threads == {"tiktok"}  # not the loop of the tick
        assert live.connects[0]["process_connect_events"] is False
        assert sys.modules["TikTokLive.client.web.web_settings"].WebDefaults.tiktok_sign_api_key == "sign-key"
        chat.watch.reply(asked(), "yes")
        await until(lambda: chat.watch.replies.impossible == 1, 20)


async def test_the_end_of_a_live_is_no_end_of_the_chat(live):
    live.stays = False
    async with watched(TikTok({"user": "shop"})) as chat:
        await until(lambda: chat.state == "waiting", 20)
        assert "it is looked at again" in (chat.watch.contact.error or "")
    assert len(live.clients) == 1


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("UserOfflineError", "waiting", "@shop is not live now"),
        ("UserNotFoundError", "refused", "knows no account @shop"),
        ("AgeRestrictedError", "refused", "for adults only"),
        ("SignatureRateLimitError", "waiting", "no further connection now"),
        ("SignAPIError", "waiting", "refuses: over quota"),
        ("WebcastBlocked200Error", "waiting", "blocks this machine"),
    ],
)
async def test_errors_of_the_library_are_sentences(live, name, state, words):
    live.error = fake_tiktok.error(name, "over quota https://sign.example/?apiKey=s3cret")
    async with watched(TikTok({"user": "shop"})) as chat:
        await until(lambda: chat.state == state, 20)
        assert words in (chat.watch.contact.error or "")
        assert "s3cret" not in str(chat.watch.status())


async def test_an_error_that_nobody_knows_is_tried_again_without_its_words(live):
    live.error = KeyError("s3cret of the library")
    async with watched(TikTok({"user": "shop"})) as chat:
        await until(lambda: chat.state == "waiting", 20)
        assert chat.watch.contact.error == "TikTok cannot be heard: KeyError"


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "TikTokLive", None)
    with pytest.raises(SourceError, match=r"pip install 'host-engine\[tiktok\]'") as caught:
        TikTok({"user": "shop"})
    assert caught.value.final


@pytest.mark.parametrize(
    ("user", "viewer"),
    [
        (SimpleNamespace(nick_name="Ana", display_id="ana"), ("ana", "Ana")),
        (SimpleNamespace(username="ana", id=5), ("ana", "ana")),
        (SimpleNamespace(id=5), ("5", "")),
        (None, ("", "")),
    ],
)
def test_versions_name_things_differently(user, viewer):
    heard = commented(SimpleNamespace(user_info=user, content="big?", base_message=common(3, "1640000000")))
    assert (heard.viewer_id, heard.viewer_name) == viewer
    assert (heard.text, heard.sent, heard.id) == ("big?", 1_640_000_000.0, "3")


class Hostile:
    """Properties that fail, as the library's do where TikTok leaves something out."""

    def __getattr__(self, name: str) -> object:
        raise ValueError(name)


def test_no_event_makes_it_fail():
    for each in (None, 1, Hostile(), SimpleNamespace(user=Hostile(), comment=Hostile(), common=Hostile())):
        assert commented(each) is None
        assert followed(each) is None


@pytest.mark.parametrize("wrong", [{}, {"user": "a b"}, {"user": ""}, {"user": "a", "session": "x"}])
def test_wrong_settings(live, wrong):
    with pytest.raises(ValidationError):
        TikTok(wrong)
