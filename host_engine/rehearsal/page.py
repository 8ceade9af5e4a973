"""A rehearsal as one HTML page that needs nothing else: the hours at a glance, and what to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from host_engine.rehearsal.figures import stays
from host_engine.rehearsal.heard import Rehearsed
from host_engine.rehearsal.table import spelled

HOUR = 3600.0
WIDE, ROW, LEFT = 1000, 46, 52  # of the timeline, in its own units
MOST_ROWS = 48
GOLDEN = 137.5  # degrees from one colour to the next: neighbours differ most

CSS = """
:root{color-scheme:light dark;--bg:#fbfaf8;--fg:#1d2429;--soft:#5c676f;--line:#e2dfd9;--card:#fff;--good:#1d7a4c;
--bad:#b3261e;--mark:#d97706;--l:72%;--s:46%}
@media(prefers-color-scheme:dark){:root{--bg:#14181b;--fg:#e8eaec;--soft:#9aa5ad;--line:#2c3338;--card:#1c2226;
--good:#5fcf97;--bad:#ff8a80;--mark:#fbbf24;--l:34%;--s:38%}}
*{box-sizing:border-box}body{margin:0 auto;padding:28px 20px 60px;max-width:1080px;background:var(--bg);color:var(--fg);
font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:26px;margin:0 0 2px;letter-spacing:-.01em}h2{font-size:18px;margin:36px 0 10px}
p{margin:4px 0}.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:22px 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.tile b{display:block;font-size:22px;font-weight:600;letter-spacing:-.01em}.tile span{color:var(--soft);font-size:13px}
.box{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:6px 14px;overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{padding:6px 14px 6px 0;text-align:left;vertical-align:top;
border-bottom:1px solid var(--line)}
tr:last-child td{border-bottom:0}th{font-weight:600;color:var(--soft);font-size:13px}
td.n,th.n{text-align:right;white-space:nowrap}svg{display:block;width:100%;height:auto;font:11px system-ui,sans-serif}
svg text{fill:var(--soft)}svg .name{fill:var(--fg);font-size:10px}
.key{display:flex;gap:18px;color:var(--soft);font-size:13px}
.key i{display:inline-block;width:10px;height:10px;margin-right:6px;border-radius:2px}
"""


def page(figures: Mapping[str, Any], rehearsed: Rehearsed) -> str:
    """The whole page."""
    about = figures["show"]
    title = f"Rehearsal of {about['shop']}"
    how = "with real voices" if about["spoken"] else "voices estimated"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{CSS}</style></head><body><h1>{escape(title)}</h1>"
        f"<p class=soft>{_when(about['begin'])} to {_when(about['end'])} ({escape(about['zone'])}), "
        f"{about['hours']:g} hours, {how}, seed {about['seed']}</p>"
        f"{_tiles(figures)}<h2>What is on air when</h2><div class=box>{_timeline(rehearsed)}</div>{_key()}"
        f"{_mandatory(figures)}{_clock(figures)}{_products(figures)}{_lines(figures)}{_answers(figures)}"
        f"{_gate(figures)}{_repeated(figures)}{_segments(figures)}</body></html>\n"
    )


def _tiles(figures: Mapping[str, Any]) -> str:
    air, asked, lines = figures["air"], figures["audience"], figures["coverage"]
    late = [each for each in figures["mandatory"] if not each["in_time"]]
    told = [
        (f"{air['lines']:,}", "sentences on air", air["idle_s"] + air["stuck_s"] == 0),
        (f"{lines['said']} of {lines['of']}", "lines of the rundown said", lines["said"] == lines["of"] or None),
        (f"{figures['products']['reached']} of {figures['products']['of']}", "products presented", None),
        (f"{figures['repetition']['score']:.0%}", "said again within an hour", None),
        ("in time" if not late else f"{len(late)} late", "mandatory lines", not late),
        *(_answering(asked) if asked["messages"] else ()),
        (str(figures["gate"]["stops"]), "lines stopped by the fact gate", figures["gate"]["stops"] == 0),
    ]
    tiles = (
        f'<div class=tile><b class="{"" if fine is None else "good" if fine else "bad"}">{escape(value)}</b>'
        f"<span>{escape(name)}</span></div>"
        for value, name, fine in told
    )
    return f"<div class=tiles>{''.join(tiles)}</div>"


def _answering(asked: Mapping[str, Any]) -> Iterable[tuple[str, str, bool | None]]:
    yield f"{asked['right']} of {asked['answered']}", "answers as expected", None
    yield f"{asked['wait_s'].get('p50', 0):g} / {asked['wait_s'].get('p95', 0):g} s", "to an answer, p50 / p95", None


def _timeline(rehearsed: Rehearsed) -> str:
    """One row an hour; segments as blocks, mandatory lines and answers as marks."""
    rows = min(MOST_ROWS, max(1, -(-int(rehearsed.seconds) // int(HOUR))))
    shapes = [_hour(rehearsed, row) for row in range(rows)]
    hues: dict[str, float] = {}
    for segment, begin, end in stays(rehearsed):
        hue = hues.setdefault(segment, len(hues) * GOLDEN % 360)
        shapes += _block(rehearsed, segment, begin, end, rows, hue)
    for each in rehearsed.said:
        row = int(each.at // HOUR)
        if row < rows and each.lane == "answers":
            shapes.append(_mark(each.at, row, 30, 2.2, "var(--good)", f"answer: {each.line.text}"))
        elif row < rows and each.line.mandatory:
            shapes.append(_mark(each.at, row, 37, 3.2, "var(--mark)", f"mandatory: {each.line.text}"))
    return f'<svg viewBox="0 0 {WIDE + LEFT + 24} {rows * ROW + 22}" role="img">{_minutes(rows)}{"".join(shapes)}</svg>'


def _minutes(rows: int) -> str:
    ticks = (
        f'<line x1="{LEFT + k * WIDE / 6:.0f}" y1="0" x2="{LEFT + k * WIDE / 6:.0f}" y2="{rows * ROW}" '
        f'stroke="var(--line)"/><text x="{LEFT + k * WIDE / 6:.0f}" y="{rows * ROW + 15}" text-anchor="middle">'
        f"{k * 10} min</text>"
        for k in range(7)
    )
    return "".join(ticks)


def _hour(rehearsed: Rehearsed, row: int) -> str:
    return f'<text x="0" y="{row * ROW + 19}">{rehearsed.moment(row * HOUR):%H:%M}</text>'


def _block(rehearsed: Rehearsed, segment: str, begin: float, end: float, rows: int, hue: float) -> Iterable[str]:
    for row in range(int(begin // HOUR), min(rows, int(end // HOUR) + 1)):
        first, last = max(begin, row * HOUR), min(end, (row + 1) * HOUR)
        x, width = LEFT + (first - row * HOUR) / HOUR * WIDE, max(0.5, (last - first) / HOUR * WIDE - 0.6)
        tip = f"{segment}: {rehearsed.moment(begin):%H:%M:%S} to {rehearsed.moment(end):%H:%M:%S}"
        name = f'<text class=name x="{x + 4:.1f}" y="{row * ROW + 19}">{escape(segment[: int(width / 6)])}</text>'
        yield (
            f'<g><title>{escape(tip)}</title><rect x="{x:.1f}" y="{row * ROW + 5}" width="{width:.1f}" height="20" '
            f'rx="3" fill="hsl({hue:.0f} var(--s) var(--l))"/>'
            f"{name if width > 34 else ''}</g>"
        )


def _mark(at: float, row: int, down: int, size: float, colour: str, tip: str) -> str:
    x = LEFT + (at - row * HOUR) / HOUR * WIDE
    return (
        f'<circle cx="{x:.1f}" cy="{row * ROW + down}" r="{size}" fill="{colour}"><title>{escape(tip)}</title></circle>'
    )


def _key() -> str:
    return (
        '<p class=key><span><i style="background:var(--mark)"></i>mandatory line</span>'
        '<span><i style="background:var(--good)"></i>answer to a viewer</span></p>'
    )


def _table(
    title: str, head: Sequence[str], rows: Sequence[Sequence[object]], empty: str = "", numbers: str = ""
) -> str:
    """A section; `numbers` has an n for each column of numbers, and a dot for others."""
    if not rows:
        return f"<h2>{escape(title)}</h2><p class=soft>{escape(empty)}</p>" if empty else ""
    kinds = [" class=n" if numbers[k : k + 1] == "n" else "" for k in range(len(head))]
    top = "".join(f"<th{kind}>{escape(each)}</th>" for kind, each in zip(kinds, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{_cell(each)}</td>" for kind, each in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<h2>{escape(title)}</h2><div class=box><table><tr>{top}</tr>{body}</table></div>"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return f"<span class={'good' if value else 'bad'}>{'yes' if value else 'no'}</span>"
    return escape(str(value))


def _mandatory(figures: Mapping[str, Any]) -> str:
    rows = [
        (each["id"], each["for"], _spell(each["every_s"]), each["times"], _spell(each["longest_s"]),
         _clock_time(each["since"]), each["in_time"])
        for each in figures["mandatory"]
    ]  # fmt: skip
    head = ("line", "said with", "every", "times", "longest without", "from", "in time")
    return _table("Mandatory lines", head, rows, "The rundown has none.", "..nnnn.")


def _clock(figures: Mapping[str, Any]) -> str:
    rows = [
        (each["segment"], _when(each["wanted"]), _when(each["began"]) if each["began"] else "not at all",
         "" if each["late_s"] is None else f"{each['late_s']:g} s")
        for each in figures["clock"]
    ]  # fmt: skip
    return _table("Segments of a certain time", ("segment", "its time", "began", "later by"), rows, numbers="...n")


def _products(figures: Mapping[str, Any]) -> str:
    rows = [(each["product"], each["title"], each["why"]) for each in figures["products"]["never"]]
    return _table("Products that were never presented", ("product", "title", "why"), rows, "All of them were.")


def _lines(figures: Mapping[str, Any]) -> str:
    rows = [(each["line"], each["text"], each["why"]) for each in figures["coverage"]["never"]]
    return _table("Lines that were never said", ("line", "text", "why"), rows, "All of them were said.")


def _answers(figures: Mapping[str, Any]) -> str:
    asked = figures["audience"]
    if not asked["messages"]:
        return ""
    became = ", ".join(f"{count} {what}" for what, count in asked["became"].items() if count)
    told = (
        f"<h2>The audience</h2><p>{asked['messages']} messages: {became}. Of the questions, {escape(spelled(asked))}. "
        f"Of {asked['abuse']} attacks {asked['abuse_stopped']} were stopped.</p>"
    )
    rows = [(_clock_time(each["at"]), each["asked"], each["answer"]) for each in asked["look_at"]]
    return told + _table("Answers to look at", ("at", "asked", "answer"), rows, "All were as expected.")


def _gate(figures: Mapping[str, Any]) -> str:
    rows = [(each["line"], each["text"], each["why"], each["times"]) for each in figures["gate"]["lines"]]
    return _table("Stopped by the fact gate", ("line", "text", "why", "times"), rows, "Nothing was.", "...n")


def _repeated(figures: Mapping[str, Any]) -> str:
    rows = [(each["text"], each["times"]) for each in figures["repetition"]["most_in_an_hour"]]
    return _table("Said most often within an hour", ("sentence", "times"), rows, "Nothing came twice.", ".n")


def _segments(figures: Mapping[str, Any]) -> str:
    rows = [
        (each["segment"], each["product"] or "", each["times"], _spell(each["seconds"]), f"{each['share']:.1%}",
         _clock_time(each["first"]), _clock_time(each["last"]))
        for each in figures["segments"]
    ]  # fmt: skip
    head = ("segment", "product", "times", "on air", "share", "first", "last")
    return _table("Segments", head, rows, numbers="..nnnnn")


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _when(text: str | None) -> str:
    return text[:16].replace("T", " ") if text else ""


def _clock_time(text: str | None) -> str:
    return text[11:19] if text else "never"
