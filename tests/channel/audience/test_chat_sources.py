"""From the channel file to its chats: what is wrong is said with its line, keys come from the environment."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import fake_tiktok
import pytest
from chat_watch import Desk

from host_engine.alarms import Alarms
from host_engine.channel.audience.chat_sources import check_chats, make_chats
from host_engine.channel_file import config
from host_engine.commands.checking import check_channel
from host_engine.document import Problems

CHATS = """name: demo
catalog: shop
audience:
  chats:
    - {kind: twitch, name: twitch, channel: myshop, login: host, key_env: TWITCH_TOKEN}
    - kind: youtube
      name: tube
      video: dQw4w9WgXcQ
      key_env: TUBE_KEY
      client: abc
      secret_env: TUBE_SECRET
      refresh_env: TUBE_REFRESH
    - {kind: feed, name: shop, url: "ws://127.0.0.1:9/chat"}
"""
KEYS = {"TWITCH_TOKEN": "t1", "TUBE_KEY": "t2", "TUBE_SECRET": "t3", "TUBE_REFRESH": "t4"}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "channel.yaml"
    path.write_text(text)
    return path


def wrong(tmp_path: Path, chat: str) -> list[str]:
    path = written(tmp_path, f"name: demo\ncatalog: shop\naudience:\n  chats:\n    - {chat}\n")
    return [str(each).removeprefix(f"{path}:") for each in check_chats(config.load(path), path)]


def test_a_file_in_which_all_is_well(tmp_path):
    path = written(tmp_path, CHATS)
    assert check_chats(config.load(path), path) == []


def test_keys_come_from_the_environment(tmp_path):
    path = written(tmp_path, CHATS)
    keys = config.stream_keys(config.load(path), path, KEYS)
    assert keys == {"chat/twitch/key": "t1", "chat/tube/key": "t2", "chat/tube/secret": "t3", "chat/tube/refresh": "t4"}
    with pytest.raises(Problems) as caught:
        config.stream_keys(config.load(path), path, {})
    said = str(caught.value)
    assert f"{path}:5: audience.chats[0].key_env: the environment variable named here, with the key of the chat" in said
    assert f"{path}:12: audience.chats[1].refresh_env:" in said


@pytest.mark.parametrize(
    ("chat", "said"),
    [
        ("{kind: twich, name: a}", "5: audience.chats[0].kind: 'twich' is not one of twitch, youtube"),
        ("{kind: twitch, name: a}", "5: audience.chats[0]: 'channel' is missing"),
        ("{kind: twitch, name: a, chanel: x}", "no field 'chanel' here; did you mean 'channel'?"),
        ("{kind: twitch, name: a, channel: x, port: high}", "5: audience.chats[0].port: 'high' is not a whole number"),
        ("{kind: twitch, name: a, channel: x, key_env: T}", "needs 'login'"),
        ("{kind: twitch, name: a, channel: x, key: abc}", "'key' does not belong in this file; write the name"),
        ("{kind: twitch, name: a, channel: x, folder: abc}", "no field 'folder' here"),
        ("{kind: twitch, name: a, channel: x, ca: no.pem}", "no.pem cannot be read: No such file"),
        ("{kind: youtube, name: a, video: dQw4w9WgXcQ, token: abc}", "'token' does not belong in this file"),
        ("{kind: youtube, name: a, video: dQw4w9WgXcQ}", "write key_env"),
        ("{kind: feed, name: a, url: 'http://x'}", "write an address such as wss://"),
        ("{kind: feed, name: a, url: [x]}", "this must be one text"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, chat, said):
    problems = wrong(tmp_path, chat)
    assert any(said in each for each in problems), problems
    assert all(each.startswith("5:") for each in problems)
    assert not any("abc" in each for each in problems)


def test_a_key_instead_of_its_name_is_not_repeated(tmp_path):
    path = written(tmp_path, "name: demo\ncatalog: a\naudience: {chats: [{kind: x, name: a, refresh_env: s3cret}]}\n")
    with pytest.raises(Problems) as caught:
        config.load(path)
    assert "write the NAME of an environment variable" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_check_says_it_too(tmp_path):
    path = written(tmp_path, "name: demo\ncatalog: shop\naudience: {chats: [{kind: twich, name: a}]}\n")
    assert any("did you mean 'twitch'?" in str(each) for each in check_channel(path, catalog=False))


def test_a_missing_library_is_said_before_anybody_is_on_air(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "TikTokLive", None)
    (said,) = wrong(tmp_path, "{kind: tiktok, name: a, user: shop}")
    assert "pip install 'host-engine[tiktok]'" in said


async def test_the_chats_of_a_channel(tmp_path, monkeypatch):
    live = fake_tiktok.install(monkeypatch)
    path = written(tmp_path, CHATS + "    - {kind: tiktok, name: tok, user: shop}\n")
    channel = config.load(path)
    live.events.append(fake_tiktok.event("CommentEvent", user=None, comment="is it vegan?"))
    desk, alarms = Desk(), Alarms()
    chats = make_chats(channel, config.stream_keys(channel, path, KEYS), desk.take, alarms)
    assert list(chats.jobs) == ["chat/twitch", "chat/tube", "chat/shop", "chat/tok"]
    assert [each["state"] for each in chats.status()] == ["connecting"] * 4
    task = asyncio.ensure_future(chats.jobs["chat/tok"]())
    async with asyncio.timeout(20):
        while not desk.heard:
            await asyncio.sleep(0.005)
    assert (desk.texts, desk.sources) == (["is it vegan?"], ["tok"])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_chat_that_cannot_be_made_keeps_nobody_off_the_air(tmp_path):
    """It was well when the file was checked: now its certificates are gone."""
    chat = "{kind: twitch, name: a, channel: b, ca: c}"
    path = written(tmp_path, f"name: demo\ncatalog: a\naudience: {{chats: [{chat}]}}\n")
    alarms = Alarms()
    chats = make_chats(config.load(path), {}, Desk().take, alarms)
    await chats.jobs["chat/a"]()
    assert [each.name for each in alarms.raised] == ["chat/a/refused"]
    assert chats.status()[0]["state"] == "refused"
