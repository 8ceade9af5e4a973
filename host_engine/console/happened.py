"""What has happened, in sentences for the console's log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from host_engine.console.way_out import STATES
from host_engine.direction.happening import Happening

LISTED = 40
PASSING = {"line/start", "line/end", "words", "scene", "hold", "mute"}  # the show itself, and what its order tells
LONGEST = 160

Data = Mapping[str, Any]
ORDERS = {
    "take": "went to the next line", "skip": "skipped the segment", "go": "went to another place in the rundown",
    "hold": "held the show", "release": "let the host go on", "mute": "muted", "unmute": "put the sound back",
    "scene": "chose a scene", "reorder": "moved segments", "say": "had something said", "withdraw": "took words back",
    "add output": "added an output", "stop output": "stopped an output", "start output": "started an output",
    "change key of output": "changed a stream key", "remove output": "removed an output",
    "put OBS right": "put OBS right", "changes of OBS by hand": "chose what becomes of changes by hand in OBS",
    "human voice": "chose who is heard", "label": "had the AI label say", "voice": "chose a voice",
    "host": "chose a host",
}  # fmt: skip
ABOUT = ("text", "output", "scene", "to", "host")
HANDS = {"enforce": "put back at once", "follow": "left so until the scene changes"}
QUESTIONS = {
    "asked": "asks", "waiting": "waits for an answer", "answering": "is being answered", "answered": "was answered",
    "vetoed": "was not answered, by order", "expired": "was not answered in time",
}  # fmt: skip
REVIEWED = {"approve": "let an answer be said", "veto": "stopped an answer", "answer": "answered by hand"}
SWAPS = {"swap": "swapped to", "rollback": "rolled back to", "save": "saved"}
TAKEOVERS = {"begin": "took over", "end": "handed back", "next": "said a line of the prompter"}


def happened(kept: Iterable[Happening]) -> list[dict[str, Any]]:
    """Those that are listed, the newest first; `mark`: somebody did it."""
    told = [(each, sentence(each)) for each in [*kept][::-1] if listed(each)]
    return [{"id": each.id, "at": each.at, "text": text, "mark": bool(_by(each.data))} for each, text in told if text]


def listed(happening: Happening) -> bool:
    """Whether it belongs in the log: what is pinned as the show goes on does not."""
    return happening.what not in PASSING and not (happening.what == "product" and "act" not in happening.data)


def sentence(happening: Happening) -> str:
    """A happening in words; "" for what says nothing to people."""
    said = SENTENCES.get(happening.what, _plain)(happening.data)
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def _order(data: Data) -> str:
    if "by" not in data:  # what became of words that were ordered
        return f"{str(data.get('state', '')).capitalize()}: {data.get('text', '')}"
    about = next((str(data[name]) for name in ABOUT if data.get(name)), "") or _chosen(data)
    order = str(data.get("order", "ordered something"))
    return f"{data['by']} {ORDERS.get(order, order)}" + (f": {about}" if about else "")


def _chosen(data: Data) -> str:
    """What was chosen, where it is no text."""
    if "on" in data and data.get("order") == "human voice":
        return "only people" if data["on"] else "the AI voice too"
    if "by_hand" in data:
        return HANDS.get(str(data["by_hand"]), "as the files say")
    return ", ".join(map(str, data.get("use") or ()))


def _alarm(data: Data) -> str:
    return f"{'Over' if data.get('over') else 'Alarm'}: {data.get('text', '')}"


def _question(data: Data) -> str:
    if "order" in data:
        return f"{_by(data) or 'Somebody'} {REVIEWED.get(str(data['order']), str(data['order']))}"
    state = str(data.get("state", "asks"))
    return f"{data.get('name') or 'A viewer'} {QUESTIONS.get(state, state)}: {data.get('text', '')}"


def _swap(data: Data) -> str:
    if data.get("state") == "refused":
        return f"Not in force: {data.get('why', '')}"
    act = data.get("act", "swap")
    return f"{_by(data) or 'The file watch'} {SWAPS.get(act, act)} {data.get('name', '')}"


def _products(data: Data) -> str:
    done = {"recall": "recalled", "restore": "let back", "change": "changed"}.get(data.get("act", ""), "changed")
    why = f" ({data['why']})" if data.get("why") else ""
    return f"{_by(data) or 'The shop'} {done} {', '.join(map(str, data.get('products', ())))}{why}"


def _output(data: Data) -> str:
    error = f": {data['error']}" if data.get("error") else ""
    state = str(data.get("state", ""))
    return f"Output {data.get('name', '')}: {STATES[state][1] if state in STATES else state}{error}"


def _takeover(data: Data) -> str:
    done = TAKEOVERS.get(data.get("state", ""))
    return f"{data.get('by', 'Somebody')} {done}" if done else ""


def _plain(data: Data) -> str:
    return str(data.get("detail") or data.get("text") or data.get("what") or "")


def _by(data: Data) -> str:
    return str(data.get("by") or data.get("who") or "")


SENTENCES: dict[str, Callable[[Data], str]] = {
    "order": _order, "alarm": _alarm, "question": _question, "swap": _swap, "recall": _products, "product": _products,
    "output": _output, "takeover": _takeover,
}  # fmt: skip
