"""How OBS is fed: the settings of each way, and a source that is written otherwise so that it is opened anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_engine.channel.obs.feeding import with_feed
from host_engine.channel_file.config import FEED, Channel
from host_engine.channel_file.steering import Feed, Obs
from host_engine.obs.feed import again, feed_source, plain, pushed

PAGE, SIZE = "http://127.0.0.1:8080", (720, 1280)


@pytest.mark.parametrize(
    ("way", "address", "option"),
    [
        ("rtmp", "rtmp://127.0.0.1:1935/live/host", "rw_timeout=1000000"),
        ("listen", "rtmp://127.0.0.1:1935/live/host", "listen=1"),
        ("http-flv", "http://127.0.0.1:8080/live.flv", "rw_timeout=1000000"),
    ],
)
def test_a_media_source_is_tuned_whichever_way_it_comes(way: str, address: str, option: str) -> None:
    source = feed_source(Feed(way=way), PAGE, SIZE, 25)
    assert source.kinds == ("ffmpeg_source",)
    assert source.settings["input"] == address
    assert source.settings["buffering_mb"] == 1
    assert source.settings["clear_on_media_end"]
    assert set(source.settings["ffmpeg_options"].split()) == {"fpsprobesize=0", option}


def test_a_browser_source_shows_the_page_for_obs() -> None:
    source = feed_source(Feed(way="browser"), PAGE, SIZE, 25)
    assert source.kinds == ("browser_source",)
    assert source.settings["url"] == "http://127.0.0.1:8080/obs"
    assert (source.settings["width"], source.settings["height"], source.settings["reroute_audio"]) == (720, 1280, True)


def test_an_obs_on_another_machine_is_told_the_engines_address() -> None:
    feed = Feed(way="http-flv", url="http://192.168.1.4:8080/")
    assert feed_source(feed, PAGE, SIZE, 25).settings["input"] == "http://192.168.1.4:8080/live.flv"


@pytest.mark.parametrize("address", ["rtmp://a/live/host", "http://a/live.flv?token=1"])
def test_an_address_is_another_one_each_time_and_leads_to_the_same_place(address: str) -> None:
    first = again(address, address)
    second = again(address, first)
    assert len({address, first, second}) == 3
    assert plain(first) == plain(second) == plain(address) == address


@pytest.mark.parametrize("actual", ["", "rtmp://other/live?revived=x", "revived=9", "?revived=-1"])
def test_whatever_stands_in_obs_an_address_can_be_made_another(actual: str) -> None:
    assert plain(again("rtmp://a/live/host", actual)) == "rtmp://a/live/host"
    assert again("rtmp://a/live/host", actual) != actual


def channel(**feed: str) -> Channel:
    return Channel(name="tea", catalog=Path("tea"), obs=Obs(feed=Feed.model_validate(feed)))


def test_a_feed_that_is_sent_is_an_output_with_the_key_of_the_channel_file() -> None:
    fed, keys = with_feed(channel(way="listen", url="rtmp://127.0.0.1:1940/live", key="tea"), {"other": "secret"})
    assert [(each.name, each.url) for each in fed.outputs] == [(FEED, "rtmp://127.0.0.1:1940/live")]
    assert keys == {"other": "secret", FEED: "tea"}


def test_a_feed_that_is_fetched_is_no_output() -> None:
    for way in ("http-flv", "browser"):
        assert not pushed(Feed(way=way))
        assert with_feed(channel(way=way), {})[0].outputs == []
    plain_channel = Channel(name="tea", catalog=Path("tea"))
    assert with_feed(plain_channel, {})[0] is plain_channel


def test_no_output_of_the_file_can_be_called_like_it() -> None:
    with pytest.raises(ValueError, match=FEED):
        Channel.model_validate(
            {"name": "tea", "catalog": "tea", "outputs": [{"kind": "file", "name": FEED, "path": "a.mp4"}]}
        )
