"""What a rehearsal tells, in figures: timing, coverage, repetition, products, mandatory lines, answers, the gate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from host_engine.rehearsal.heard import Asked, OnAir, Rehearsed
from host_engine.rehearsal.repetition import repetition
from host_engine.show.rundown import Entry
from host_engine.show.show import Show

GATE = "the fact gate stopped it"
NOT = frozenset({"waiting", "dropped"})  # what becomes of questions that are not answered
LAST = 60.0  # seconds before the end, in which a question is too late to be counted
LISTED = 40  # entries of a list
LINE = 10.0  # seconds by which a mandatory line may be late: the line that was on air


def figures(show: Show, rehearsed: Rehearsed, why: Mapping[str, str]) -> dict[str, Any]:
    """Everything, as plain values ready for JSON. `why`: as `Rulings.latest`."""
    said = [each for each in rehearsed.said if each.line.place is not None]
    why = {**why, **{each.line.partition(":")[0]: GATE for each in rehearsed.stopped}}
    return {
        "show": _about(show, rehearsed),
        "air": {"lines": len(rehearsed.said), "idle_s": round(rehearsed.idle, 1), "stuck_s": round(rehearsed.stuck, 1)},
        "segments": _segments(show, rehearsed, said),
        "clock": _clock(show, rehearsed, said),
        "mandatory": _mandatory(show, rehearsed),
        "coverage": _coverage(show, said, why),
        "products": _products(show, said, why),
        "repetition": repetition(rehearsed),
        "audience": _audience(rehearsed),
        "gate": _gate(rehearsed),
    }


def _about(show: Show, rehearsed: Rehearsed) -> dict[str, Any]:
    begin, end = rehearsed.begin, rehearsed.moment(rehearsed.seconds)
    return {
        "catalog": show.catalog.name,
        "shop": show.catalog.shop,
        "begin": begin.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
        "zone": str(show.rundown.zone),
        "hours": round(rehearsed.seconds / 3600, 2),
        "seed": rehearsed.seed,
        "spoken": rehearsed.spoken,
        "rounds": 1 + max((each.round for each in rehearsed.said), default=0),
    }


def stays(rehearsed: Rehearsed) -> list[tuple[str, float, float]]:
    """The segments as they followed each other: id, and seconds from when to when; what interrupts does not count."""
    found: list[tuple[str, float, float]] = []
    for each in rehearsed.said:
        if each.line.place is None:
            continue
        if found and found[-1][0] == each.line.segment:
            found[-1] = (each.line.segment, found[-1][1], each.at + each.seconds)
        else:
            found.append((each.line.segment, each.at, each.at + each.seconds))
    return found


def _segments(show: Show, rehearsed: Rehearsed, said: Sequence[OnAir]) -> list[dict[str, Any]]:
    """Each segment of the rundown in its order: how often it came, for how long, when first and last."""
    total = sum(each.seconds for each in said) or 1.0
    came: dict[str, list[tuple[float, float]]] = {}
    for segment, begin, end in stays(rehearsed):
        came.setdefault(segment, []).append((begin, end))
    seconds: defaultdict[str, float] = defaultdict(float)
    for each in said:
        seconds[each.line.segment] += each.seconds
    products = {entry.segment: entry.product for entry in show.rundown.entries}
    return [
        {
            "segment": segment,
            "product": product,
            "times": len(came.get(segment, ())),
            "seconds": round(seconds[segment], 1),
            "share": round(seconds[segment] / total, 4),
            "first": _time(rehearsed, came[segment][0][0]) if segment in came else None,
            "last": _time(rehearsed, came[segment][-1][0]) if segment in came else None,
        }
        for segment, product in products.items()
    ]


def _clock(show: Show, rehearsed: Rehearsed, said: Sequence[OnAir]) -> list[dict[str, Any]]:
    """Each time at which a segment was to come, when it did, and by how many seconds it was late; None: it did not."""
    found: list[dict[str, Any]] = []
    for n in show.rundown.timed:
        entry = show.rundown.entries[n]
        begins = [begin for segment, begin, _ in stays(rehearsed) if segment == entry.segment]
        for wanted in _times(entry, rehearsed):
            began = next((at for at in begins if wanted - 1 <= at < wanted + 3600), None)
            found.append(
                {
                    "segment": entry.segment,
                    "wanted": _time(rehearsed, wanted),
                    "began": None if began is None else _time(rehearsed, began),
                    "late_s": None if began is None else round(max(0.0, began - wanted), 1),
                    "sharp": entry.rules.sharp,
                }
            )
    return sorted(found, key=lambda each: str(each["wanted"]))


def _times(entry: Entry, rehearsed: Rehearsed) -> list[float]:
    """The times of a segment in the rehearsed hours, in seconds."""
    found: list[float] = []
    if not entry.rules.at:
        return found
    now = rehearsed.begin - timedelta(seconds=1)
    while (following := entry.rules.next_time(now)) is not None:
        at = following.timestamp() - rehearsed.begin.timestamp()
        if at >= rehearsed.seconds:
            break
        found.append(at)
        now = following.astimezone(rehearsed.begin.tzinfo)
    return found


def _mandatory(show: Show, rehearsed: Rehearsed) -> list[dict[str, Any]]:
    """Each mandatory line: how often it was said, and the longest time without it."""
    found = []
    for line in show.rundown.mandatory:
        told = [
            each.at
            for each in rehearsed.said
            if each.line.mandatory == line.id and not each.cut and ":" not in each.line.id.partition("/")[2]
        ]
        edges = [0.0, *told, rehearsed.seconds]
        gap, since = max((after - before, before) for before, after in pairwise(edges))
        always = line.category is None and not line.products
        found.append(
            {
                "id": line.id,
                "every_s": line.every.total_seconds(),
                "times": len(told),
                "longest_s": round(gap, 1),
                "since": _time(rehearsed, since),
                "for": line.category or ", ".join(line.products) or "everything",
                "in_time": not always or gap <= line.every.total_seconds() + LINE,
            }
        )
    return found


def _coverage(show: Show, said: Sequence[OnAir], why: Mapping[str, str]) -> dict[str, Any]:
    """Which lines of the rundown were said, and in which of their variants."""
    heard = {(each.line.place.entry, each.line.place.variant) for each in said if each.line.place and not each.cut}
    entries = {entry for entry, _ in heard}
    never = [entry for entry in show.rundown.entries if entry.id not in entries]
    return {
        "said": len(show.rundown.entries) - len(never),
        "of": len(show.rundown.entries),
        "variants_said": len(heard),
        "variants_of": sum(len(entry.variants) for entry in show.rundown.entries),
        "never": [
            {
                "line": entry.id,
                "text": " ".join(entry.variants[0].parts) if entry.variants else "",
                "why": _why(entry, why),
            }
            for entry in never[:LISTED]
        ],
    }


def _why(entry: Entry, why: Mapping[str, str]) -> str:
    if entry.rules.at:
        return "its time did not come"
    return why.get(entry.id) or why.get(entry.segment, "its turn did not come")


def _products(show: Show, said: Sequence[OnAir], why: Mapping[str, str]) -> dict[str, Any]:
    """Which products were presented, and why others were not."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for each in said:
        if each.line.product:
            seconds[each.line.product] += each.seconds
    entries: dict[str, Entry] = {}
    for entry in show.rundown.entries:
        entries.setdefault(entry.product or "", entry)
    never = [
        {
            "product": product.id,
            "title": product.title,
            "why": _why(entries[product.id], why) if product.id in entries else "no segment is about it",
        }
        for product in show.catalog.products
        if product.id not in seconds
    ]
    shown = [{"product": id, "seconds": round(spent, 1)} for id, spent in _longest(seconds)]
    return {"reached": len(seconds), "of": len(show.catalog.products), "never": never[:LISTED], "time": shown}


def _longest(seconds: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(seconds.items(), key=lambda each: -each[1])[:LISTED]


def _audience(rehearsed: Rehearsed) -> dict[str, Any]:
    """What the audience asked, and what became of it."""
    questions = [each for each in rehearsed.asked if each.kind == "question"]
    abuse = [each for each in rehearsed.asked if each.kind == "abuse"]
    answered = [each for each in questions if each.fate == "answered"]
    waits = sorted(each.began - each.at for each in answered if each.began is not None)
    wrong = [each for each in answered if not each.right and not each.unknown]
    reasons = {fate: Counter(each.reason for each in questions if each.fate == fate) for fate in ("refused", "dropped")}
    return {
        "messages": len(rehearsed.asked),
        "became": _became(rehearsed.asked),
        "questions": len(questions),
        "answered": len(answered),
        "right": sum(each.right for each in answered),
        "unknown": sum(each.unknown and not each.right for each in answered),
        "other": len(wrong),
        "joined": sum(each.fate == "joined" for each in questions),
        **{fate: dict(sorted(each.items())) for fate, each in reasons.items()},
        "waiting": sum(each.fate == "waiting" for each in questions),
        "unanswered": sum(each.fate in NOT and each.at < rehearsed.seconds - LAST for each in questions),
        "abuse": len(abuse),
        "abuse_stopped": sum(each.fate == "refused" for each in abuse),
        "wait_s": {f"p{q}": round(waits[min(len(waits) - 1, len(waits) * q // 100)], 1) for q in (50, 95)}
        if waits
        else {},
        "look_at": [
            {"at": _time(rehearsed, each.at), "asked": each.text, "answer": each.answer, "unknown": each.unknown}
            for each in [*wrong, *(each for each in answered if each.unknown)][:LISTED]
        ],
    }


def _became(asked: Sequence[Asked]) -> dict[str, int]:
    """What became of messages; the sum is how many there were."""
    fates = Counter(each.fate for each in asked)
    answered = fates["answered"] + fates["joined"]
    return {"answered": answered, **{fate: fates[fate] for fate in ("refused", "dropped", "waiting")}}


def _gate(rehearsed: Rehearsed) -> dict[str, Any]:
    stops = Counter((each.line, each.text, each.why) for each in rehearsed.stopped)
    listed = [
        {"line": line, "text": text, "why": why, "times": times} for (line, text, why), times in stops.most_common()
    ]
    return {"stops": len(rehearsed.stopped), "lines": listed[:LISTED]}


def _time(rehearsed: Rehearsed, at: float) -> str:
    return rehearsed.moment(at).isoformat(timespec="seconds")
