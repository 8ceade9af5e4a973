"""How it stands with OBS, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from host_engine.console.row import Facts, Row, Tone, several

COMING = ("connecting", "starting")  # states that pass by themselves
FEEDS: Mapping[str, tuple[Tone, str]] = {
    "alive": ("good", "OBS gets the engine's picture"),
    "late": ("wrong", "OBS gets the engine's picture too late"),
    "frozen": ("wrong", "OBS shows a picture of the engine that stands still"),
    "nothing": ("wrong", "OBS gets nothing of the engine"),
}
LATEST = 3  # of what was put right
FELT = 1000  # ms behind that are worth a word


def rows(facts: Facts) -> Iterator[Row]:
    """From /status, or from what operators are told, which is more."""
    yield from _link(facts)
    yield from _feed(facts.get("feed"))
    yield from (Row("wrong", str(each)) for each in dict(facts.get("troubles") or {}).values())
    if facts.get("streaming") is not None:
        yield Row("good", "OBS is streaming.") if facts["streaming"] else Row("wrong", "OBS is not streaming.")
    yield from _drift(facts.get("drift"))
    for each in list(facts.get("changes") or ())[: -LATEST - 1 : -1]:
        at = datetime.fromtimestamp(each["at"]).strftime("%H:%M:%S")
        yield Row("off", f"Found and put right at {at}: {each['reason']}")


def _link(facts: Facts) -> Iterator[Row]:
    state, said, scene = str(facts.get("state", "")), str(facts.get("said") or ""), facts.get("scene") or {}
    if state != "steered":
        if said not in dict(facts.get("troubles") or {}).values():
            yield Row("wait" if state in COMING else "wrong", said or f"OBS: {state}.")
        return
    wanted, seen = scene.get("wanted"), scene.get("shown")
    if seen == wanted:
        yield Row("good", f"OBS shows '{seen}', as the show wants it.")
    else:
        yield Row("wait", f"OBS shows '{seen}'; the show is at '{wanted}'.")


def _feed(facts: object) -> Iterator[Row]:
    """What OBS shows of the engine's picture, read from OBS."""
    if isinstance(facts, Mapping) and (found := FEEDS.get(str(facts.get("state")))):
        tone, says = found
        behind = facts.get("behind_ms") or 0
        yield Row(tone, f"{says}, {behind / 1000:.1f} s behind." if behind >= FELT else f"{says}.")


def _drift(drift: object) -> Iterator[Row]:
    if isinstance(drift, int) and drift:
        yield Row("wait", f"{several(drift, 'thing was', 'things were')} changed by hand, and left so.")
    elif isinstance(drift, Sequence):
        yield from (Row("wait", f"By hand, and left so: {each}") for each in drift)
