"""The files of the catalog in force, watched: when they are saved, they come in force anew."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import awatch

from host_engine.access.who import Who
from host_engine.show.catalog import FILE as CATALOG
from host_engine.show.rundown import FILE as RUNDOWN
from host_engine.swap.catalogs import NotDone
from host_engine.swap.swapping import CatalogsOnAir

log = logging.getLogger(__name__)

WATCH = Who("the file watch")
QUIET = 1.0  # seconds without a save before the files are read: editors and people save one after the other
LOOK = 1000  # milliseconds between two looks whether to go on
FILES = frozenset({CATALOG, RUNDOWN})


async def watch(catalogs: CatalogsOnAir, wanted: bool = True) -> None:
    """Watch the folder in force, whichever that is, until cancelled. `wanted`: else only wait for that."""
    while True:
        if not wanted:
            await asyncio.Event().wait()
        folder = Path(catalogs.version.folder)
        if not await asyncio.to_thread(folder.is_dir):
            await asyncio.sleep(QUIET)
            continue
        await _follow(catalogs, folder)


async def _follow(catalogs: CatalogsOnAir, folder: Path) -> None:
    """As long as this folder is in force."""
    news, over = asyncio.Event(), asyncio.Event()
    looking = asyncio.create_task(_look(folder, news, over))
    try:
        while Path(catalogs.version.folder) == folder and not looking.done():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(QUIET):
                    await news.wait()
            if not news.is_set():
                continue
            await _settled(news)
            with contextlib.suppress(NotDone):  # which is told, and stays so until they are saved again
                await catalogs.saved(WATCH)
    finally:
        over.set()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    if looking.done() and not looking.cancelled() and (error := looking.exception()):
        raise OSError(f"the files in {folder} cannot be watched: {error}") from error


async def _settled(news: asyncio.Event) -> None:
    """Wait until nothing was saved for a while."""
    while news.is_set():
        news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(QUIET):
                await news.wait()


async def _look(folder: Path, news: asyncio.Event, over: asyncio.Event) -> None:
    async for _ in _saves(folder, over):
        news.set()


async def _saves(folder: Path, over: asyncio.Event) -> AsyncIterator[None]:
    """Whenever one of the two files may be another one: written, renamed into its place, or gone."""
    changes = awatch(
        folder, watch_filter=lambda _, path: Path(path).name in FILES, debounce=400, step=50, stop_event=over,
        rust_timeout=LOOK, yield_on_timeout=False, recursive=False,
    )  # fmt: skip
    async for _ in changes:
        yield
