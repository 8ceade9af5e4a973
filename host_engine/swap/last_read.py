"""The catalog that was read last: whoever has seen its diff need not wait until it is read once more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import ParamSpec, TypeVar

from host_engine.swap.apart import Child
from host_engine.swap.catalogs import NotDone
from host_engine.swap.keeping import Keeping
from host_engine.swap.library import marks
from host_engine.swap.reading import Read, Reader

P = ParamSpec("P")
T = TypeVar("T")


class LastRead:
    """Reads beside the loop. What is in force is forgotten here: its files are moved to those of its version."""

    def __init__(self, keeping: Keeping, threads: Executor) -> None:
        self._keeping, self._threads = keeping, threads
        self._last: Read | None = None

    async def read(self, name: str, folder: Path, kept: Path | None = None) -> Read:
        """Read it, or take what was read last, if its files are the same. Raises NotDone (422)."""
        reader, last = self._keeping.reader, self._last
        found = await self._off(lambda: (marks(kept or folder), marks(folder)))
        if last and last.show and (last.name, last.folder, last.marks, last.there) == (name, folder, *found):
            return last
        try:
            read = await self._unless_given_up(name, folder, kept)
        except OSError as error:
            raise NotDone(f"The catalog '{name}' cannot be read: {error}", 422) from None
        gone, self._last = (last, read) if read.show else (read, last)
        if gone is not None:
            await self._off(reader.forget, gone)
        _ = read.sound
        return read

    async def _unless_given_up(self, name: str, folder: Path, kept: Path | None) -> Read:
        """Who reads ends with whoever waits for it; a copy that nobody wants any more is deleted."""
        reader, child = self._keeping.reader, Child()
        work = self._threads.submit(reader.read, name, folder, kept, child)
        try:
            return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            child.end()
            work.add_done_callback(lambda done: _drop(done, reader))
            raise

    async def before(self) -> Read:
        """The version to go back to. Raises NotDone."""
        before = self._keeping.before
        files = self._keeping.store.files(before.id)
        if not await self._off(files.is_dir):
            raise NotDone(f"The files of version {before.id} are not kept any more.")
        return await self.read(before.name, Path(before.folder), files)

    def forget(self) -> None:
        """It is in force."""
        self._last = None

    async def _off(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*args, **kwargs))


def _drop(done: Future[Read], reader: Reader) -> None:
    """On the thread that has read."""
    if not done.cancelled() and done.exception() is None:
        reader.forget(done.result())
