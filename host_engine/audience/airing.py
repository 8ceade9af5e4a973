"""The answers that are to be said: handed to their lane line by line, and followed until they have been said."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from host_engine.audience.answer import Answer
from host_engine.audience.message import Cluster
from host_engine.audience.programme import Programme
from host_engine.show.rundown import Line
from host_engine.show.utterance import Utterance

IN_A_ROW = 3  # answers, before the show goes on with at least one line


class Reply:
    """One answer on its way to the viewers. Its lines may still be coming while the first are being said."""

    def __init__(self, cluster: Cluster, answer: Answer, written: Answer | None = None, attempt: int = 1) -> None:
        """`written`: the same answer in the viewer's language, where no voice speaks that."""
        self.cluster, self.answer, self.written = cluster, answer, written or answer
        self.id = cluster.first.id + (f"~{attempt}" if attempt > 1 else "")
        self.text = ""  # all that is said of it
        self.first: Line | None = None  # of the answer itself, once there is one
        self.begun: float | None = None  # on the loop's clock
        self.whole = False  # no further line comes
        self.waiting: deque[Line] = deque()  # not given to the lane yet
        self.given: dict[str, Line] = {}  # to the lane, and not said yet

    @property
    def pending(self) -> bool:
        """Whether something of it is still to be said."""
        return not self.whole or bool(self.waiting or self.given)


class Airing:
    """Answers one after another: the lane asks `feed`, and keeps the air free between the lines of one answer.

    After some answers in a row the show goes on with a line of its own, however many questions wait.
    """

    def __init__(
        self,
        programme: Programme,
        begun: Callable[[Reply], None],
        ended: Callable[[Reply], None],
        clock: Callable[[], float],
    ) -> None:
        """`begun` and `ended` are told when an answer comes on air, and when all of it has been said."""
        self._programme, self._told_begun, self._told_ended, self._clock = programme, begun, ended, clock
        self._replies: deque[Reply] = deque()
        self._in_a_row = 0

    @property
    def room(self) -> bool:
        """Whether the next answer may be made: none waits for the air."""
        self._tidy()
        return all(reply.begun is not None for reply in self._replies)

    @property
    def all(self) -> list[Reply]:
        """Those that are being said, or will be."""
        return list(self._replies)

    @property
    def waiting(self) -> list[Reply]:
        """Those that have not begun."""
        return [reply for reply in self._replies if reply.begun is None]

    def open(self, reply: Reply) -> None:
        """The lines of this answer come behind all that are to be said already."""
        self._replies.append(reply)

    def say(self, reply: Reply, lines: Iterable[Line]) -> None:
        """Say these lines of it."""
        lines = list(lines)
        reply.waiting.extend(lines)
        reply.first = reply.first or next(iter(lines), None)
        reply.text = " ".join([reply.text, *(line.text for line in lines)]).strip()
        self._programme.hurry()

    def bridge(self, reply: Reply, line: Line) -> bool:
        """Say this before all else of it, at once; whether that is still possible."""
        if reply.begun is not None or self._replies[0] is not reply or (not reply.given and self._in_a_row >= IN_A_ROW):
            return False
        reply.given[line.id] = line
        self._programme.put_first(line)
        return True

    def end(self, reply: Reply) -> None:
        """No further line of it comes."""
        reply.whole = True
        self._tidy()

    def drop(self, reply: Reply) -> None:
        """Say nothing more of it than what is on air."""
        if reply in self._replies:
            self._replies.remove(reply)
        self._programme.withdraw(reply.given.keys())
        reply.waiting.clear()
        reply.given.clear()
        reply.whole = True

    def of(self, line: Line) -> Reply | None:
        """The answer that a line belongs to."""
        return next((each for each in self._replies if line.id in each.given), None)

    def feed(self) -> Line | None:
        """The next line for the lane, if there is one."""
        for reply in self._replies:
            if reply.waiting:
                if reply.begun is None and not reply.given and self._in_a_row >= IN_A_ROW:
                    return None
                line = reply.waiting.popleft()
                reply.given[line.id] = line
                return line
            if not reply.whole:
                return None
        return None

    def follows(self, line: Line) -> bool:
        """Whether more of the same answer is coming after this line."""
        reply = self.of(line)
        return reply is not None and (not reply.whole or bool(reply.waiting) or len(reply.given) > 1)

    def on_air(self, line: Line | None) -> None:
        """This line has come on air; None: the host idles."""
        if line is None:
            self._in_a_row = 0  # nobody is kept waiting
        elif (reply := self.of(line)) and reply.begun is None:
            self._in_a_row += 1
            reply.begun = self._clock()
            self._told_begun(reply)

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air."""
        line = utterance.line
        if line.place is not None and not utterance.cut:
            self._in_a_row = 0
        if (reply := self.of(line)) is None or utterance.cut in ("end", "kill"):
            return
        if utterance.cut != "cut" or not self._programme.coming(reply.given[line.id]):  # else it is said anew
            del reply.given[line.id]
        self._tidy()

    def _tidy(self) -> None:
        """Forget lines that could not be made ready, and answers that have been said."""
        for reply in list(self._replies):
            for line in [each for each in reply.given.values() if not self._programme.coming(each)]:
                del reply.given[line.id]
            if not reply.pending:
                self._replies.remove(reply)
                self._told_ended(reply)
