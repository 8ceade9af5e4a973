"""What is wrong with what a viewer gets, in words."""

from __future__ import annotations

from dataclasses import dataclass

from host_engine.outputs.limits import Troubles
from host_engine.outputs.watch.watcher import Watched

ALL = ("unwatchable", "viewer-delay", "viewer-skew", "viewer-stops")


@dataclass(frozen=True)
class Limits:
    """Seconds from which on something is wrong; a limit of 0 is none."""

    nothing: float = 15.0  # that a target is live without anybody being able to watch it
    delay: float = 15.0  # from the engine to the viewer, beyond the delay that the target is to have
    skew: float = 0.16  # between sound and picture: what viewers begin to mind (ITU-R BT.1359)
    stopped: float = 3.0  # without a new picture, in a minute


def judge(name: str, server: str, delay: float, watched: Watched, limits: Limits, now: float) -> Troubles:
    """What is wrong. server: where it is watched. delay: how far the target is to be behind the show."""
    facts, told = watched.facts, dict[str, str | None].fromkeys(ALL)
    if watched.state != "watching":
        gone = now - watched.since
        if watched.state == "connecting" and limits.nothing and gone >= limits.nothing:
            reason = f": {watched.error}" if watched.error else ""
            told["unwatchable"] = f"nobody could watch {name} at {server} for {gone:.0f} s{reason}"
        return told
    late = (facts.delay or 0.0) - delay
    if limits.delay and late > limits.delay:
        told["viewer-delay"] = (
            f"viewers of {name} at {server} are {late:.0f} s behind the show: its server or the network between is slow"
        )
    if limits.skew and facts.skew is not None and abs(facts.skew) > limits.skew:
        order = "after" if facts.skew > 0 else "before"
        told["viewer-skew"] = (
            f"viewers of {name} at {server} hear the sound {abs(facts.skew) * 1000:.0f} ms {order} the picture"
        )
    if limits.stopped and facts.stopped_minute >= limits.stopped:
        still = f"{facts.stopped_minute:.0f} s of the last minute"
        told["viewer-stops"] = f"the picture stood still for viewers of {name} at {server} for {still}"
    return told
