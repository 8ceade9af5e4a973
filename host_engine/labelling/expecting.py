"""Which labels the pictures of a channel may show, by the scene that was to be on air in that frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from host_engine.host.label import LabelLook, human, label_look
from host_engine.labelling.finding import Expected
from host_engine.show.label_demand import LabelDemand
from host_engine.show.scene import Box, Scene

FADE = 10  # frames from one scene to the next, and two more
LATELY = 3  # scenes that pictures which come back from elsewhere may still show


class Plans(Protocol):
    """The scenes of a channel, and which was to be seen from which frame on, newest last."""

    @property
    def changes(self) -> Sequence[tuple[str, int]]: ...
    @property
    def demand(self) -> LabelDemand: ...
    @property
    def language(self) -> str: ...
    def labels(self) -> dict[str, LabelLook]: ...
    def scene(self, name: str) -> Scene: ...


@dataclass(frozen=True)
class Pictures:
    """How pictures differ from those of the programme. text, language: of their label; the channel's own words hold
    where neither is given. into: where the whole picture is in them, in their own pixels. anywhere: they are put
    together elsewhere, as by OBS."""

    text: str | None = None
    language: str | None = None
    into: Box | None = None
    anywhere: bool = False


AS_DRAWN = Pictures()


class Expecting:
    """A plan, not a belief: nothing here says what was drawn. A frame of a change of scenes, which may show two labels
    half, is passed over; after a change the label of the scene before will do as well, if both are of the AI host, as a
    picture that could not be drawn is the one before it."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self.pictures: dict[str, Pictures] = {}  # of those that differ
        self.forced: Mapping[str, LabelLook] = {}  # by scenes, where it stands at another place than the scene's own

    def expected(self, of: str, n: int | None) -> Sequence[Expected] | None:
        """The labels that the picture of frame `n` may show, the likeliest first; None where nothing can be said."""
        pictures = self.pictures.get(of, AS_DRAWN)
        names = self._scenes(n, pictures.anywhere)
        if not names:
            return None
        looks = self._looks(pictures)
        size = self._plans.scene(names[0]).size
        safe = self._plans.demand.safe
        kinds = ((looks, False), (self.forced, True))
        found = [
            Expected(of[name], size, name, pictures.into, pictures.anywhere, safe=safe, forced=forced)
            for of, forced in kinds
            for name in names
            if name in of
        ]
        return _each_once(found)

    def _scenes(self, n: int | None, anywhere: bool) -> list[str]:
        """The scenes whose label may be seen."""
        changes = list(self._plans.changes)
        if not changes:
            return []
        newest = changes[-1]
        if anywhere or n is None:
            return [name for name, _ in reversed(changes[-LATELY:] if anywhere else [newest])]
        at = [index for index, (_, since) in enumerate(changes) if since <= n]
        if not at:
            return []
        (name, since), before = changes[at[-1]], changes[at[-1] - 1][0] if at[-1] else None
        if before is not None and n - since < FADE:
            return []
        scenes = [name]
        if before is not None and human(self._plans.scene(before)) == human(self._plans.scene(name)):
            scenes.append(before)
        return scenes

    def _looks(self, pictures: Pictures) -> dict[str, LabelLook]:
        if pictures.text is None and pictures.language is None:
            return self._plans.labels()
        plans, language = self._plans, pictures.language or self._plans.language
        demand = plans.demand.with_words(pictures.text, pictures.language)
        return {name: label_look(plans.scene(name), None, language, demand) for name in plans.labels()}


def _each_once(expected: Sequence[Expected]) -> list[Expected]:
    """Scenes whose labels look the same are one."""
    found: dict[object, Expected] = {}
    for each in expected:
        found.setdefault((each.look, each.forced), each)
    return list(found.values())
