"""The label watchdog: looks at pictures that left, sounds an alarm where one has no label, and says what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from host_engine.alarms import Alarms
from host_engine.labelling.finding import Expected, Finding
from host_engine.labelling.judging import judge
from host_engine.labelling.remedy import SURE, Look, Remedy, Step
from host_engine.labelling.view import Plane, View, view_of

ALARM = "label"  # "programme/label", "obs/label"
CALM = 2  # looks in a row with a label before the alarm is over

Expect = Callable[[str, int | None], Sequence[Expected] | None]


@dataclass
class Seen:
    """What is known of one kind of pictures. `at`: seconds, of the last look."""

    at: float
    finding: Finding | None = None
    looks: int = 0
    without: int = 0  # looks that found none at all
    bad: int = 0  # in a row, without the scene's own
    good: int = 0  # in a row, with that alone
    alarmed: bool = False


class Watchdog:
    """Knows nothing but pictures: what was drawn, or meant to be, is no evidence. `look` may be called from any thread.

    An alarm comes after `SURE` looks without a label in a row, never after one: a picture may be torn, or mixed of two
    scenes. `remedy.step` is what has to be done about it.
    """

    def __init__(self, alarms: Alarms, expect: Expect, now: Callable[[], float]) -> None:
        """`expect`: the labels of which a picture may show any, by whose pictures they are and the number of the frame
        (None: the newest); None where nothing can be said, as while one scene becomes another. `now`: seconds."""
        self.remedy = Remedy()
        self.hooks: list[Callable[[str, Finding], None]] = []  # told of each look, on the thread that looks
        self._alarms, self._expect, self._now = alarms, expect, now
        self._seen: dict[str, Seen] = {}
        self._lock = Lock()

    def look(
        self,
        picture: Plane | View,
        of: str = "programme",
        n: int | None = None,
        *,
        muted: bool = False,
        beneath: Callable[[], bool] | None = None,
    ) -> Finding | None:
        """Look at a picture that left, I420 (h * 3 // 2, w) or RGB (h, w, 3). None where none can be expected now.

        of: whose it is: "programme", a rendition, "obs". n: the number of its frame, where it is known. muted: nobody
        is heard, so a black picture needs no label. beneath: whether the label is there below the forced one.
        Raises ValueError for what is no picture.
        """
        expected = self._expect(of, n)
        if not expected:
            return None
        view = picture if isinstance(picture, View) else view_of(picture)
        own, best = self._judged(of, view, expected)
        if muted and best.kind == "black":
            own = best = best._replace(kind="labelled")
        alone = own.ok and (self.remedy.step != Step.IN_PLACE or beneath is None or beneath())
        with self._lock:
            self._learn(of, own, best, alone)
            self._do(of, best, alone)
            self._tell(of, own)
        for hook in self.hooks:
            hook(of, best)
        return best

    def rest(self, of: str) -> None:
        """These pictures do not show the host now, or there are none any more: no label is expected in them."""
        with self._lock:
            seen = self._seen.pop(of, None)
            self.remedy.forget(of)
        if seen:
            self._alarms.clear(f"{of}/{ALARM}")

    def unseen(self, of: str, trouble: str | None) -> None:
        """Pictures leave, but cannot be looked at: an alarm of its own, which a look ends."""
        self._alarms.check(f"{of}/label-unseen", trouble)

    def status(self) -> dict[str, Any]:
        """For /status."""
        now = self._now()
        with self._lock:
            pictures = [_told(of, seen, now) for of, seen in self._seen.items()]
            return {"step": self.remedy.step.name.lower().replace("_", "-"), "pictures": pictures}

    def _judged(self, of: str, view: View, expected: Sequence[Expected]) -> tuple[Finding, Finding]:
        """What is found of the scene's own label, and the best that is found, where one is forced as well."""
        seen = self._seen.get(of)
        hint = seen.finding.place if seen and seen.finding else None
        looks = [each._replace(hint=hint) if each.anywhere else each for each in expected]
        forced = [each for each in looks if each.forced]
        own = judge(view, [each for each in looks if not each.forced] or forced)
        if own.ok or not forced:
            return own, own
        other = judge(view, forced)
        return own, other if other.ok else own

    def _learn(self, of: str, own: Finding, best: Finding, alone: bool) -> None:
        seen = self._seen.setdefault(of, Seen(self._now()))
        seen.at, seen.finding, seen.looks = self._now(), best, seen.looks + 1
        seen.without += not best.ok
        seen.bad, seen.good = (0, seen.good + alone) if own.ok else (seen.bad + 1, 0)
        seen.good = seen.good if alone else 0
        seen.alarmed = seen.bad >= SURE or (seen.alarmed and seen.good < CALM)

    def _do(self, of: str, best: Finding, alone: bool) -> None:
        expected = best.expected
        lowest = Step.SLATE if of in ("programme", "obs") else Step.ELSEWHERE
        look = Look(of, alone, best.ok, expected.look.human, expected.anywhere)
        self.remedy.consider(look, self._now(), lowest)

    def _tell(self, of: str, own: Finding) -> None:
        """Sound the alarm, or clear it once the label is there by itself again: a forced one does not end it."""
        seen = self._seen[of]
        if not seen.alarmed:
            self._alarms.clear(f"{of}/{ALARM}")
        elif own.sentence:
            done = HELPLESS if of in self.remedy.helpless else DONE[self.remedy.step]
            self._alarms.sound(f"{of}/{ALARM}", f"In the pictures of '{of}' that left, {own.sentence}. {done}")


DONE = {
    Step.NONE: "It is looked at again.",
    Step.IN_PLACE: "The label is now forced over everything, at its place.",
    Step.ELSEWHERE: "The label is now forced over everything, larger and at another place.",
    Step.SLATE: "The slate is shown and nobody speaks; the show is tried again by itself, and can be put on by hand.",
}
HELPLESS = "All that can be done here has been done: take what lies over it away, or end the output."


def _told(of: str, seen: Seen, now: float) -> dict[str, Any]:
    finding = seen.finding
    return {
        "of": of,
        "labelled": finding.ok if finding else None,
        "what": finding.kind if finding else None,
        "words": finding.expected.look.words if finding else None,
        "forced": finding.expected.forced if finding else None,
        "likeness": round(finding.likeness, 3) if finding else None,
        "contrast": round(finding.contrast, 1) if finding else None,
        "at": list(finding.place) if finding and finding.place else None,
        "looks": seen.looks,
        "without": seen.without,
        "seen_s_ago": round(now - seen.at, 1),
    }
