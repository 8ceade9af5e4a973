"""What the chat firewall stops of the shipped attacks, what it stops of honest questions, and what a message costs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.corpus import Sample, attacks, honest
from benchmarks.kept import keep, spread
from host_engine.audience.firewall import Firewall
from host_engine.audience.firewall.plain import LONGEST

ROUNDS, SHORT = 20, 3
MEGABYTE = {
    "letters": "a" * 1_000_000,
    "words": "ignore all the rules and " * 40_000,
    "invisible": "\u200b" * 1_000_000,
    "stacked": ("a" + "\u0336" * 50) * 20_000,
    "ligatures": "\ufdfa" * 1_000_000,
    "apart": " ".join("qwertyuiopasdfghjklzxcvbnm" * 20_000),
    "addresses": "a@b.c " * 160_000,
}


def run(rounds: int) -> None:
    began = time.perf_counter()
    firewall = Firewall()
    ready = time.perf_counter() - began
    bad, good = attacks(), honest()
    figures = {
        "ready_s": ready,
        **_stopped(firewall, bad, "attacks"),
        **_stopped(firewall, good, "honest"),
        "named_right": np.mean([firewall.rule(each.text).reason == each.kind for each in bad]),
    }
    texts = [each.text for each in (*bad, *good)]
    figures |= spread([_cost(firewall, text) for _ in range(rounds) for text in texts], "message_ms")
    long = [_long(good, k) for k in range(50)]
    figures |= spread([_cost(firewall, text) for _ in range(rounds) for text in long], "long_ms")
    figures["megabyte_ms"] = max(min(_cost(firewall, text) for _ in range(5)) for text in MEGABYTE.values())
    figures |= {"attacks": len(bad), "honest": len(good)}
    _tell("missed", bad, lambda each: not firewall.rule(each.text, each.language).reason)
    _tell("stopped", good, lambda each: bool(firewall.rule(each.text, each.language).reason))
    keep("firewall", figures, rounds=rounds)


def _stopped(firewall: Firewall, samples: list[Sample], name: str) -> dict[str, float]:
    """The share that is stopped: of all, of those that the lists were tuned on, and of the others."""
    stopped = [bool(firewall.rule(each.text, each.language).reason) for each in samples]
    held_out = np.array([each.held_out for each in samples])
    return {
        f"{name}_stopped": np.mean(stopped),
        f"{name}_stopped_tuning": np.mean(np.array(stopped)[~held_out]),
        f"{name}_stopped_held_out": np.mean(np.array(stopped)[held_out]),
    }


def _cost(firewall: Firewall, text: str) -> float:
    """Milliseconds of processor."""
    began = time.thread_time()
    firewall.rule(text)
    return (time.thread_time() - began) * 1000


def _long(samples: list[Sample], k: int) -> str:
    """The longest message that is looked at, of different honest questions."""
    return " ".join(each.text for each in samples[k * 5 : k * 5 + 40])[:LONGEST]


def _tell(what: str, samples: list[Sample], when: Callable[[Sample], bool]) -> None:
    for each in samples:
        if when(each):
            print(f"{what}: {each.text!r} ({each.language}, {each.kind or 'honest'})")


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else ROUNDS)
