"""Whether the AI label was seen on what left, in words."""

from __future__ import annotations

from collections.abc import Iterator

from host_engine.console.row import Facts, Row

OF = {"programme": "The programme", "obs": "OBS"}
STEPS = {
    "in-place": "The label is forced over everything, at its place.",
    "elsewhere": "The label is forced over everything, larger and at another place.",
    "slate": "The slate is shown, as the label was not seen whatever was done. Sound back ends it.",
}
SEEN = {
    "missing": "is not there", "covered": "is covered", "cropped": "is cut off", "moved": "is at another place",
    "mirrored": "is mirrored", "recoloured": "has other colours", "faint": "can hardly be seen",
    "small": "is too small", "blurred": "is too blurred", "unsafe": "is below the platform's buttons",
    "black": "is not there: all is black", "unwritable": "cannot be written, as no font has its letters",
}  # fmt: skip


def rows(facts: Facts) -> Iterator[Row]:
    """From /status: what is done about it, and each kind of picture that left."""
    if step := STEPS.get(str(facts.get("step"))):
        yield Row("wrong", step)
    pictures = list(facts.get("pictures") or ())
    yield from map(_picture, pictures)
    if not pictures:
        yield Row("wait", "No picture that left has been looked at yet.")


def _picture(facts: Facts) -> Row:
    who, words = OF.get(str(facts.get("of")), f"'{facts.get('of')}'"), facts.get("words") or "the label"
    if facts.get("labelled"):
        return Row("good", f"{who} left with '{words}'{', which is forced' if facts.get('forced') else ''}.")
    if facts.get("labelled") is None:
        return Row("wait", f"{who} has not been looked at yet.")
    return Row("wrong", f"{who}: '{words}' {SEEN.get(str(facts.get('what')), 'is not seen')}.")
