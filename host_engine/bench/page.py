"""The report as one HTML page that needs nothing else: charts, history, and what became worse."""

from __future__ import annotations

from datetime import datetime
from html import escape

from host_engine.bench.axis import said
from host_engine.bench.figures import FACTS, HIGHER, bound, missed, worse
from host_engine.bench.history import Change, Series
from host_engine.bench.results import Broken
from host_engine.bench.shapes import BAD, Drawing, Mark, Shape, Stroke
from host_engine.bench.svg import svg

MANY = 4  # kinds of measurements of one benchmark on one machine

CSS = f"""
:root {{ color-scheme: light }}
* {{ box-sizing: border-box }}
body {{ margin: 0 auto; padding: 16px; max-width: 1100px; background: #fff; color: #1b2530;
  font: 16px/1.5 system-ui, sans-serif }}
h1 {{ font-size: 26px; margin: 8px 0 }} h2 {{ font-size: 21px; margin: 36px 0 8px }}
h3 {{ font-size: 16px; margin: 18px 0 6px }}
svg {{ display: block; width: 100%; height: auto; font-family: system-ui, sans-serif; margin: 12px 0 }}
svg text {{ paint-order: stroke; stroke: #fff; stroke-width: 3px; stroke-linejoin: round }}
.narrow {{ display: none }}
@media (max-width: 700px) {{ .wide {{ display: none }} .narrow {{ display: block }} body {{ padding: 12px }} }}
.place {{ overflow-x: auto }}
table {{ border-collapse: collapse; font-size: 15px; font-variant-numeric: tabular-nums }}
th, td {{ padding: 4px 12px 4px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid #e3e7eb }}
th {{ font-weight: 600; color: #44505c }} th:first-child, td:first-child {{ text-align: left }}
td svg {{ width: 120px; margin: 0 }}
.worse {{ color: {BAD}; font-weight: 600 }} .better {{ color: #00693e }} .lesser {{ color: #5a6673 }}
details {{ border-top: 1px solid #cfd6dc; padding: 8px 0 }}
.inner {{ margin-left: 16px }}
summary {{ cursor: pointer; overflow-wrap: anywhere }}
ul {{ padding-left: 20px }} li {{ overflow-wrap: anywhere }}
"""


def page(charts: list[tuple[Drawing, Drawing]], groups: list[Series], broken: list[Broken], now: datetime) -> str:
    """The whole page. `charts` are pairs of the same chart: for a desk, and for a phone."""
    drawn = "".join(svg(wide, "wide") + svg(narrow, "narrow") for wide, narrow in charts)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Benchmarks</title><style>{CSS}</style></head><body>"
        f"<h1>Benchmarks</h1><p class=lesser>Written {now:%Y-%m-%d %H:%M}.</p>"
        f"{_summary(groups)}<h2>Speed</h2>{drawn}{_legend()}<h2>History</h2>{_history(groups)}{_broken(broken)}"
        "</body></html>\n"
    )


def _summary(groups: list[Series]) -> str:
    """What is worse than the last time, and what is not reached."""
    if not groups:
        return "<p>There are no results yet. <code>python -m benchmarks</code> lists what can be measured.</p>"
    said_ = [
        f"<li class=worse>{escape(group.benchmark)} ({escape(_where(group))}): {_name(change.figure)} went from "
        f"{said(change.before or 0)} to {said(change.now)}</li>"
        for group in groups
        for change in group.changes
        if change.regressed
    ]
    rows = sum(len(group.rows) for group in groups)
    first = f"<p>{rows} measurements, {len(groups)} kinds of them. "
    if not said_:
        return f"{first}None is more than 15 % worse than the one before it.</p>"
    return (
        f"{first}<b>{len(said_)} figures are more than 15 % worse than the last time:</b></p><ul>{''.join(said_)}</ul>"
    )


def _legend() -> str:
    return (
        "<p class=lesser>A <b>batch</b> is how many frames a network makes at once. <b>bf16, fp16, fp32</b>: numbers "
        "of 16 or 32 bits. <b>TFLOP/s</b>: 10¹² multiplications and additions a second. The <b>usual way</b> is how "
        "other open programs do it: 16 frames of one viewer at once, waiting for each copy, pasting on the processor; "
        "we run it beside ours, on the same machine, in the same minutes. <b>Published</b> figures are their authors', "
        "on their cards, under settings that they chose. <b>Random weights</b>: the network has its full size but has "
        "learnt nothing; that changes pictures, not speed.</p>"
    )


def _history(groups: list[Series]) -> str:
    parts = []
    for benchmark in dict.fromkeys(group.benchmark for group in groups):
        mine = [group for group in groups if group.benchmark == benchmark]
        parts.append(f"<h3>{escape(benchmark)}</h3>")
        for machine in dict.fromkeys(group.machine for group in mine):
            parts.append(_machine(machine, [group for group in mine if group.machine == machine]))
    return "".join(parts)


def _machine(machine: str, groups: list[Series]) -> str:
    """What was measured on one machine; folded away together where it is much."""
    shown = "".join(map(_group, groups))
    if len(groups) <= MANY:
        return shown
    worse_ = sum(change.regressed for group in groups for change in group.changes)
    mark = f" <span class=worse>{worse_} worse</span>" if worse_ else ""
    head = f"<summary>{escape(machine)}: {len(groups)} kinds{mark}</summary>"
    return f"<details{' open' if worse_ else ''}>{head}<div class=inner>{shown}</div></details>"


def _group(group: Series) -> str:
    """What was measured alike, folded away unless something in it is worse."""
    changes = group.changes
    worse_ = sum(change.regressed for change in changes)
    mark = f" <span class=worse>{worse_} worse</span>" if worse_ else ""
    last, count = group.rows[-1], len(group.rows)
    origin = [str(last["date"])[:16].replace("T", " "), f"commit {last.get('commit', 'unknown')}"]
    origin += [f"{key} {last[key]}" for key in ("torch", "driver") if last.get(key)]
    head = f"<summary>{escape(_where(group))} <span class=lesser>({count}×)</span>{mark}</summary>"
    rows = "".join(_row(group, change) for change in changes)
    names = "".join(f"<th>{name}</th>" for name in ("figure", "before", "last", "change", "to reach", "all"))
    return (
        f"<details{' open' if worse_ else ''}>{head}<p class=lesser>{escape(', '.join(origin))}</p>"
        f"<div class=place><table><tr>{names}</tr>{rows}</table></div></details>"
    )


def _row(group: Series, change: Change) -> str:
    figure, before, now = change
    wanted = bound(group.benchmark, figure, group.rows[-1])
    reach = "" if wanted is None else f"{'≥' if figure in HIGHER else '≤'} {said(wanted)}"
    style = " class=worse" if missed(group.benchmark, figure, now, group.rows[-1]) else ""
    cells = [_name(figure), "" if before is None else said(before), said(now), _step(change)]
    line = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<tr>{line}<td{style}>{reach}</td><td>{svg(spark(group.values(figure), change.regressed))}</td></tr>"


def _step(change: Change) -> str:
    """The change in words."""
    figure, before, now = change
    if before is None or before == now:
        return "" if before is None else "="
    text = f"{(now - before) / abs(before):+.0%}" if before else f"{now - before:+.3g}"
    if figure in FACTS:
        return f"<span class=lesser>{text}</span>"
    part = worse(figure, before, now)
    style = "worse" if change.regressed else "better" if part < 0 else "lesser"
    return f"<span class={style}>{text} {'worse' if part > 0 else 'better'}</span>"


def spark(values: list[float], marked: bool) -> Drawing:
    """All values of a figure as a small line; the last one is marked, in red where it is a regression."""
    low, high, wide = min(values), max(values), 112.0
    step = wide / max(1, len(values) - 1)
    places = [
        (4 + k * step, 24 - 20 * ((value - low) / (high - low) if high > low else 0.5))
        for k, value in enumerate(values)
    ]
    shapes: list[Shape] = [Stroke(tuple(places), "#5a6673", 1.4)] if len(places) > 1 else []
    shapes.append(Mark(places[-1], "disc", BAD if marked else "#0060a8", 2.5))
    return Drawing(120, 28, f"{len(values)} values from {said(values[0])} to {said(values[-1])}", tuple(shapes))


def _where(group: Series) -> str:
    return f"{group.about}; {group.machine}" if group.about else group.machine


def _name(figure: str) -> str:
    return f"<code>{escape(figure)}</code>"


def _broken(broken: list[Broken]) -> str:
    if not broken:
        return ""
    return f"<h2>Lines that are no results</h2><ul>{''.join(f'<li>{escape(str(each))}</li>' for each in broken)}</ul>"
