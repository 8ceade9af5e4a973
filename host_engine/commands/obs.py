"""`host-engine obs`: set an OBS up for a channel, and say whether it is."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.console import Console
from rich.markup import escape

from host_engine.channel_file import config
from host_engine.terminal import sentences

if TYPE_CHECKING:
    from host_engine.channel_file.steering import Obs
    from host_engine.obs.client import Client
    from host_engine.obs.collection import Collection
    from host_engine.obs.home import Home
    from host_engine.obs.inspection import Finding, OnAir
    from host_engine.obs.profile import Shape
    from host_engine.obs.wanted import Wanted

app = typer.Typer(help="An OBS that the channel steers: set it up, and check it.", no_args_is_help=True)
console = Console(stderr=True)
PATIENCE = 3.0  # seconds for the channel itself to answer
MARKS = {"right": "[green]right[/]  ", "doubtful": "[yellow]doubt[/]  ", "wrong": "[red]wrong[/]  "}

ChannelFile = Annotated[Path, typer.Argument(metavar="[CHANNEL]", help="The channel file.", show_default=True)]
HomeFolder = Annotated[
    Path | None, typer.Option("--home", metavar="FOLDER", help="Where OBS keeps its settings, if not as usual.")
]


class Needs(NamedTuple):
    """What a channel needs of its OBS."""

    channel: config.Channel
    obs: Obs
    password: str
    collection: Collection
    shape: Shape
    wanted: Wanted


@app.command(epilog="Example: [bold]host-engine obs setup channel.yaml --write[/]")
def setup(
    channel: ChannelFile = Path("channel.yaml"),
    write: Annotated[
        bool, typer.Option("--write", help="Write the files of an OBS that is not running, instead of asking one.")
    ] = False,
    home: HomeFolder = None,
) -> None:
    """Make the profile, scene collection, scenes and sources that the channel needs, beside those that are there."""
    from host_engine.obs.client import Lost, Refused

    with sentences(console, Refused):
        needs = _needs(channel, draw=True)
        try:
            done, left = _written(needs, home) if write else _made(needs)
        except Lost as lost:
            raise ValueError(_off_air(lost)) from lost
        for each in done:
            console.print(escape(each), highlight=False, soft_wrap=True)
        for each in left:
            console.print(f"[yellow]to do[/] {escape(each)}", highlight=False, soft_wrap=True)
        console.print("OBS is set up." if done else "OBS was set up already.")
        if needs.obs.collection is None:
            said = f"write 'collection: {needs.collection.name}' at obs: and the engine leaves all others alone"
            console.print(f"hint: {escape(said)}", highlight=False, soft_wrap=True)
        if left:
            raise typer.Exit(1)


@app.command(epilog="Example: [bold]host-engine obs check channel.yaml[/]")
def check(channel: ChannelFile = Path("channel.yaml"), home: HomeFolder = None) -> None:
    """Say what is right and what is wrong with OBS for this channel. The exit status is 1 when anything is wrong."""
    from host_engine.obs.client import Lost, Refused

    with sentences(console, Refused):
        needs = _needs(channel)
        found = _files(needs, home)
        _tell(found)
        try:
            found += (asked := _asked(needs))
            _tell(asked)
        except Lost as lost:
            console.print(MARKS["wrong"] + escape(_off_air(lost)), highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        wrong = sum(each.mark == "wrong" for each in found)
        if wrong:
            console.print(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong.")
            raise typer.Exit(1)
        doubtful = sum(each.mark == "doubtful" for each in found)
        doubts = f"Nothing is wrong; {doubtful} {'thing is' if doubtful == 1 else 'things are'} doubtful."
        console.print(doubts if doubtful else "All is well.")


def _needs(path: Path, draw: bool = False) -> Needs:
    """Raises Problems and ValueError, with sentences."""
    from host_engine.channel.obs.obs_slate import draw_slate, is_here, slate_for_obs
    from host_engine.commands.checking import load_channel
    from host_engine.obs.collection import collection_of, slate_of
    from host_engine.obs.feed import feed_source
    from host_engine.obs.profile import Shape
    from host_engine.obs.wanted import wanted_of
    from host_engine.show.catalog import load_catalog
    from host_engine.show.scene import load_scenes

    channel = load_channel(path)
    obs = channel.obs
    if obs is None:
        raise ValueError(f"{path}: the channel has no part 'obs:'; write at least 'obs: {{}}' to have it steer one")
    scenes = load_scenes(channel.path(channel.scenes))
    media = channel.media
    size, page = (media.width, media.height), f"http://{channel.http.host}:{channel.http.port}"
    if draw and is_here(obs.host):
        draw_slate(channel, load_catalog(channel.path(channel.catalog)))
    slate = slate_for_obs(channel)
    collection = collection_of(obs, channel.name, scenes, size, media.fps, page, slate)
    feed, beneath = feed_source(obs.feed, page, size, media.fps), slate_of(obs, size, slate)
    wanted = wanted_of(obs, scenes, size, feed, beneath=beneath)
    first = wanted.get(channel.scene) or next(iter(wanted.values()))
    kbps = (obs.stream.kbps if obs.stream else None) or channel.encoding.kbps
    steered = replace(first, collection=collection.name, profile=collection.profile)
    return Needs(channel, obs, _password(path, obs), collection, Shape(media, kbps), steered)


def _password(path: Path, obs: Obs) -> str:
    if obs.password_env is None:
        return ""
    password = os.environ.get(obs.password_env)
    if not password:
        raise ValueError(f"{path}: obs.password_env: the environment variable named here is not set")
    return password


def _written(needs: Needs, folder: Path | None) -> tuple[list[str], list[str]]:
    """Sentences about what was written, and about what is to do by hand."""
    from host_engine.channel.obs.obs_slate import is_here
    from host_engine.obs.home import at_work
    from host_engine.obs.setup_files import Websocket, write

    if folder is None and not is_here(needs.obs.host):
        raise ValueError(
            f"OBS runs at {needs.obs.host}, and --write writes files of this machine: run it there, or without --write"
        )
    if folder is None and at_work():
        raise ValueError(
            "an OBS is running here, and at its end it would write over this: close it, or run without --write"
        )
    websocket = Websocket(needs.obs.port, needs.password) if needs.password else None
    written = write(_home(folder), needs.collection, needs.shape, websocket)
    done: list[str] = []
    for path in dict.fromkeys(each.path for each in written):
        done += [str(path), *(f"  {each.said}" for each in written if each.path == path)]
    left = []
    if websocket is None:
        left.append(
            "switch on Tools > WebSocket Server Settings in OBS, and name the variable with its password at"
            " obs.password_env: without one the engine cannot steer OBS"
        )
    return done, left


def _made(needs: Needs) -> tuple[list[str], list[str]]:
    from host_engine.channel.obs.obs_slate import is_here
    from host_engine.obs.inspection import inspect_files
    from host_engine.obs.setup_live import SetUp

    client = _connected(needs)
    try:
        work = SetUp(client.request)
        work.make(needs.collection, needs.shape, needs.wanted)
    finally:
        client.close()
    here = is_here(needs.obs.host)
    buffers = [each.said for each in inspect_files(_home(None)) if each.mark == "wrong"] if here else []
    return work.done, [*work.left, *buffers]


def _files(needs: Needs, folder: Path | None) -> list[Finding]:
    from host_engine.channel.obs.obs_slate import is_here
    from host_engine.obs.inspection import inspect_files

    return inspect_files(_home(folder)) if folder or is_here(needs.obs.host) else []


def _asked(needs: Needs) -> list[Finding]:
    from host_engine.obs.inspection import inspect, inspect_feed

    client = _connected(needs)
    try:
        found = inspect(client.request, needs.collection, needs.shape, needs.wanted)
        if any(each.mark == "wrong" for each in found):
            return found
        return [*found, *inspect_feed(client.request, needs.obs.feed.source, _on_air(needs.channel))]
    finally:
        client.close()


def _connected(needs: Needs) -> Client:
    """Raises Lost."""
    from host_engine.obs.client import Client

    client = Client(needs.obs.host, needs.obs.port, needs.password, lambda name, data: None)
    client.connect()
    return client


def _on_air(channel: config.Channel) -> OnAir | None:
    """The channel, where it answers at its address."""
    from host_engine.obs.inspection import OnAir

    host = channel.http.host.replace("0.0.0.0", "127.0.0.1")
    address = f"http://{host}:{channel.http.port}/status"

    def frame() -> int:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            return int(json.load(answer)["clock"]["frame"])

    try:
        frame()
    except (OSError, ValueError, KeyError):
        return None
    return OnAir(channel.format.fps, frame)


def _home(folder: Path | None) -> Home:
    from host_engine.obs.home import Home, home

    return Home(folder.absolute()) if folder else home()


def _off_air(lost: Exception) -> str:
    """The client speaks of a show that goes on; here there is none."""
    return str(lost).replace(" The show goes on without it.", ".").replace("..", ".")


def _tell(findings: Iterable[Finding]) -> None:
    for each in findings:
        console.print(MARKS[each.mark] + escape(each.said), highlight=False, soft_wrap=True)
