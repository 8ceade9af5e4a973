"""How well a network moves the lips of the person in a video, in the part of it that was not learnt from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from host_engine.media import Picture
from host_engine.neural.small.net import SmallNet
from host_engine.training.clip import Clip
from host_engine.training.exam import correlation, offset, paint, psnr
from host_engine.training.footage import alike, held_out, upper
from host_engine.training.reader import mouth_box
from host_engine.training.sheet import write_rows

SHOWN = 8  # frames of the sheet


class FootageExam:
    """As `trainer.Exam`. Lips are put on the most alike pose that was learnt from, and held against the real ones.

    How far a mouth is open is not known here; in its place stands the strongest component of how the mouth changes.
    """

    def __init__(self, clip: Clip) -> None:
        end = held_out(clip)
        self._truth, self._said = clip.faces[end:], clip.said[end:]
        known = clip.faces[:end]
        uppers = upper(known)
        self._seen = known[[alike(each, uppers) for each in upper(self._truth)]]
        boxes = _flat(known)
        self._middle = boxes.mean(0)
        self._main = np.linalg.svd(boxes[:: max(1, len(boxes) // 400)] - self._middle, full_matrices=False)[2][0]

    def look(self, net: SmallNet) -> dict[str, Any]:
        """The marks."""
        made = self._painted(net)
        a, b = (((_flat(pictures) - self._middle) @ self._main).astype(np.float64) for pictures in (made, self._truth))
        found = {
            "held_out_frames": len(made),
            "mouth_psnr": psnr(made, self._truth),
            "mouth_psnr_untouched": psnr(self._seen, self._truth),
            "openness_correlation": correlation(a, b),
            "offset_ms": 1000 * offset(a, b) if len(a) > 25 else 0.0,
        }
        return {name: round(value, 3) for name, value in found.items()}

    def report(self, net: SmallNet, sheet: Path) -> dict[str, Any]:
        """The marks again; writes a sheet of real lips above painted ones."""
        made = self._painted(net)
        frames = np.linspace(0, len(made) - 1, min(SHOWN, len(made))).round().astype(int)
        write_rows(sheet, [self._truth[frames], made[frames]])
        return {"summary": self.look(net)}

    def _painted(self, net: SmallNet) -> Picture:
        return paint(net, net.study(self._seen), self._said)


def _flat(pictures: Picture) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The mouths' boxes as rows, every second pixel, in grey."""
    small = mouth_box(pictures)[:, ::2, ::2].astype(np.float32).mean(3)
    return np.asarray(small.reshape(len(small), -1), np.float32)
