"""Kinds of chat: ours, those of packages that are installed, and the example of docs/chat-sources.md."""

from __future__ import annotations

import asyncio
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from chat_watch import asked, watched
from pydantic import ValidationError
from until import until

from host_engine.audience.source import GROUP, SourceError
from host_engine.audience.sources.feed import Feed
from host_engine.audience.sources.find import BUILT_IN, find, kinds, open_source

DOCS = Path(__file__).parents[3] / "docs/chat-sources.md"
Install = Callable[[str, str, dict[str, str]], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a package of one module, as pip does: the module and its .dist-info on the path."""

    def put(package: str, code: str, entries: dict[str, str]) -> None:
        module = package.replace("-", "_")
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        lines = [f"{name} = {value}" for name, value in entries.items()]
        (info / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines]) + "\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, module, raising=False)

    return put


def test_our_own_kinds():
    assert kinds()[:4] == ["twitch", "youtube", "tiktok", "feed"]
    assert find("feed") is Feed
    for kind in BUILT_IN:
        assert isinstance(find(kind), type)


def test_a_kind_that_nobody_knows_is_said_with_the_nearest(install):
    install("tea-chat", "class Tea: ...\n", {"teahouse": "tea_chat:Tea"})
    with pytest.raises(SourceError, match=r"'twich' is not one of .*teahouse; did you mean 'twitch'\?"):
        find("twich")
    with pytest.raises(SourceError, match=r"did you mean 'teahouse'\?"):
        find("teahuse")


def block(language: str) -> str:
    """The last block of a language in the page."""
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text(), re.DOTALL)[-1]


async def test_the_example_of_the_page_is_found_and_works(install):
    project = tomllib.loads(block("toml"))["project"]
    assert len([line for line in block("python").splitlines() if line.strip()]) <= 32
    install(project["name"], block("python"), project["entry-points"][GROUP])
    said: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\nAna: how much is it?\n")
        while line := (await reader.readline()).decode():
            said.append(line)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    source = open_source("tea", {"host": "127.0.0.1", "port": str(port), "folder": Path()})
    async with watched(source) as chat:
        await until(lambda: chat.desk.texts == ["how much is it?"], 20)
        chat.watch.reply(asked(), "19 €")
        await until(lambda: said == ["@Ana 19 €\n"], 20)
    server.close()
    with pytest.raises(ValidationError, match="host"):
        open_source("tea", {"hots": "x"})


BROKEN = """
import nothing_that_is_installed
"""


def test_a_package_that_is_broken_is_said(install):
    install("broken-chat", BROKEN, {"broken": "broken_chat:Chat"})
    with pytest.raises(SourceError, match=r"'broken' of broken-chat cannot be loaded: ModuleNotFoundError") as caught:
        open_source("broken", {})
    assert caught.value.final


def test_what_is_no_source_is_said(install):
    code = "class Chat:\n    def __init__(self, settings): pass\nword = 'x'\ndef fails(settings): return 1 / 0\n"
    entries = {"hollow": "odd_chat:Chat", "word": "odd_chat:word", "fails": "odd_chat:fails"}
    install("odd-chat", code, entries)
    for kind, words in (("hollow", "has no quiet, run, reply"), ("word", "cannot be called"), ("fails", "ZeroDiv")):
        with pytest.raises(SourceError, match=words):
            open_source(kind, {})


def test_nobody_takes_the_place_of_our_own(install):
    install("feed-chat", "Chat = None\n", {"feed": "feed_chat:Chat"})
    assert find("feed") is Feed
    assert kinds().count("feed") == 1
