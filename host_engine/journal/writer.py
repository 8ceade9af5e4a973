"""The journal's own thread: brings entries and marks to disk, whatever state the disk and the database are in."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from host_engine.alarms import Alarms
from host_engine.journal.address import Address
from host_engine.journal.bookmark import Bookmark, Last
from host_engine.journal.files import Hold, set_aside
from host_engine.journal.mark import Mark
from host_engine.journal.row import Entry
from host_engine.journal.trouble import ALARMS, Taken, Trouble, Unfit, Unwritable
from host_engine.journal.waiting import Waiting

if TYPE_CHECKING:
    from host_engine.journal.store import Store

log = logging.getLogger(__name__)

SLICE, SLICES = 500, 4  # entries in one transaction; transactions before the newest are looked at again
FIRST, LONGEST = 0.5, 10.0  # seconds between two tries


class Writer:
    """All methods but `hang_up` block, belong to one thread, and raise nothing: troubles are alarms.

    Entries go to the database in their order. While it does not take them they wait beside it; while another engine
    has the channel's files, in memory.
    """

    def __init__(
        self,
        address: Address,
        channel: str,
        folder: Path,
        key: bytes = b"",
        alarms: Alarms | None = None,
        note: Callable[[str, str], None] = lambda kind, text: None,
        fault: Callable[[], str | None] = lambda: None,
    ) -> None:
        """folder: of the small files of this machine. note: told of what belongs into the log itself, kind and text.

        fault: a sentence while the database is to be taken for unreachable, in a trial.
        """
        self.waiting = Waiting()
        self.store: Store | None = None
        self.trouble: Trouble | None = None
        self._address, self._channel, self._folder, self._key = address, channel, folder, key
        self._alarms, self._note, self._fault = alarms or Alarms(), note, fault
        self.bookmarked: Last | None = None  # what this machine's files say was on air last
        self._bookmark = Bookmark(folder, channel)
        self._hold: Hold | None = None
        self._taken = False  # another engine has the files
        self._turn = 0
        self._marked: Mark | None = None  # in the database
        self._due, self._pause = 0.0, FIRST

    def open(self) -> Last | None:
        """What was on air last, as far as it can be found out. What is on air elsewhere was not killed."""
        self._take_hold()
        self.bookmarked = self._bookmark.read()
        self._connect()
        if self.store is None:
            self._connect()  # a file that was no journal is out of the way now
        last = self.bookmarked
        if self.store:
            with suppress(Trouble):
                last = self._newest(self.store, last)
        self._turn = last.mark.turn if last else 0
        return last and last._replace(mark=replace(last.mark, closed=last.mark.closed or self._taken))

    def write(self, entries: Sequence[Entry], mark: Mark | None, outline: Sequence[str] = ()) -> None:
        """Keep the entries and the mark, in the database or until it takes them."""
        if self._hold is None:
            self._take_hold()
        if mark:
            self._turn += 1
            mark = replace(mark, turn=self._turn)
        if self.store is None or len(self.waiting):
            self.waiting.add(entries)
            entries = ()
        if self.store is None:
            self._keep(mark, outline)  # before a server that hangs is asked again
            self._connect()
        if self.store is not None:
            self._write(self.store, entries, mark, outline)
        self._keep(mark, outline)  # after the rows: a kill between the two cuts a line once more, and loses none

    def hang_up(self) -> None:
        """From any thread: give up waiting for the server."""
        if store := self.store:
            store.hang_up()

    def close(self) -> None:
        if self.store:
            self.store.close()
            self.store = None
        if self._hold:
            self._hold.release()
            self._hold = None

    def _take_hold(self) -> None:
        """The small files of the channel are this engine's from here on."""
        try:
            self._hold = Hold(self._folder / f"{self._channel}.lock", f"the journal of the channel {self._channel}")
            self._due = 0.0 if self._taken else self._due
            self._taken = False
            self.waiting.open(self._folder / f"{self._channel}.waiting.jsonl")
            self._alarms.clear("journal/bookmark")
        except Taken as taken:
            self._taken = True
            self._stop(taken)
        except OSError as error:
            self._say_bookmark(error)

    def _keep(self, mark: Mark | None, outline: Sequence[str]) -> None:
        if self._hold is None or mark is None:
            return
        try:
            self._bookmark.write(mark, outline)
            self._alarms.clear("journal/bookmark")
        except OSError as error:
            self._say_bookmark(error)

    def _say_bookmark(self, error: OSError) -> None:
        self._alarms.sound(
            "journal/bookmark",
            f"{self._folder} does not keep what is on air ({error.strerror}), and after a restart the show may go on "
            "at another line; see that the disk has room and the folder may be written",
        )

    def _newest(self, store: Store, last: Last | None) -> Last | None:
        """The newer one of what the bookmark and the database say; what has its row already was not killed."""
        other = store.last()
        if other and (last is None or other.mark.turn > last.mark.turn):
            last = other
        if last and last.mark.on_air and store.has(last.mark.on_air):
            last = last._replace(mark=replace(last.mark, on_air=None))
        return last

    def _connect(self) -> None:
        if self._taken or time.monotonic() < self._due:
            return
        from host_engine.journal.store import Store  # SQLAlchemy takes a third of a second: on this thread

        store = None
        try:
            self._try()
            store = Store(self._address, self._channel, self._key)
            store.open()
        except (Trouble, OSError) as error:
            if store:
                store.close()
            self._stop(error if isinstance(error, Trouble) else Unwritable(f"{self._address.shown}: {error.strerror}"))
            return
        self.store, self._marked = store, None
        self.waiting.skip_through(store.head.last)
        self._alarms.check("journal/changed", store.torn)
        if store.torn:
            self._note("journal", store.torn)

    def _write(self, store: Store, entries: Sequence[Entry], mark: Mark | None, outline: Sequence[str]) -> None:
        try:
            self._try()
            for _ in range(SLICES):
                if not (waited := self.waiting.next(SLICE)) and not len(self.waiting):
                    break
                store.append(waited)
                self.waiting.done()
            if mark and self._says_the_same(mark):
                mark = None
            if entries or mark:
                store.append(entries, mark, outline)
                self._marked = mark or self._marked
        except (Trouble, OSError) as error:
            self.waiting.add(entries)
            self._stop(error if isinstance(error, Trouble) else Unwritable(f"{self._folder}: {error.strerror}"))
        else:
            self._works()

    def _try(self) -> None:
        if said := self._fault():
            raise Trouble(said)

    def _says_the_same(self, mark: Mark) -> bool:
        """As the database knows already: the frame alone is kept in the bookmark only."""
        old = self._marked
        if old is None or (old.place, old.outline, old.closed, old.run, old.history) != (
            mark.place, mark.outline, mark.closed, mark.run, mark.history,
        ):  # fmt: skip
            return False
        return (old.on_air and old.on_air["first_frame"]) == (mark.on_air and mark.on_air["first_frame"])

    def _works(self) -> None:
        self.trouble, self._pause, self._due = None, FIRST, 0.0
        for alarm in ALARMS:
            self._alarms.clear(f"journal/{alarm}")
        if self.waiting.lost:
            lost, self.waiting.lost = self.waiting.lost, 0
            self._note("lost", f"{lost} rows found no room while the journal could not be written, and are lost.")

    def _stop(self, trouble: Trouble) -> None:
        """The database does not take it: let go of it and try again later."""
        if self.store:
            self.store.close()
            self.store = None
        if isinstance(trouble, Unfit) and self._address.file and self._set_aside(self._address.file, trouble):
            return
        self.trouble = trouble
        self._due = time.monotonic() + self._pause
        self._pause = min(LONGEST, self._pause * 2)
        lost = f"; {self.waiting.lost} rows found no room and are lost" if self.waiting.lost else ""
        self._alarms.sound(
            f"journal/{trouble.alarm}", f"{trouble}. The channel is on air; {len(self.waiting)} rows wait{lost}."
        )

    def _set_aside(self, file: Path, trouble: Unfit) -> bool:
        """Whether the file could be set aside, so that the next try begins a new one."""
        try:
            aside = set_aside(file, also=("-wal", "-shm"))
        except OSError as error:
            log.warning("%s cannot be set aside: %s", file, error)
            return False
        said = f"{trouble}; it is set aside as {aside.name}, and a new journal begins."
        log.warning("%s", said)
        self._note("journal", said)
        self._due = 0.0
        return True
