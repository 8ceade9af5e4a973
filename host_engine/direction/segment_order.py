"""The order of the segments that an operator has made by hand, kept while the channel shows the same catalog."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from host_engine.direction.running_order import rearranged
from host_engine.show.rundown import Rundown
from host_engine.show.script import Script

log = logging.getLogger(__name__)

LARGEST = 4_000_000  # bytes of the file
AT_ONCE = 500  # entries that are put in order within a millisecond


class SegmentOrder:
    """Knows the wanted order, and puts each rundown into it that comes in force with another version of the catalog.

    Another catalog, by its name, ends it. It is kept in a file beside the journal, so that a restart goes on with it.
    """

    def __init__(
        self,
        script: Script,
        threads: Executor,
        file: Path | None = None,
        followed: Callable[[Rundown], None] = lambda rundown: None,
    ) -> None:
        """`threads`: where long rundowns are put in order, and the file is written. `followed` is told of each rundown
        that comes in force by this."""
        self._script, self._file, self._threads, self._followed = script, file, threads, followed
        self._written = self._arranged = script.show.rundown  # as its file has it; as it is wanted
        self._catalog = script.show.catalog.name
        self._wanted: tuple[str, ...] = ()
        self._coming: tuple[Rundown, Future[Rundown]] | None = None
        self._taken_up = self._take_up()

    @property
    def by_hand(self) -> bool:
        """Whether the order is another than that of the file."""
        return bool(self._wanted)

    def arranged(self, segments: Sequence[str]) -> Rundown:
        """The rundown with these segments in this order from now on; without any, as its file has it. Raises NotDone,
        and then nothing has changed."""
        self.kept()
        if segments:
            rundown = rearranged(self._script.show.rundown, segments)
            self._wanted = tuple(dict.fromkeys(entry.segment for entry in rundown.entries))
        else:
            rundown, self._wanted = self._written, ()
        self._save()
        return self._follow(rundown)

    def kept(self) -> Rundown | None:
        """The rundown that is to be in force instead of the one that is, as that has not the wanted order; None as a
        rule. Asked before each line."""
        show = self._script.show
        if show.rundown is self._arranged and not self._taken_up:
            return None
        if self._taken_up:
            self._taken_up = False
            return self._follow(_ordered(self._written, self._wanted))
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
        found = self._in_order(show.rundown)
        if found is not None:
            self._written = show.rundown
            self._follow(found)
        return found

    def _in_order(self, rundown: Rundown) -> Rundown | None:
        """The rundown in the wanted order; None while a long one is being put into it."""
        if len(rundown.entries) <= AT_ONCE:
            return _ordered(rundown, self._wanted)
        if self._coming is None or self._coming[0] is not rundown:
            self._coming = rundown, self._threads.submit(_ordered, rundown, self._wanted)
        if not self._coming[1].done():
            return None
        (_, made), self._coming = self._coming, None
        return made.result()

    def _follow(self, rundown: Rundown) -> Rundown:
        self._arranged = rundown
        try:
            self._followed(rundown)
        except Exception:
            log.exception("the new order of the segments could not be followed")
        return rundown

    def _take_up(self) -> bool:
        """Whether an earlier run has kept an order of this catalog."""
        try:
            if self._file is None or not self._file.exists() or self._file.stat().st_size > LARGEST:
                return False
            kept = json.loads(self._file.read_text())
            catalog, order = str(kept["catalog"]), [str(each) for each in kept["segments"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("The order of the segments in %s is not used: %s", self._file, error)
            return False
        if catalog == self._catalog:
            self._wanted = tuple(dict.fromkeys(order))
        return bool(self._wanted)

    def _save(self) -> None:
        if self._file is not None:
            text = json.dumps({"catalog": self._catalog, "segments": self._wanted})
            self._threads.submit(_write, self._file, text)


def _ordered(rundown: Rundown, wanted: Sequence[str]) -> Rundown:
    """As wanted, as far as it has those segments."""
    present = {entry.segment for entry in rundown.entries}
    return rearranged(rundown, [each for each in wanted if each in present])


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.new")
        beside.write_text(text)
        beside.replace(file)
    except OSError as error:
        log.warning("The order of the segments cannot be kept for a restart: %s: %s", file, error)
