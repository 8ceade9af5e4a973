"""How often the same is said: what a viewer who stays for an hour hears twice."""

from __future__ import annotations

from collections import Counter, deque
from itertools import pairwise
from typing import Any

from host_engine.rehearsal.heard import Rehearsed

HOUR = 3600.0
LISTED = 15


def repetition(rehearsed: Rehearsed) -> dict[str, Any]:
    """`score` is the share of sentences on air that were said word for word within the hour before; 0: nothing is
    repeated. Lines that go on after an interruption count once.

    `distinct_2` is the share of different pairs of neighbouring words among all in an hour, mean over the hours: Li,
    Galley, Brockett, Gao, Dolan: A Diversity-Promoting Objective Function for Neural Conversation Models, 2016.
    """
    recent: deque[tuple[float, str]] = deque()
    here: Counter[str] = Counter()
    most: Counter[str] = Counter()
    repeated = total = 0
    whole = [(each.at, " ".join(each.line.text.split())) for each in rehearsed.said if each.cut != "pause"]
    for at, text in whole:
        while recent and at - recent[0][0] > HOUR:
            here[recent.popleft()[1]] -= 1
        total += 1
        repeated += here[text] > 0
        here[text] += 1
        recent.append((at, text))
        most[text] = max(most[text], here[text])
    worst = [{"text": text, "times": times} for text, times in most.most_common(LISTED) if times > 1]
    return {
        "score": round(repeated / total, 4) if total else 0.0,
        "sentences": total,
        "repeated": repeated,
        "distinct_2": round(_distinct(whole), 4),
        "most_in_an_hour": worst,
    }


def _distinct(said: list[tuple[float, str]]) -> float:
    hours: dict[int, list[tuple[str, str]]] = {}
    for at, text in said:
        words = text.casefold().split()
        hours.setdefault(int(at // HOUR), []).extend(pairwise(words))
    shares = [len(set(pairs)) / len(pairs) for pairs in hours.values() if pairs]
    return sum(shares) / len(shares) if shares else 0.0
