"""The mouth of a network: what it hears in each frame, beside the visemes that stand in for its lips."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from host_engine.host.mouth import AUDIBLE, SPAN, TOUCH, Mouth, levels, relative
from host_engine.media import Face, Samples, Speech
from host_engine.neural.hearing import at_16k
from host_engine.neural.net import Half

LAX = ("small",)  # networks that often leave the lips apart where p, b and m shut them
REACH = 0.2  # seconds around what is heard in which the network moves the lips, so that it opens and shuts them


class Hears(Protocol):
    """The hearing of a `Net`."""

    name: str

    def hear(self, samples: Samples, fps: int) -> Half: ...


class NeuralMouth:
    """Faces with the network's windows; the pictures are made later, on air, each shortly before it is shown.

    Where nothing is heard for longer than the lips need to shut, a frame has no window: the visemes alone shape it. So
    they do where they shut the lips of a network that is `LAX` about it.
    """

    def __init__(self, net: Hears, base: Mouth) -> None:
        self.name = net.name
        self._net, self._base = net, base

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        """As in `Mouth`. Raises ValueError when the network hears another number of frames."""
        faces = self._base.faces(speech, fps)
        if not faces:
            return faces
        windows = self._net.hear(at_16k(speech.samples), fps)
        if not len(faces) - 1 <= len(windows) <= len(faces) + 1:
            raise ValueError(f"it heard {len(windows)} frames in a line of {len(faces)}")
        heard = audible(speech.samples, fps)
        if self.name in LAX:
            heard &= np.array([face.mouth.open >= TOUCH for face in faces])
        return [
            face._replace(heard=np.array(windows[min(k, len(windows) - 1)])) if heard[k] else face
            for k, face in enumerate(faces)
        ]


def audible(samples: Samples, fps: int) -> NDArray[np.bool_]:
    """Whether something is heard in each frame, or less than `REACH` from it."""
    level = levels(samples, fps)
    loud = (level > AUDIBLE) & (relative(level) > -SPAN)
    reach = round(REACH * fps)
    return np.asarray(np.convolve(loud, np.ones(2 * reach + 1), "full")[reach : reach + len(loud)] > 0.5)
