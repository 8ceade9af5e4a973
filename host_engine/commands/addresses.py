"""What is told once a channel is on air: where it can be watched, operated and looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from rich.markup import escape

from host_engine.channel.operators.token_places import has_tokens
from host_engine.channel_file.config import Channel

PAGES = "status", "metrics", "healthz"


def addresses(channel: Channel, address: str, outputs: Iterable[str]) -> Iterator[str]:
    """Lines of rich markup. `address`: of the channel, such as http://127.0.0.1:8080. `outputs`: their names."""
    yield f"[bold]{escape(channel.name)} is on air[/]"
    yield f"  viewers  {address}/"
    if channel.operator.console:
        yield f"  console  {address}/console"
        if not has_tokens(channel, datetime.now(UTC)):
            yield "           sign in with a token: host-engine token make NAME (--channel FILE for another file)"
    for page in PAGES:
        yield f"  {page:8} {address}/{page}"
    for output in outputs:
        yield f"  output   {escape(output)}"
