"""YouTube Live chat against a Data API on the loopback: paging, pace, quota, the end of a chat, replies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chat_watch import asked, watched
from pydantic import ValidationError
from until import until
from youtube_server import CHANNEL, CLIENT, KEY, REFRESH, SECRET, YouTubeServer

from host_engine.audience.sources.youtube import YouTube
from host_engine.audience.sources.youtube_api import refusal
from host_engine.audience.sources.youtube_words import heard_in, reply_text

LOGIN = {"client": CLIENT, "secret": SECRET, "refresh": REFRESH}


@pytest.fixture
def tube() -> Iterator[YouTubeServer]:
    server = YouTubeServer()
    try:
        yield server
    finally:
        server.close()


async def test_questions_page_after_page_and_no_history(tube):
    tube.page = 2
    tube.write("an hour ago", ago=3600)
    tube.write("just now", ago=5)
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.desk.texts == ["just now"], 20)
        for n in range(5):
            tube.write(f"question {n}", author="UCbo")
        await until(lambda: len(chat.desk.heard) == 6, 20)
        assert chat.desk.texts[1:] == [f"question {n}" for n in range(5)]
        last = chat.desk.heard[-1]
        assert (last.viewer_id, last.viewer_name, last.id) == ("UCbo", "Bo", "id-6")
        assert last.sent == pytest.approx(chat.desk.heard[1].sent, abs=60)
        assert chat.state == "live"
        assert all("key" not in query for _, query in tube.calls)
        assert tube.calls[1][1]["maxResults"] == "200"


async def test_what_people_pay_for_is_a_question_or_a_follow(tube):
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "live", 20)
        tube.write("is it vegan?", "superChatEvent")
        tube.write("", "superChatEvent")
        tube.write("Ana is a member", "newSponsorEvent")
        tube.write("", "messageDeletedEvent")
        tube.write("three months! what size?", "memberMilestoneChatEvent")
        await until(lambda: len(chat.desk.heard) == 4, 20)
        assert [each.kind for each in chat.desk.heard] == ["question", "follow", "follow", "question"]
        assert chat.desk.texts[0] == "is it vegan?"
        assert not any(each.buyer for each in chat.desk.heard)


async def test_youtube_says_how_often_it_may_be_asked(tube):
    tube.polling = 3_600_000
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "live", 20)
        calls = len(tube.calls)
        tube.write("too late for this look")
        source = chat.watch._source
        assert source.quiet > 120  # so that the pause is not taken for silence
        assert len(tube.calls) == calls == 2
        assert chat.desk.heard == []


async def test_being_too_fast_slows_down_and_keeps_the_chat(tube):
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "live", 20)
        tube.errors.append(("liveChat/messages", 403, "rateLimitExceeded"))
        tube.write("hello")
        await until(lambda: chat.desk.texts == ["hello"], 20)
        assert (chat.watch.contact.sessions, tube.errors) == (1, [])


async def test_a_used_up_quota_is_said_and_waited_for(tube):
    tube.errors.append(("liveChat/messages", 403, "quotaExceeded"))
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "waiting", 20)
        assert "quota for today is used up" in (chat.watch.contact.error or "")
    answer = {"error": {"errors": [{"reason": "quotaExceeded"}]}}
    assert refusal(403, answer).wait >= 600


async def test_a_server_that_fails_is_tried_again_and_nothing_is_missed(tube):
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "live", 20)
        tube.errors.append(("liveChat/messages", 503, "backendError"))
        await until(lambda: chat.state == "waiting", 20)
        tube.write("meanwhile")
        await until(lambda: chat.desk.texts == ["meanwhile"], 20)
        assert chat.watch.status()["reconnects"] == 1
        assert tube.paths().count("videos") == 1


async def test_the_chat_of_a_video_that_has_ended_is_over(tube):
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "live", 20)
        tube.errors.append(("liveChat/messages", 403, "liveChatEnded"))
        await until(lambda: chat.state == "refused", 20)
        assert "write the video of the new broadcast" in (chat.watch.contact.error or "")


async def test_the_next_broadcast_of_a_channel_is_looked_for(tube):
    source = YouTube(tube.settings(video="", channel=CHANNEL))
    async with watched(source) as chat:
        await until(lambda: chat.state == "live", 20)
        assert tube.paths()[:3] == ["search", "videos", "liveChat/messages"]
        tube.errors.append(("liveChat/messages", 403, "liveChatEnded"))
        await until(lambda: chat.state == "waiting", 20)
        assert "the next one is looked for" in (chat.watch.contact.error or "")


@pytest.mark.parametrize(
    ("more", "words"),
    [({"key": "wrong"}, "refuses the key"), ({"video": "aaaaaaaaaaa"}, "knows no video")],
)
async def test_what_only_a_person_can_mend_is_final(tube, more, words):
    async with watched(YouTube(tube.settings(**more))) as chat:
        await until(lambda: chat.state == "refused", 20)
        assert words in (chat.watch.contact.error or "")


async def test_a_video_that_is_not_live_yet_is_waited_for(tube):
    tube.live = False
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "waiting", 20)
        assert "no live chat now" in (chat.watch.contact.error or "")


@pytest.mark.parametrize("raw", [b"", b"[1]", b"\xff\xfe", b"[" * 100_000, b"{" + b'"a":1,' * 800_000 + b'"b":2}'])
async def test_an_answer_that_is_none_costs_one_look(tube, raw):
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "live", 20)
        tube.raw = raw
        tube.write("after")
        await until(lambda: chat.desk.texts == ["after"], 30)


@pytest.mark.parametrize(
    "item",
    [None, 1, [], {}, {"snippet": 3}, {"snippet": {"type": []}}, {"snippet": {"type": "superChatEvent"}, "id": 7}],
)
def test_items_that_are_none(item):
    heard = heard_in(item)
    assert heard is None or heard.text == ""


async def test_replies_with_a_login_that_is_made_anew_and_are_not_heard_as_questions(tube):
    async with watched(YouTube(tube.settings(**LOGIN))) as chat:
        await until(lambda: chat.state == "live", 20)
        chat.watch.reply(asked(), "It costs 19 €.")
        await until(lambda: chat.watch.replies.sent == 1, 20)
        assert tube.items[-1]["snippet"]["displayMessage"] == "@Ana It costs 19 €."
        tube.tokens.clear()  # the hour is over
        chat.watch.reply(asked(name="Bo"), "It is vegan.")
        await until(lambda: chat.watch.replies.sent == 2, 20)
        tube.write("thanks!")
        await until(lambda: chat.desk.heard, 20)
        assert chat.desk.texts == ["thanks!"]


async def test_an_account_finds_its_own_broadcast_without_a_key(tube):
    async with watched(YouTube(tube.settings(video="", key="", **LOGIN))) as chat:
        await until(lambda: chat.state == "live", 20)
        assert tube.paths()[:3] == ["token", "liveBroadcasts", "liveChat/messages"]


async def test_a_refused_reply_is_counted_and_a_key_alone_cannot_write(tube):
    async with watched(YouTube(tube.settings(**LOGIN))) as chat:
        await until(lambda: chat.state == "live", 20)
        tube.errors.append(("token", 400, "invalid"))
        chat.watch.reply(asked(), "It costs 19 €.")
        await until(lambda: chat.watch.replies.failed == 1, 20)
        assert "the refresh token is refused (400)" in (chat.watch.replies.error or "")
    async with watched(YouTube(tube.settings())) as chat:
        await until(lambda: chat.state == "live", 20)
        chat.watch.reply(asked(), "It costs 19 €.")
        await until(lambda: chat.watch.replies.impossible == 1, 20)


def test_a_reply_fits_and_names_the_viewer():
    assert reply_text("Ana", "a\nb") == "@Ana a b"
    assert len(reply_text("Ana", "word " * 100)) <= 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"video": "dQw4w9WgXcQ"}, "write key_env"),
        ({"key": KEY}, "write 'video' or 'channel'"),
        ({"key": KEY, "video": "nope"}, "no video of YouTube"),
        ({"key": KEY, "channel": "shop"}, "no channel id"),
        ({"key": KEY, "video": "dQw4w9WgXcQ", "channel": CHANNEL}, "not both"),
        ({"refresh": "r"}, "client"),
        ({"key": KEY, "video": "dQw4w9WgXcQ", "url": "ftp://x"}, "is not like https"),
    ],
)
def test_wrong_settings(wrong, words):
    with pytest.raises(ValidationError, match=words):
        YouTube(wrong)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1",
        "https://youtu.be/dQw4w9WgXcQ?si=x",
        "https://www.youtube.com/live/dQw4w9WgXcQ",
    ],
)
def test_addresses_of_videos(address):
    assert YouTube({"key": KEY, "video": address})._settings.video == "dQw4w9WgXcQ"
