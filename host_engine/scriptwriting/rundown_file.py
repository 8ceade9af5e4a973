"""A rundown's file as people like to edit it, with remarks on what each segment is, and what was stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from host_engine.document.plain_yaml import comment, item, value
from host_engine.scriptwriting.segments import Draft, DraftLine, DraftSegment, Stopped

SCHEMA = "# yaml-language-server: $schema=../../schemas/rundown.schema.json"
_HOW = (
    "Fields such as {title}, {price} and {selling_point} are filled in when a line is said, so prices are always those "
    "of the catalog. Of several variants each round says another. host-engine check reads it through."
)


def rundown_lines(draft: Draft, remarks: Sequence[str]) -> Iterator[str]:
    """The file line by line; `remarks` stand at its top."""
    yield SCHEMA
    for remark in remarks:
        yield from comment(remark)
    yield from comment(_HOW)
    if draft.ticker:
        yield "ticker:"
        for text in draft.ticker:
            yield from item(text, "  ")
        yield ""
    yield "segments:"
    stopped: dict[str, list[Stopped]] = {}
    for each in draft.stopped:
        stopped.setdefault(each.segment, []).append(each)
    for segment in draft.segments:
        yield from _segment(segment, stopped.get(segment.id, ()))


def _segment(segment: DraftSegment, stopped: Sequence[Stopped]) -> Iterator[str]:
    length = f"about {segment.seconds:.0f} s"
    yield from comment(f"{segment.remark} · {length}" if segment.remark else length, "  ")
    for each in stopped:
        yield from comment(f"stopped: {each.text} · {each.why}", "  ")
    yield f"  - id: {value(segment.id)}"
    if segment.product is not None:
        yield f"    product: {value(segment.product)}"
    yield "    lines:"
    for line in segment.lines:
        yield from _line(line)
    yield ""


def _line(line: DraftLine) -> Iterator[str]:
    cues = f"        cues: {{gesture: {line.gesture}}}" if line.gesture else ""
    if len(line.variants) > 1:
        yield "      - variants:"
        for text in line.variants:
            yield from item(text, "          ")
    elif cues:
        yield from (each.replace("- ", "- text: ", 1) if n == 0 else each
                    for n, each in enumerate(_text(line.variants[0])))  # fmt: skip
    else:
        yield from item(line.variants[0], "      ")
    if cues:
        yield cues


def _text(text: str) -> Iterator[str]:
    """A text with a name; folded lines must stand deeper than the name does."""
    for n, line in enumerate(item(text, "      ")):
        yield line if n == 0 else f"  {line}"
