"""The order of the segments that an operator has made by hand, kept while the channel shows the same catalog."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import NamedTuple

from host_engine.direction.kept_file import KeptFile
from host_engine.direction.refusals import NotDone
from host_engine.direction.running_order import rearranged
from host_engine.show.rundown import Rundown
from host_engine.show.script import Script

log = logging.getLogger(__name__)

AT_ONCE = 500  # entries that are put in order within a millisecond


class Made(NamedTuple):
    """A rundown in another order, of which nothing is in force yet."""

    of: Rundown
    rundown: Rundown
    wanted: tuple[str, ...]  # segments; none: the order of the file
    follow: Callable[[], None]


class SegmentOrder:
    """Knows the wanted order, and puts each rundown into it that comes in force with another version of the catalog.

    Another catalog, by its name, ends it. It is kept in a file beside the journal, so that a restart goes on with it.
    """

    def __init__(
        self,
        script: Script,
        threads: Executor,
        file: KeptFile | None = None,
        follow: Callable[[Rundown], Callable[[], None]] = lambda rundown: lambda: None,
    ) -> None:
        """`threads`: where long rundowns are put in order. `follow` makes others ready for a rundown, on any thread;
        what it gives back is called when that is in force."""
        self._script, self._file, self._threads, self._follow = script, file, threads, follow
        self._written = self._arranged = script.show.rundown  # as its file has it; as it is wanted
        self._catalog = script.show.catalog.name
        self._wanted: tuple[str, ...] = ()
        self._coming: tuple[Rundown, Future[Made]] | None = None
        self._taken_up = self._take_up()

    @property
    def by_hand(self) -> bool:
        """Whether the order is another than that of the file."""
        return bool(self._wanted)

    def arranged(self, rundown: Rundown, segments: Sequence[str]) -> Made:
        """A rundown with these segments in this order; without any, as its file has it. On any thread: a long one takes
        some milliseconds. Raises NotDone."""
        if not segments:
            return Made(rundown, self._written, (), self._follow(self._written))
        found = rearranged(rundown, segments)
        return Made(rundown, found, tuple(dict.fromkeys(each.segment for each in found.entries)), self._follow(found))

    def adopt(self, made: Made) -> Rundown:
        """Keep this order from now on: the rundown to put in force. Raises NotDone where it is of another one."""
        self.kept()
        if self._script.show.rundown is not made.of:
            raise NotDone("Another rundown has come in force meanwhile; look again, and order it once more.")
        self._wanted, self._arranged = made.wanted, made.rundown
        made.follow()
        self._save()
        return made.rundown

    def kept(self) -> Rundown | None:
        """The rundown that is to be in force instead of the one that is, as that has not the wanted order; None as a
        rule. Asked before each line."""
        show = self._script.show
        if self._taken_up:
            self._taken_up = False
            return self._put(self._in(show.rundown))
        if show.rundown is self._arranged:
            return None
        if show.catalog.name != self._catalog:
            self._catalog = show.catalog.name
            if self._wanted:
                self._wanted = ()
                self._save()
        if not self._wanted:
            self._written = self._arranged = show.rundown
            return None
        if show.rundown is self._written:  # the catalog changed, its rundown did not
            return self._arranged
        made = self._in_order(show.rundown)
        if made is not None:
            self._written = show.rundown
        return made and self._put(made)

    def _in_order(self, rundown: Rundown) -> Made | None:
        """The rundown in the wanted order; None while a long one is being put into it."""
        if len(rundown.entries) <= AT_ONCE:
            return self._in(rundown)
        if self._coming is None or self._coming[0] is not rundown:
            self._coming = rundown, self._threads.submit(self._in, rundown)
        if not self._coming[1].done():
            return None
        (_, made), self._coming = self._coming, None
        return made.result()

    def _in(self, rundown: Rundown) -> Made:
        """As wanted, as far as it has those segments."""
        present = {entry.segment for entry in rundown.entries}
        found = rearranged(rundown, [each for each in self._wanted if each in present])
        return Made(rundown, found, self._wanted, self._follow(found))

    def _put(self, made: Made) -> Rundown:
        self._arranged = made.rundown
        try:
            made.follow()
        except Exception:
            log.exception("the order of the segments could not be followed")
        return made.rundown

    def _take_up(self) -> bool:
        """Whether an earlier run has kept an order of this catalog."""
        kept = self._file.read() if self._file is not None else {}
        order = kept.get("segments")
        if kept.get("catalog") == self._catalog and isinstance(order, list):
            self._wanted = tuple(dict.fromkeys(map(str, order)))
        return bool(self._wanted)

    def _save(self) -> None:
        if self._file is not None:
            self._file.write({"catalog": self._catalog, "segments": list(self._wanted)})

    async def saved(self) -> None:
        """Come back when it is kept, or the disk takes too long."""
        if self._file is not None:
            await self._file.written()
