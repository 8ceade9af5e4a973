"""What is in force, kept for the next start and for a rollback, beside the loop."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from pathlib import Path

from host_engine.swap.catalogs import NotDone
from host_engine.swap.library import Library
from host_engine.swap.reading import Read, Reader
from host_engine.swap.store import State, Store
from host_engine.swap.telling import Telling
from host_engine.swap.version import Version

log = logging.getLogger(__name__)


class Keeping:
    """Whoever awaits `save` knows that what was so before is on the disk; several that come together are one write."""

    def __init__(
        self,
        state: State,
        library: Library,
        store: Store,
        reader: Reader,
        threads: Executor,
        telling: Telling,
        quick: Executor | None = None,
    ) -> None:
        """`quick`: threads that read no catalog; those that do may wait for a disk."""
        self.state, self.library, self.store, self.reader = state, library, store, reader
        self._threads, self._quick, self._telling = threads, quick or threads, telling
        self._turn = asyncio.Lock()
        self._asked = self._written = 0

    @property
    def here(self) -> Version:
        """The version whose files are in force."""
        found = self.state.in_force
        assert found
        return found

    @property
    def before(self) -> Version:
        """The version to go back to. Raises NotDone."""
        before = self.state.before
        if before is None:
            raise NotDone("There is no version before this one to go back to.")
        return before

    async def begin(self) -> None:
        """Keep what the channel began with."""
        here = self.here
        if not self.store.files(here.id).is_dir():
            read = await self._off_read(here)
            if read is not None and read.marks == here.marks:
                await self.keep(read)
            elif read is not None:
                self.reader.forget(read)
        await self.save()

    async def keep(self, read: Read) -> None:
        """Keep the files of the version that has come in force."""
        await asyncio.get_running_loop().run_in_executor(self._threads, self._keep, self.here.id, read)

    async def save(self) -> None:
        """Keep what is in force for the next start."""
        self._asked += 1
        ticket = self._asked
        async with self._turn:
            if self._written >= ticket:
                return
            written, state = self._asked, self.state.copy()
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(self._quick, lambda: self.store.write(state.written()))
                self._telling.trouble(None)
            except OSError as error:
                self._telling.trouble(f"What is in force cannot be kept for the next start: {error}")
            self._written = written

    async def _off_read(self, here: Version) -> Read | None:
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self.reader.copied, here.name, Path(here.folder)
            )
        except OSError as error:
            log.warning("the files of '%s' cannot be kept: %s", here.name, error)
            return None

    def _keep(self, id: int, read: Read) -> None:
        try:
            self.store.keep(id, read.files)
            self.store.tidy(self.state.stack)
        except OSError as error:
            log.error("the files of the catalog '%s' cannot be kept for a rollback: %s", read.name, error)
