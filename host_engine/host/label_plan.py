"""Which label each scene of a channel has to show, and which scene was to be seen from which frame on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from host_engine.host.label import LabelLook, label_look
from host_engine.show.label_demand import LabelDemand
from host_engine.show.scene import Scene

if TYPE_CHECKING:
    from host_engine.host.stage import Brand

KEPT = 64  # changes of scenes


class LabelPlan:
    """What is planned, for whoever compares it with what was seen; of what was drawn it knows nothing. From any
    thread."""

    def __init__(self, scenes: Mapping[str, Scene], brand: Callable[[], Brand], first: str) -> None:
        """`scenes`: at the size of the picture, by their names. `first`: the one on air at frame 0."""
        self._scenes, self._brand = scenes, brand
        self._changes: deque[tuple[str, int]] = deque([(first, 0)], maxlen=KEPT)

    def changed(self, scene: str, n: int) -> None:
        """This scene is to be seen from frame `n` on."""
        self._changes.append((scene, n))

    @property
    def changes(self) -> Sequence[tuple[str, int]]:
        """Scenes, each with its first frame, the newest last."""
        return tuple(self._changes)

    @property
    def demand(self) -> LabelDemand:
        return self._brand().demand

    @property
    def language(self) -> str:
        return self._brand().language

    def scene(self, name: str) -> Scene:
        return self._scenes[name]

    def labels(self) -> dict[str, LabelLook]:
        """The label of each scene by its name."""
        brand = self._brand()
        return {
            name: label_look(each, brand.label, brand.language, brand.demand)
            for name, each in list(self._scenes.items())
        }
