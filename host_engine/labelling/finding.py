"""What is the matter with the label of a picture, in a sentence that says what was seen."""

from __future__ import annotations

from typing import Literal, NamedTuple

from host_engine.host.label import LabelLook
from host_engine.show.label_demand import WHOLE, SafeArea
from host_engine.show.scene import Box

Kind = Literal[
    "labelled", "missing", "covered", "cropped", "moved", "mirrored", "recoloured", "faint", "blurred", "small",
    "unsafe", "black", "unwritable", "cut",
]  # fmt: skip


class Expected(NamedTuple):
    """A label that a picture may show, in pixels of the drawn picture of `size`; `scene`: of which scene.

    into: the part of the picture that left, in its own pixels, which shows the whole drawn picture; None: all of it.
    anywhere: the picture is put together elsewhere, as OBS does, so the label may stand where and as large as it likes,
    as long as it can be read; hint: where it was the last time. safe: what a platform lays over the picture. forced: it
    is laid over all else by us.
    """

    look: LabelLook
    size: tuple[int, int]
    scene: str = ""
    into: Box | None = None
    anywhere: bool = False
    hint: Box | None = None
    safe: SafeArea = WHOLE
    forced: bool = False


class Finding(NamedTuple):
    """What was seen of the label in one picture. `place`: where, in pixels of that picture."""

    kind: Kind
    expected: Expected
    place: Box | None = None
    likeness: float = 0.0
    whole: float = 0.0
    contrast: float = 0.0

    @property
    def ok(self) -> bool:
        return self.kind == "labelled"

    @property
    def sentence(self) -> str:
        """What is wrong, for whoever must act; "" where nothing is."""
        if self.ok:
            return ""
        what = SAID[self.kind].format(
            words=self.expected.look.words,
            share=round(100 * (1 - self.whole)),
            contrast=f"{self.contrast:.1f}",
            at=f"{self.place.x},{self.place.y}" if self.place else "",
        )
        return f"{what} (scene {self.expected.scene})" if self.expected.scene else what


SAID: dict[Kind, str] = {
    "missing": "the AI label '{words}' is not there",
    "covered": "something covers the AI label '{words}': {share} % of it is not as it was written",
    "cropped": "the AI label '{words}' is cut off at the edge of the picture",
    "moved": "the AI label '{words}' is not at its place but at {at}",
    "mirrored": "the picture is mirrored, and the AI label '{words}' cannot be read",
    "recoloured": "the AI label '{words}' has other colours than it has to have",
    "faint": "the AI label '{words}' can hardly be seen: its contrast is {contrast}",
    "blurred": "the AI label '{words}' is too blurred to be read",
    "small": "the AI label '{words}' is too small to be read",
    "unsafe": "the AI label '{words}' is where the platform lays its own buttons over the picture",
    "black": "the picture is black, and without the AI label '{words}'",
    "cut": "the AI label '{words}' has no room for its words, and ends in an ellipsis: give it fewer, or a wider box",
    "unwritable": "the AI label '{words}' cannot be written: no font on this machine has its letters",
}
