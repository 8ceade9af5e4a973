"""`host-engine lips`: the shared worker as a process of its own."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

LISTEN = Path("lips.sock")

log = logging.getLogger(__name__)
EXAMPLE = "Example: [bold]host-engine lips --listen /run/host-engine/lips.sock[/]"


def lips(
    listen: Annotated[Path, typer.Option(metavar="PATH", help="Where channels find it; this user only.")] = LISTEN,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or cuda:N.")] = "auto",
    largest: Annotated[int, typer.Option(min=1, max=32, help="Most frames of one batch.")] = 32,
    compiles: Annotated[bool, typer.Option("--compile", help="Compile networks behind the show, on CUDA.")] = False,
) -> None:
    """Make the lips of all channels of this machine, in one process, until Ctrl-C."""
    console = Console(stderr=True)
    from host_engine.neural.worker.batching import BUCKETS
    from host_engine.neural.worker.card import choose_device
    from host_engine.neural.worker.nets import Wanted, loader
    from host_engine.neural.worker.server import Server
    from host_engine.neural.worker.worker import Worker

    buckets = [each for each in BUCKETS if each <= largest]

    def hire(wanted: Wanted) -> Worker:
        log.info("a channel wants %s %s", wanted.kind, wanted.path or "as it ships")
        return Worker(loader(wanted), device, buckets=buckets, compiles=compiles)

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        used = choose_device(device)
        server = Server(listen, hire)
    except (OSError, ValueError) as error:
        console.print(escape(str(error)), highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    console.print(f"Lips are made on [bold]{used}[/] for channels that ask at {escape(str(listen))}. Ctrl-C ends it.")
    try:
        server.serve()
    finally:
        server.close()
