"""What is still right: from which figures on the monitor sounds an alarm, and in which words."""

from __future__ import annotations

from dataclasses import dataclass

from host_engine.outputs.departures import Facts
from host_engine.outputs.programme import Mark


@dataclass(frozen=True)
class Limits:
    """Seconds, but for the last four: kbit/s that are set, those that such pictures can use (a small picture needs no
    more, however much is set), and the shares of them that are too little and too much. A limit of 0 is none.
    """

    silence: float = 8.0
    frozen: float = 3.0
    skew: float = 0.04
    behind: float = 2.0
    stopped: float = 3.0
    kbps: float = 2500.0
    usable: float = 2500.0
    least: float = 0.3
    most: float = 1.5


Troubles = dict[str, str | None]  # what is wrong -> in a sentence, None where it is not


def content(limits: Limits, who: str, mark: Mark | None) -> Troubles:
    """What can be wrong with picture and sound themselves."""
    silent, still = (mark.silent, mark.still) if mark else (0.0, 0.0)
    return {
        "silence": _when(
            limits.silence and silent >= limits.silence,
            f"nothing has been heard on {who} for {silent:.0f} s: is it on hold, or without voice and music?",
        ),
        "frozen": _when(
            limits.frozen and still >= limits.frozen,
            f"the picture of {who} has stood still for {still:.0f} s: see the log for what could not be drawn",
        ),
    }


def rate(limits: Limits, who: str, facts: Facts, made: float | None = None) -> Troubles:
    """What can be wrong with the amount of data; `made`: kbit/s of the programme, where this is one of its outputs."""
    if facts.kbps is None:
        return {"bitrate": None}
    enough = min(limits.kbps, limits.usable) if made is None else made
    low, high = limits.least * enough, limits.most * limits.kbps
    off = (limits.least and facts.kbps < low) or (limits.most and facts.kbps > high)
    words = f"{who} sends {facts.kbps:.0f} kbit/s of picture where {limits.kbps:.0f} are set"
    return {"bitrate": _when(off, f"{words}; {low:.0f} to {high:.0f} are fine now")}


def delivery(limits: Limits, who: str, facts: Facts) -> Troubles:
    """What can be wrong with one output's sending, while it sends."""
    behind, skew = facts.behind or 0.0, facts.skew or 0.0
    order = "after" if skew > 0 else "before"
    return {
        "behind": _when(
            limits.behind and behind >= limits.behind,
            f"{who} is {behind:.1f} s behind the show, {facts.depth} frames and {facts.unsent} bytes wait:"
            " its network, its server or its disk is too slow for the bitrate",
        ),
        "av-step": _when(
            limits.skew and abs(skew) > limits.skew,
            f"on {who} the sound is {abs(skew) * 1000:.0f} ms {order} the picture; a machine that is too busy does"
            " that; restart the channel only if it lasts while frames leave in time",
        ),
    }


def sending(limits: Limits, who: str, idle: float, error: str | None) -> str | None:
    """What is wrong with an output that ought to send and does not."""
    reason = f": {error}" if error else "; what it sends is not taken"
    return _when(limits.stopped and idle >= limits.stopped, f"{who} has sent nothing for {idle:.0f} s{reason}")


def _when(wrong: object, words: str) -> str | None:
    return words if wrong else None
