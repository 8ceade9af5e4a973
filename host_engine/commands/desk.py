"""`host-engine desk`: look at answers before they are said, and at the questions that the team is to answer."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from host_engine.channel.operators.token_places import run_token_file
from host_engine.channel_file import config
from host_engine.terminal import sentences

app = typer.Typer(help="Answers that wait to be looked at, and questions for the team.", no_args_is_help=True)
console = Console(stderr=True)
PATIENCE = 10.0  # seconds

Id = Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")]
ChannelFile = Annotated[Path, typer.Option("--channel", help="The channel file.")]
Url = Annotated[str | None, typer.Option(help="Address of the running channel, where it is not that of its file.")]


@app.command("list", epilog="Example: [bold]host-engine desk list[/]")
def show(channel: ChannelFile = Path("channel.yaml"), url: Url = None) -> None:
    """Show what waits for somebody."""
    with sentences(console):
        found = _asked(channel, url, "GET", "")
        table = Table("id", "who", "question", "answer", "left", box=None)
        for each in found["waiting"]:
            left = f"{each['left_s']:.0f} s ({each['mode']})"
            table.add_row(each["id"], *map(escape, (each["name"], each["question"], each["answer"])), left)
        for each in found["todo"]:
            table.add_row(
                each["id"], escape(each["name"]), escape(each["question"]), f"[dim]{escape(each['why'])}[/]", ""
            )
        Console().print(table if found["waiting"] or found["todo"] else "Nothing waits.")


@app.command(epilog="Example: [bold]host-engine desk approve 3f2a9c01b77e[/]")
def approve(id: Id, channel: ChannelFile = Path("channel.yaml"), url: Url = None) -> None:
    """Have a waiting answer said now."""
    with sentences(console):
        _asked(channel, url, "POST", f"/{urllib.parse.quote(id)}/approve")
        console.print("It is said next.")


@app.command(epilog="Example: [bold]host-engine desk veto 3f2a9c01b77e[/]")
def veto(id: Id, channel: ChannelFile = Path("channel.yaml"), url: Url = None) -> None:
    """Do not have a waiting answer said."""
    with sentences(console):
        _asked(channel, url, "POST", f"/{urllib.parse.quote(id)}/veto")
        console.print("It is not said.")


@app.command(epilog='Example: [bold]host-engine desk say 3f2a9c01b77e "Yes, we ship to Norway."[/]')
def say(
    id: Id,
    text: Annotated[str, typer.Argument(help="What the host is to say.")],
    channel: ChannelFile = Path("channel.yaml"),
    url: Url = None,
) -> None:
    """Have your own words said to a question, if the fact gate lets them pass."""
    with sentences(console):
        _asked(channel, url, "POST", f"/{urllib.parse.quote(id)}/answer", {"text": text})
        console.print("It is said next.")


def _asked(path: Path, url: str | None, method: str, what: str, body: dict[str, Any] | None = None) -> Any:
    """Ask the running channel. Raises OSError with a sentence."""
    channel = config.load(path)
    address = (url or f"http://{channel.http.host.replace('0.0.0.0', '127.0.0.1')}:{channel.http.port}").rstrip("/")
    if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
        raise OSError(f"'{address}' is no address of a channel; write it like http://127.0.0.1:8080")
    try:
        token = run_token_file(channel).read_text().strip()
    except OSError:
        raise OSError(
            f"the channel '{channel.name}' is not on air here: it has left no {run_token_file(channel)}"
        ) from None
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    data = None if method == "GET" else json.dumps(body or {}).encode()
    request = urllib.request.Request(f"{address}/api/desk{what}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            said = answer.read()
    except urllib.error.HTTPError as refused:
        raise OSError(_said(refused)) from refused
    except (OSError, HTTPException) as error:
        raise OSError(f"no channel answers at {address}: {error}; is it running, and is this its port?") from error
    return json.loads(said) if said else {}


def _said(refused: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(refused.read())["detail"])
    except (ValueError, KeyError, TypeError, OSError):
        return f"the channel answered HTTP {refused.code}"
