"""The way out in words: outputs, OBS, the AI label and the rules, as somebody reads them who has two seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from host_engine.console import label_standing, obs_standing, policy_standing
from host_engine.console.row import Facts, Tone, section, several

KINDS = {"rtmp": "stream", "whip": "WebRTC", "file": "recording"}
STATES: Mapping[str, tuple[Tone, str]] = {
    "live": ("good", "sending"), "recording": ("good", "recording"), "connecting": ("wait", "connecting"),
    "waiting": ("wait", "trying again"), "refused": ("wrong", "refused by its server"), "full": ("wrong", "disk full"),
    "failing": ("wrong", "cannot write"), "stuck": ("wrong", "disk hangs"), "stopped": ("off", "stopped"),
}  # fmt: skip
LATE = 3000  # ms behind that are worth a word
ROWS = {"obs": obs_standing.rows, "label": label_standing.rows, "policies": policy_standing.rows}


def standing(status: Facts) -> dict[str, list[dict[str, str]]]:
    """What /status tells of OBS, of the AI label and of the policies."""
    return {name: section(status.get(name), rows) for name, rows in ROWS.items()}


def output(facts: Facts, feed: str = "") -> dict[str, Any]:
    """One output, as its panel shows it. `feed`: the name of the one that OBS is fed by."""
    state, error = str(facts.get("state", "")), str(facts.get("error") or "")
    stopped = bool(facts.get("stopped")) or state == "stopped"
    tone, says = STATES["stopped"] if stopped else STATES.get(state, ("wait", state.replace("_", " ")))
    needs = str(facts.get("needs") or "")
    trouble = needs if stopped else error
    kind, wishes = str(facts.get("kind", "rtmp")), list(_wishes(facts.get("wishes") or {}))
    return {
        "name": facts["name"],
        "kind": kind,
        "what": "the way into OBS" if facts["name"] == feed else KINDS.get(kind, kind),
        "feed": facts["name"] == feed,
        "to": str(facts.get("file") or "").rpartition("/")[2] or facts.get("to", ""),
        "state": state,
        "tone": "wrong" if needs else _tone(tone, trouble),
        "says": "waits" if needs else says,
        "stopped": stopped,
        "trouble": trouble,
        "facts": [] if stopped else list(_figures(facts, told=bool(wishes))),
        "wishes": wishes,
    }


def _tone(tone: Tone, trouble: str) -> Tone:
    """What is sent although something is wrong, as at a second address, is no reason for red."""
    if not trouble:
        return tone
    return "wait" if tone == "good" else "wrong"


def _wishes(wishes: Facts) -> Iterator[str]:
    """What an output wants otherwise than the channel."""
    said: Mapping[str, Callable[[Any], str]] = {
        "platform": lambda name: f"for {name}",
        "picture": lambda sides: f"{sides[0]} × {sides[1]}",
        "kbps": lambda kbps: f"{kbps} kbit/s",
        "label": lambda text: f"label '{text}'",
        "language": lambda code: f"label in {code}",
        "delay": lambda seconds: f"{spell(seconds)} later",
        "rotate": lambda seconds: f"a new session every {spell(seconds)}",
        "backup": lambda server: f"second address {server}",
        "key_env": lambda name: f"key kept as {name}",
        "segment": lambda seconds: f"a new file every {spell(seconds)}",
        "days": lambda days: f"kept for {days:g} days",
        "size": lambda size: f"at most {size / 1e9:g} GB",
    }
    yield from (say(wishes[name]) for name, say in said.items() if wishes.get(name))


def spell(seconds: float) -> str:
    """A time as people say it."""
    for length, name in ((3600, "h"), (60, "min")):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g} {name}"
    return f"{seconds:g} s"


def _figures(facts: Facts, told: bool) -> Iterator[str]:
    """What is worth reading of an output that is at work; figures are rounded, so that they stand still. `told`: what
    is different there is said elsewhere."""
    if (kbps := facts.get("kbps")) and facts.get("state") in ("live", "recording"):
        yield f"{kbps / 1000:.1f} Mbit/s"
    held = facts.get("delay_s") or 0
    if held and not told:
        yield f"held back {held:g} s"
    if (behind := (facts.get("behind_ms") or 0) - 1000 * held) >= LATE:
        yield f"{behind / 1000:.0f} s behind"
    if facts.get("address") == "second":
        yield "at its second address"
    if (rendition := facts.get("rendition")) and not told:
        yield str(rendition)
    if dropped := facts.get("dropped"):
        yield several(dropped, "frame left out", "frames left out")
    if again := facts.get("reconnects"):
        yield f"came back {several(again, 'time', 'times')}"
