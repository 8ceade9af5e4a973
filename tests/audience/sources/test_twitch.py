"""Twitch-style chat against a real IRC server, ngircd, and against one that speaks Twitch's dialect of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chat_watch import Watched, asked, watched
from irc_server import IrcServer, Talker
from pydantic import ValidationError
from rtmp_server import free_port
from until import until
from youtube_server import CLIENT, REFRESH, SECRET, YouTubeServer

from host_engine.audience.sources.twitch import Twitch
from host_engine.audience.sources.twitch_words import reply_text


@pytest.fixture
def irc(tmp_path: Path) -> Iterator[IrcServer]:
    server = IrcServer(tmp_path / "irc")
    try:
        server.start()
        yield server
    finally:
        server.kill()


def plain(server: IrcServer, **more: object) -> Twitch:
    wanted = {"channel": "shop", "host": "127.0.0.1", "port": str(server.port), "tls": "false", "heartbeat": "5"}
    return Twitch(wanted | more)


async def live(chat: Watched) -> None:
    await until(lambda: chat.state == "live", 20)


async def test_questions_of_a_real_server(irc):
    async with watched(plain(irc)) as chat:
        await live(chat)
        ana = await Talker.join(irc.port, "ana", "#shop")
        ana.send("PRIVMSG #shop :How much is the teapot?")
        ana.send("PRIVMSG #other :not ours")
        ana.send("PRIVMSG #shop :\x01ACTION waves\x01")
        ana.send(b"PRIVMSG #shop :caf\xe9 \xff?")
        await until(lambda: len(chat.desk.heard) == 3, 20)
        first = chat.desk.heard[0]
        assert (first.text, first.viewer_name, first.viewer_id) == ("How much is the teapot?", "ana", "ana")
        assert (first.buyer, first.kind, first.sent) == (False, "question", None)
        assert chat.desk.texts[1] == "waves"
        assert chat.desk.texts[2].startswith("caf")
        assert set(chat.desk.sources) == {"chat"}
        assert chat.watch.status()["messages"] == 3
        ana.leave()


async def test_it_comes_back_after_the_server_was_killed(irc):
    async with watched(plain(irc)) as chat:
        await live(chat)
        irc.kill()
        await until(lambda: chat.state == "waiting", 20)
        assert chat.watch.status()["error"]
        assert chat.watch.status()["gaps"][0]["to"] is None
        irc.start()
        await until(lambda: chat.state == "live", 60)
        ana = await Talker.join(irc.port, "ana", "#shop")
        ana.send("PRIVMSG #shop :still there?")
        await until(lambda: chat.desk.texts == ["still there?"], 20)
        status = chat.watch.status()
        assert status["reconnects"] == 1
        assert status["gaps"][0]["from"] <= status["gaps"][0]["to"]
        assert not chat.raised
        ana.leave()


async def test_a_server_that_is_silent_though_connected_is_noticed(irc):
    async with watched(plain(irc, heartbeat="0.2")) as chat:
        await live(chat)
        irc.freeze()
        await until(lambda: chat.state != "live", 20)
        assert "no sign of life" in (chat.watch.contact.error or "")
        irc.thaw()
        await until(lambda: chat.state == "live", 60)


async def test_a_wrong_password_is_said_and_not_tried_again(tmp_path):
    server = IrcServer(tmp_path / "closed", password="right")
    try:
        server.start()
        async with watched(plain(server, login="host", key="wrong")) as chat:
            await until(lambda: chat.state == "refused", 20)
            assert "key_env" in (chat.watch.contact.error or "")
            assert chat.raised == {"chat/chat/refused"}
    finally:
        server.kill()


async def test_a_reply_on_a_server_without_tags_names_the_viewer(tmp_path):
    server = IrcServer(tmp_path / "closed", password="right")
    try:
        server.start()
        async with watched(plain(server, login="host", key="right")) as chat:
            await live(chat)
            ana = await Talker.join(server.port, "ana", "#shop", password="right")
            chat.watch.reply(asked(), "It costs 19 euros.\r\nQUIT")
            assert (await ana.until("costs")).endswith(":@Ana It costs 19 euros. QUIT")
            await until(lambda: chat.watch.replies.sent == 1, 20)
            ana.leave()
    finally:
        server.kill()


async def test_through_tls_with_a_certificate_that_is_trusted_and_not_without(irc):
    wanted = {"channel": "shop", "host": "127.0.0.1", "port": irc.tls_port}
    async with watched(Twitch(wanted | {"ca": "certificate.pem", "folder": irc.folder})) as chat:
        await live(chat)
        ana = await Talker.join(irc.port, "ana", "#shop")
        ana.send("PRIVMSG #shop :hello")
        await until(lambda: chat.desk.texts == ["hello"], 20)
        ana.leave()
    async with watched(Twitch(wanted)) as chat:
        await until(lambda: chat.state == "waiting", 20)
        assert "certificate" in (chat.watch.contact.error or "")


async def test_who_only_reads_cannot_reply(irc):
    async with watched(plain(irc)) as chat:
        await live(chat)
        chat.watch.reply(asked(), "It costs 19 euros.")
        await until(lambda: chat.watch.replies.impossible == 1, 20)


# What ngircd does not have: tags, threads, RECONNECT, Twitch's notices


class Dialect:
    """A server that speaks as Twitch does, by its guide; `said` is what the client sent."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.welcome = True
        self.tokens: set[str] | None = None  # that are let in; None: all
        self.verdict = ":tmi.twitch.tv USERSTATE #shop"
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        while line := (await reader.readline()).decode().strip():
            self.said.append(line)
            if line.startswith("CAP REQ"):
                self.send(":tmi.twitch.tv CAP * ACK :twitch.tv/tags twitch.tv/commands")
            elif line.startswith("PASS") and self.tokens is not None:
                self.welcome = line.removeprefix("PASS :") in self.tokens
            elif line.startswith("NICK"):
                refused = ":tmi.twitch.tv NOTICE * :Login authentication failed"
                self.send(":tmi.twitch.tv 001 me :Welcome" if self.welcome else refused)
            elif line.startswith("JOIN"):
                nick = [each for each in self.said if each.startswith("NICK")][-1].split()[1]
                self.send(f":{nick}!{nick}@{nick}.tmi.twitch.tv JOIN #shop")
            elif "PRIVMSG" in line:
                self.send(self.verdict)
        writer.close()

    def send(self, line: str | bytes) -> None:
        self._writers[-1].write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def settings(self, **more: object) -> dict[str, object]:
        return {"channel": "#Shop", "host": "127.0.0.1", "port": self.port, "tls": False} | more


@asynccontextmanager
async def dialect() -> AsyncIterator[Dialect]:
    made = Dialect()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


PRIVMSG = (
    "@badges=subscriber/12,vip/1;display-name=Åna;first-msg=0;id={id};tmi-sent-ts=1640000000123;user-id=42"
    " :ana!ana@ana.tmi.twitch.tv PRIVMSG #shop :{text}"
)


async def test_what_tags_tell():
    async with dialect() as server, watched(Twitch(server.settings())) as chat:
        await live(chat)
        server.send(PRIVMSG.format(id="m1", text="how big is it?"))
        server.send("@id=m2;reply-parent-msg-id=m1;reply-thread-parent-msg-id=m0;user-id=43 :bo!b@c PRIVMSG #shop :?")
        server.send("@msg-id=sub;login=cy;display-name=Cy;system-msg=Cy\\ssubscribed;user-id=44 :t USERNOTICE #shop")
        server.send("@msg-id=resub;login=di;id=m3;user-id=45 :t USERNOTICE #shop :is it vegan?")
        server.send("@msg-id=raid;login=eve :t USERNOTICE #shop")
        await until(lambda: len(chat.desk.heard) == 4, 20)
        ana, bo, cy, di = chat.desk.heard
        assert (ana.viewer_name, ana.viewer_id, ana.id, ana.reply_to) == ("Åna", "42", "m1", "m1")
        assert (ana.sent, ana.buyer) == (1640000000.123, False)
        assert (bo.viewer_name, bo.reply_to) == ("bo", "m0")
        assert (cy.kind, cy.text, cy.viewer_name) == ("follow", "follow", "Cy")
        assert (di.kind, di.text) == ("question", "is it vegan?")
        assert any(line.startswith("NICK justinfan") for line in server.said)
        assert not any(line.startswith("PASS") for line in server.said)


async def test_a_reply_goes_into_the_thread_and_a_refused_one_is_told():
    async with dialect() as server, watched(Twitch(server.settings(login="Host", key="secret"))) as chat:
        await live(chat)
        chat.watch.reply(asked(reply_to="m1"), "/ban @everyone It costs 19 €.")
        await until(lambda: chat.watch.replies.sent == 1, 20)
        assert "@reply-parent-msg-id=m1 PRIVMSG #shop :ban @everyone It costs 19 €." in server.said
        server.verdict = "@msg-id=msg_duplicate :tmi.twitch.tv NOTICE #shop :Your message was not sent"
        chat.watch.reply(asked(reply_to="m2"), "It costs 19 €.")
        await until(lambda: chat.watch.replies.failed == 1, 20)
        assert "the same was sent" in (chat.watch.replies.error or "")
        server.verdict = "@msg-id=msg_new :tmi.twitch.tv NOTICE #shop :Some new reason"
        chat.watch.reply(asked(reply_to="m2"), "It costs 19 €.")
        await until(lambda: chat.watch.replies.failed == 2, 20)
        assert "Some new reason" in (chat.watch.replies.error or "")
        assert chat.state == "live"


async def test_a_refused_login_is_final():
    async with dialect() as server:
        server.welcome = False
        async with watched(Twitch(server.settings(login="host", key="secret"))) as chat:
            await until(lambda: chat.state == "refused", 20)
            assert "make a new token" in (chat.watch.contact.error or "")
            assert "secret" not in str(chat.watch.status())


async def test_a_token_that_is_too_old_is_made_anew_and_a_new_one_that_is_refused_is_final():
    tube = YouTubeServer()  # its tokens are made as Twitch makes them
    login = {"login": "host", "client": CLIENT, "secret": SECRET, "refresh": REFRESH, "tokens": f"{tube.url}/token"}
    try:
        async with dialect() as server:
            server.tokens = {"access-0"}
            async with watched(Twitch(server.settings(key="old", **login))) as chat:
                await live(chat)
                assert [line for line in server.said if line.startswith("PASS")] == ["PASS :old", "PASS :access-0"]
                chat.watch.reply(asked(reply_to="m1"), "It costs 19 €.")
                await until(lambda: chat.watch.replies.sent == 1, 20)
            server.tokens = set()
            async with watched(Twitch(server.settings(**login))) as chat:
                await until(lambda: chat.state == "refused", 20)
                assert server.said.count("PASS :access-2") == 1
    finally:
        tube.close()


async def test_a_reconnect_is_obeyed_and_what_is_said_twice_is_heard_once():
    async with dialect() as server, watched(Twitch(server.settings())) as chat:
        await live(chat)
        server.send(PRIVMSG.format(id="m1", text="one"))
        server.send(":tmi.twitch.tv RECONNECT")
        await until(lambda: chat.watch.contact.sessions == 2, 20)
        server.send(PRIVMSG.format(id="m1", text="one"))
        server.send(PRIVMSG.format(id="m2", text="two"))
        await until(lambda: chat.desk.texts == ["one", "two"], 20)
        assert chat.watch.status()["repeated"] == 1


async def test_pings_are_answered_and_monsters_passed_over():
    async with dialect() as server, watched(Twitch(server.settings())) as chat:
        await live(chat)
        server.send(b"\xff\xfe\x00" * 30_000)
        server.send(PRIVMSG.format(id="m1", text="x" * 12_000))
        server.send("@" + "a=b;" * 3000 + " :a!a@a PRIVMSG #shop :tags")
        server.send("PING :still there")
        await until(lambda: "PONG :still there" in server.said, 20)
        await until(lambda: len(chat.desk.heard) == 2, 20)
        assert [len(each.text) for each in chat.desk.heard] == [4000, 4]
        assert chat.state == "live"


async def test_a_flood_is_bounded_and_counted():
    async with dialect() as server, watched(Twitch(server.settings())) as chat:
        await live(chat)
        for n in range(3000):
            server.send(PRIVMSG.format(id=f"m{n}", text=f"{n}"))
        server.send(PRIVMSG.format(id="end", text="the end"))
        await until(lambda: chat.desk.heard and chat.desk.heard[-1].text == "the end", 60)
        status = chat.watch.status()
        assert status["messages"] == 3001
        assert status["dropped"] > 0
        assert status["dropped"] + len(chat.desk.heard) == 3001


async def test_nobody_at_the_address_is_tried_again():
    port = free_port()
    async with watched(Twitch({"channel": "x", "host": "127.0.0.1", "port": port, "tls": False})) as chat:
        await until(lambda: chat.state == "waiting", 20)
        assert f"127.0.0.1:{port} cannot be reached" in (chat.watch.contact.error or "")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({}, "channel"),
        ({"channel": "a b"}, "is not the name of a channel"),
        ({"channel": "a", "key": "k"}, "needs 'login'"),
        ({"channel": "a", "refresh": "k", "login": "x"}, "needs 'client'"),
        ({"channel": "a", "port": "x"}, "port"),
        ({"channel": "a", "colour": "red"}, "colour"),
        ({"channel": "a", "login": "x\r\nQUIT"}, "login"),
    ],
)
def test_wrong_settings(wrong, words):
    with pytest.raises(ValidationError, match=words):
        Twitch(wrong)


def test_an_address_is_a_name_too_and_a_file_that_is_none_is_said(tmp_path):
    Twitch({"channel": "https://www.twitch.tv/Shop/"})
    with pytest.raises(ValueError, match=r"none\.pem cannot be read"):
        Twitch({"channel": "shop", "ca": "none.pem", "folder": tmp_path})


def test_a_reply_is_one_line_of_500_signs_and_no_command():
    assert reply_text(" /me . /ban x\n\x00 y ") == "me . /ban x y"
    long = reply_text("word " * 200)
    assert len(long) <= 500
    assert long.endswith("word…")
