"""What there is to know of a draft before it is approved: what was stopped, how long it is, what it covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from host_engine.scriptwriting.must import Proof
from host_engine.scriptwriting.segments import Draft, DraftSegment
from host_engine.show.catalog import Catalog, Product

_ROUNDS = "a round"


def report_lines(
    draft: Draft, catalog: Catalog, proofs: Sequence[Proof], authors: Mapping[str, int], remarks: Sequence[str]
) -> Iterator[str]:
    """The report in Markdown. `authors`: how many lines are whose."""
    yield f"# Draft of a rundown for {catalog.shop}"
    yield ""
    yield "Nothing of it is on air. Read it, change it, and approve it."
    yield ""
    yield from (f"- {each}" for each in remarks)
    yield f"- A round takes about {draft.seconds / 60:.1f} minutes, in {len(draft.segments)} segments."
    yield f"- Lines by: {', '.join(f'{name} {count}' for name, count in authors.items())}."
    if draft.unsaid:
        yield f"- Nothing can be said of: {', '.join(draft.unsaid)}."
    yield ""
    yield "## What the brief wants"
    yield ""
    yield from (f"- {'yes' if each.kept else '**NO**'}: {_inline(each.wish)} ({each.where})" for each in proofs)
    if not proofs:
        yield "Nothing in particular."
    yield ""
    yield "## Segments"
    yield ""
    yield "| segment | seconds | lines | selling points said | left out |"
    yield "|---|---|---|---|---|"
    for segment in draft.segments:
        product = catalog.product(segment.product) if segment.product else None
        said, missing = coverage(segment, product)
        shown = "; ".join(map(_inline, missing[:3])) + (" ..." if len(missing) > 3 else "")
        yield f"| {segment.id} | {segment.seconds:.0f} | {len(segment.lines)} | {said} | {shown} |"
    yield ""
    yield "## What was stopped"
    yield ""
    for each in draft.stopped:
        instead = f" Instead: {_inline(each.instead)}" if each.instead else ""
        yield f"- {each.segment}: {_inline(each.text)}: {_inline(each.why)}{instead}"
    if not draft.stopped:
        yield "Nothing."


def coverage(segment: DraftSegment, product: Product | None) -> tuple[str, list[str]]:
    """How many of a product's selling points are said, such as "2 of 4", and those that are not."""
    if product is None or not product.selling_points:
        return "-", []
    texts = [text for line in segment.lines for text in line.variants]
    if any("{selling_point}" in text for text in texts):
        return f"{len(product.selling_points)} of {len(product.selling_points)}, one {_ROUNDS}", []
    said = " ".join(texts)
    missing = [each for each in product.selling_points if each not in said]
    return f"{len(product.selling_points) - len(missing)} of {len(product.selling_points)}", missing


def _inline(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
