"""Where the messages of viewers wait for their answers: together with those who ask the same, the best ones first."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol

from host_engine.audience.firewall.refusals import likely, said
from host_engine.audience.message import Cluster, Message, Receipt
from host_engine.audience.pace import Pace
from host_engine.audience.same import Gist, find_same, gist, may_mean_the_same, same
from host_engine.audience.shares import Shares
from host_engine.audience.tally import End, Tally
from host_engine.audience.waiting import Waiting, Who, who

log = logging.getLogger(__name__)

AGAIN = 45.0  # seconds after an answer in which nobody gets it again
AGAIN_SAME = 300.0  # the same, for one and the same viewer
REMEMBERED = 200  # answers
NEAR = 0.9  # of meaning, from which two questions are one: paraphrases have 0.90 to 0.95, other things below 0.85
IN_HAND = 600.0  # seconds after which a question that was handed out counts as lost
MOST_IN_HAND = 100
COMPARED = 400  # waiting questions that a new one is compared with, the newest

Near = Callable[[str, str], float]
Ended = Callable[[Message, End, str], None]


class _Answered(NamedTuple):
    gist: Gist
    viewers: frozenset[Who]
    at: float


class Limits(Protocol):
    """As in the channel file."""

    @property
    def each(self) -> float: ...
    @property
    def waiting(self) -> int: ...
    @property
    def patience(self) -> float: ...
    @property
    def greetings(self) -> float: ...


class Inbox:
    """Every message ends in exactly one way: answered, joined to one that is answered, refused for a reason, expired.

    All is bounded: what is too much is refused, and the least worth is given up first. Nothing here raises or waits;
    it belongs to one thread.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float], near: Near | None = None, ended: Ended | None = None
    ) -> None:
        """`near` says how much two texts mean the same, 0..1, at once; `ended` is told of each message's end."""
        self._limits, self._clock, self._near, self._told = limits, clock, near, ended
        self._pace = Pace(limits.each)
        self._greetings = Pace(limits.greetings, remembered=1)
        self._tally = Tally()
        self._shares = Shares()
        self._count = 0
        self._waiting: dict[int, Waiting] = {}  # oldest first
        self._texts: dict[str | None, dict[int, str]] = {}  # of each product's questions, for comparing
        self._exact: dict[tuple[str | None, str], int] = {}
        self._in_hand: OrderedDict[str, tuple[Waiting, float]] = OrderedDict()
        self._answers: OrderedDict[tuple[str | None, str], _Answered] = OrderedDict()
        self._least: tuple[str | None, Waiting] | None = None  # worth least while that product is on air
        self._looked = clock()

    def __len__(self) -> int:
        return len(self._waiting)

    def offer(self, message: Message, on_air: str | None = None) -> Receipt:
        """Take a message, or say why not. `on_air`: the product that is being presented."""
        now = self._clock()
        self._tally.heard += 1
        self._expire(now)
        if not self._pace.allows((message.source, message.viewer.id), now):
            return self._refuse(message, "rate")
        if message.kind != "question":
            return self._take(message, Gist("", (f"<{message.kind}>",)), None, on_air, now)
        meant = gist(message.text)
        if not meant.words:
            return self._refuse(message, "empty")
        about = message.product or message.hangs_on or on_air
        if self._just_answered(message, meant, about, now):
            return self._refuse(message, "answered")
        return self._take(message, meant, about, on_air, now)

    def refuse(self, message: Message, reason: str) -> Receipt:
        """Count a message that is refused elsewhere, such as by the firewall."""
        self._tally.heard += 1
        return self._refuse(message, reason)

    def next(self, on_air: str | None = None) -> Cluster | None:
        """The question to be answered next, with all who ask it; None while there is none. It is in hand until
        `answered` or `dropped` is told."""
        now = self._clock()
        self._expire(now)
        best = self._best(on_air, now)
        if best is None:
            return None
        self._remove(best)
        self._gather(best)
        cluster = best.cluster()
        if twin := self._in_hand.pop(cluster.first.id, None):  # two messages of one id
            self._all_expire(twin[0])
        self._in_hand[cluster.first.id] = (best, now)
        return cluster

    def answered(self, cluster: Cluster) -> None:
        """The cluster's answer is on air or written."""
        waiting, _ = self._in_hand.pop(cluster.first.id, (None, 0.0))
        if waiting is None:
            return
        now = self._clock()
        for k, (message, at) in enumerate(waiting.messages):
            self._end(message, "joined" if k else "answered", waited=now - at)
        if not waiting.social:
            self._answers[waiting.about, waiting.gist.text] = _Answered(waiting.gist, frozenset(waiting.viewers), now)
            self._answers.move_to_end((waiting.about, waiting.gist.text))
            while len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)

    def dropped(self, cluster: Cluster, reason: str) -> None:
        """The cluster gets no answer after all: vetoed, failed."""
        waiting, _ = self._in_hand.pop(cluster.first.id, (None, 0.0))
        for message, _ in waiting.messages if waiting else ():
            self._end(message, "refused", reason)

    def renewed(self) -> None:
        """The catalog has changed: what was answered may be asked again."""
        self._answers.clear()

    def waiting(self, on_air: str | None = None, most: int = 50) -> list[Cluster]:
        """What waits, the next one first."""
        ordered = sorted(self._waiting.values(), key=lambda each: -each.worth(on_air))
        return [each.cluster() for each in ordered[:most]]

    def status(self) -> dict[str, object]:
        """Counts since the start, in messages; `waiting` in questions too."""
        now = self._clock()
        self._expire(now)
        tally = self._tally
        return {
            "heard": tally.heard,
            "waiting": len(self._waiting),
            "messages_waiting": sum(len(each.messages) for each in self._waiting.values()),
            "in_hand": len(self._in_hand),
            "messages_in_hand": sum(len(each.messages) for each, _ in self._in_hand.values()),
            "oldest_s": round(max((now - each.first for each in self._waiting.values()), default=0.0), 1),
            "largest": max((each.size for each in self._waiting.values()), default=0),
            **{how: tally.ended[how] for how in ("answered", "joined", "expired")},
            "refused": dict(tally.refused),
            "waited_s": tally.waits(),
        }

    def _take(self, message: Message, meant: Gist, about: str | None, on_air: str | None, now: float) -> Receipt:
        """Join it to those who ask the same, or let it wait as a new question."""
        if joined := self._like(meant, about):
            if (viewer := who(message)) and viewer in joined.viewers:
                return self._refuse(message, "duplicate")
            if not joined.add(message, now):
                self._end(message, "joined")
            self._forget_least(joined)  # it is worth more now
            return Receipt(message.id, "joined")
        self._count += 1
        new = Waiting(self._count, meant, about, on_air, now, now)
        new.add(message, now)
        if len(self._waiting) >= self._limits.waiting and not self._make_room(new, on_air):
            return self._refuse(message, "full")
        self._waiting[new.key] = new
        self._shares.add(new.origin)
        if meant.text:
            self._texts.setdefault(about, {})[new.key] = meant.text
        self._exact[about, new.exactly] = new.key
        if self._least and new.worth(self._least[0]) < self._least[1].worth(self._least[0]):
            self._least = (self._least[0], new)
        return Receipt(message.id, "taken")

    def _like(self, meant: Gist, about: str | None) -> Waiting | None:
        """The waiting question that is this one, word by word or nearly so."""
        key = self._exact.get((about, meant.text or meant.words[0]))
        if key is None and meant.text:
            texts = self._texts.get(about, {})
            if len(texts) > COMPARED:
                texts = {each: texts[each] for each in list(texts)[-COMPARED:]}
            key = find_same(meant, texts, lambda each: self._waiting[each].gist)
        return None if key is None else self._waiting[key]

    def _make_room(self, new: Waiting, on_air: str | None) -> bool:
        """Whether the newcomer is worth more than the least that waits, which is then given up; or comes from where
        fewer wait than from elsewhere, which then gives up its least."""
        if crowd := self._shares.crowd(new.origin):
            crowding = (each for each in self._waiting.values() if each.origin == crowd)
            self._give_up(min(crowding, key=lambda each: each.worth(on_air)))
            return True
        if self._least is None or self._least[0] != on_air:
            self._least = (on_air, min(self._waiting.values(), key=lambda each: each.worth(on_air)))
        least = self._least[1]
        if least.worth(on_air) >= new.worth(on_air):
            return False
        self._give_up(least)
        return True

    def _give_up(self, least: Waiting) -> None:
        self._remove(least)
        for message, _ in least.messages:
            self._end(message, "refused", "full")

    def _best(self, on_air: str | None, now: float) -> Waiting | None:
        questions = [each for each in self._waiting.values() if not each.social]
        social = [each for each in self._waiting.values() if each.social]
        best = max(questions, key=lambda each: each.worth(on_air), default=None)
        other = max(social, key=lambda each: each.worth(on_air), default=None)
        if other and (best is None or other.worth(on_air) > best.worth(on_air)) and self._greetings.allows("", now):
            return other
        return best

    def _gather(self, best: Waiting) -> None:
        """Take in the questions that mean the same in other words."""
        if self._near is None or best.social:
            return
        others = [each for each in self._waiting.values() if each.about == best.about and not each.social]
        for other in others[-COMPARED:]:
            if may_mean_the_same(best.gist, other.gist) and self._nearness(best, other) >= NEAR:
                self._remove(other)
                for message in best.absorb(other):
                    self._end(message, "joined")

    def _nearness(self, one: Waiting, other: Waiting) -> float:
        try:
            return self._near(one.messages[0][0].text, other.messages[0][0].text) if self._near else 0.0
        except Exception:  # a fault in a comparison must not keep a question from its answer
            log.exception("questions cannot be compared by their meaning; they are taken for different ones")
            self._near = None
            return 0.0

    def _just_answered(self, message: Message, meant: Gist, about: str | None, now: float) -> bool:
        for (of, _), answer in reversed(self._answers.items()):
            if now - answer.at > AGAIN_SAME:
                break
            again = now - answer.at <= AGAIN or who(message) in answer.viewers
            if again and of == about and same(meant, answer.gist):
                return True
        return False

    def _expire(self, now: float) -> None:
        """End what waited too long, at most once a second unless it is about to be handed out."""
        if now - self._looked < 1 and now >= self._looked:
            return
        self._looked = now
        for each in [each for each in self._waiting.values() if now - each.last > self._limits.patience]:
            self._remove(each)
            self._all_expire(each)
        while self._in_hand:
            first, (waiting, since) = next(iter(self._in_hand.items()))
            if now - since <= max(IN_HAND, 4 * self._limits.patience) and len(self._in_hand) <= MOST_IN_HAND:
                break
            del self._in_hand[first]
            self._all_expire(waiting)

    def _all_expire(self, waiting: Waiting) -> None:
        for message, _ in waiting.messages:
            self._end(message, "expired")

    def _remove(self, waiting: Waiting) -> None:
        del self._waiting[waiting.key]
        self._shares.leave(waiting.origin)
        self._exact.pop((waiting.about, waiting.exactly), None)
        texts = self._texts.get(waiting.about, {})
        texts.pop(waiting.key, None)
        if not texts:
            self._texts.pop(waiting.about, None)
        self._forget_least(waiting)

    def _forget_least(self, waiting: Waiting) -> None:
        if self._least and self._least[1] is waiting:
            self._least = None

    def _refuse(self, message: Message, reason: str) -> Receipt:
        self._end(message, "refused", reason)
        return Receipt(message.id, "refused", reason, said(reason, message.language or likely(message.text[:200])))

    def _end(self, message: Message, how: End, reason: str = "", waited: float | None = None) -> None:
        self._tally.end(how, reason, waited)
        if self._told is None:
            return
        try:
            self._told(message, how, reason)
        except Exception:  # whoever wants to know must not keep messages from their answers
            log.exception("nobody is told any longer what becomes of messages")
            self._told = None
