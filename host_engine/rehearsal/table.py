"""A rehearsal as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

FEW = 5  # entries of a list


def table(figures: Mapping[str, Any]) -> Table:
    """What was rehearsed, row by row; what somebody should look at is yellow."""
    about = figures["show"]
    span = f"{about['begin'][:16].replace('T', ' ')} to {about['end'][:16].replace('T', ' ')} {about['zone']}"
    made = Table("", "", title=f"{escape(about['shop'])}: {span}", title_justify="left", show_header=False, box=None)
    for name, said, fine in rows(figures):
        made.add_row(name, escape(said) if fine else f"[yellow]{escape(said)}[/]")
    return made


def rows(figures: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Name, what there is to say, and whether that is as it should be."""
    air, lines, products = figures["air"], figures["coverage"], figures["products"]
    silent = f", {air['idle_s']:g} s without a word" if air["idle_s"] else ""
    stuck = f", {air['stuck_s']:g} s with nothing that may be said" if air["stuck_s"] else ""
    yield "on air", f"{air['lines']} sentences, {figures['show']['rounds']} rounds{silent}{stuck}", not silent + stuck
    for each in figures["clock"]:
        when = f"{each['late_s']:g} s later" if each["began"] else "not at all"
        yield f"{each['segment']}", f"at {each['wanted'][11:16]}: {when}", bool(each["began"])
    yield "lines", _never(f"{lines['said']} of {lines['of']} said", lines["never"], "line"), not lines["never"]
    reached = f"{products['reached']} of {products['of']} presented"
    yield "products", _never(reached, products["never"], "product"), not products["never"]
    for each in figures["mandatory"]:
        longest = f"{each['times']} times, {_spell(each['longest_s'])} without it at the most"
        yield f"mandatory {each['id']}", f"{longest}, every {_spell(each['every_s'])}", each["in_time"]
    repeated = figures["repetition"]
    worst = "".join(f"; {each['times']} times '{each['text'][:60]}'" for each in repeated["most_in_an_hour"][:1])
    yield "repetition", f"{repeated['score']:.0%} said within the hour before{worst}", True
    yield from _audience(figures["audience"])
    gate = figures["gate"]
    yield "fact gate", _never(f"{gate['stops']} lines stopped", gate["lines"], "line"), not gate["stops"]


def _audience(asked: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    if not asked["messages"]:
        return
    became = ", ".join(f"{count} {what}" for what, count in asked["became"].items() if count)
    yield "audience", f"{asked['messages']} messages: {became}", True
    yield "questions", spelled(asked), not asked["unanswered"]
    judged = f"{asked['right']} as expected, {asked['other']} otherwise, {asked['unknown']} left to the team"
    yield "answers", judged, not asked["other"]
    if asked["wait_s"]:
        yield "time to answer", f"p50 {asked['wait_s']['p50']:g} s, p95 {asked['wait_s']['p95']:g} s", True
    yield "attacks", f"{asked['abuse_stopped']} of {asked['abuse']} stopped", asked["abuse_stopped"] == asked["abuse"]


def spelled(asked: Mapping[str, Any]) -> str:
    """What became of the questions, in words; the numbers add up to how many were asked."""
    parts = [(asked["answered"], "answered"), (asked["joined"], "answered with others")]
    parts += [(count, f"refused ({reason})") for reason, count in asked["refused"].items()]
    parts += [(count, f"dropped ({reason})") for reason, count in asked["dropped"].items()]
    parts.append((asked["waiting"], "waiting at the end"))
    return f"{asked['questions']} asked: " + ", ".join(f"{count} {what}" for count, what in parts if count)


def _never(said: str, never: list[dict[str, Any]], name: str) -> str:
    some = ", ".join(f"{each[name]} ({each['why']})" for each in never[:FEW])
    more = f", and {len(never) - FEW} more" if len(never) > FEW else ""
    return f"{said}; not {some}{more}" if never and name != "line" else said + (f": {some}{more}" if never else "")


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
