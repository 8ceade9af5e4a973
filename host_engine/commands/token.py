"""`host-engine token`: who may operate a channel."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from host_engine.access import making, token_file
from host_engine.channel.operators.token_places import tokens_file
from host_engine.channel_file import config
from host_engine.terminal import sentences

app = typer.Typer(help="Tokens: who may operate a channel, and until when.", no_args_is_help=True)
console = Console(stderr=True)


class Role(StrEnum):
    viewer = "viewer"
    operator = "operator"
    admin = "admin"


Name = Annotated[str, typer.Argument(metavar="NAME", help="Whose it is, such as anna or shop-system.")]
ChannelFile = Annotated[Path, typer.Option("--channel", help="The channel file.")]


@app.command(epilog="Example: [bold]host-engine token make anna --role operator --expires 30d[/]")
def make(
    name: Name,
    role: Annotated[
        Role, typer.Option(help="viewer sees, operator runs the show, admin reads the audit log besides.")
    ] = Role.operator,
    expires: Annotated[str, typer.Option(help="After which time, such as 12h or 30d; or never.")] = "30d",
    channel: ChannelFile = Path("channel.yaml"),
) -> None:
    """Make a token and show it, once: only its hash is kept. A channel on air knows it at once."""
    with sentences(console):
        file = tokens_file(config.load(channel))
        secret, made = making.make(file, name, role.value, making.span(expires), datetime.now(UTC))
        until = f"until {made.expires:%Y-%m-%d %H:%M} UTC" if made.expires else "until it is revoked"
        console.print(f"The token of {name}, for the role {role.value}, {until}:", highlight=False)
        print(secret)
        console.print("Keep it now: it is shown this once. Only its hash is kept.", highlight=False)


@app.command("list", epilog="Example: [bold]host-engine token list[/]")
def show(channel: ChannelFile = Path("channel.yaml")) -> None:
    """Show whose tokens there are, and what they open."""
    with sentences(console):
        tokens = token_file.read(tokens_file(config.load(channel)))
        table = Table("name", "role", "state", "made", "expires", box=None)
        now = datetime.now(UTC)
        for each in tokens:
            ends = each.revoked or each.expires
            state = each.state(now)
            table.add_row(
                each.name, each.role, state, f"{each.made:%Y-%m-%d}", f"{ends:%Y-%m-%d %H:%M}" if ends else "never"
            )
        Console().print(table if tokens else "There are no tokens yet: host-engine token make NAME --role operator")


@app.command(epilog="Example: [bold]host-engine token revoke anna[/]")
def revoke(name: Name, channel: ChannelFile = Path("channel.yaml")) -> None:
    """Make a token useless at once, on air too: whoever is logged in with it is out."""
    with sentences(console):
        making.revoke(tokens_file(config.load(channel)), name, datetime.now(UTC))
        console.print(f"The token of {name} opens nothing any more.", highlight=False)
