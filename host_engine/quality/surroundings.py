"""What lips leave of the picture around them: read frame by frame, against the footage they were laid on."""

from __future__ import annotations

import numpy as np

from host_engine.media import Picture
from host_engine.quality.likeness import Mask, psnr, seam, ssim
from host_engine.quality.reading import Reading


class Surroundings:
    """Gathers frames; of all of them the worst tenth counts for the likeness, and for the seam."""

    def __init__(self) -> None:
        self._psnr: list[float] = []
        self._ssim: list[float] = []
        self._seam: list[float] = []

    def add(self, made: Picture, source: Picture, mask: Mask) -> None:
        """A frame (h, w, 3), the footage under it, and where (h, w) something was laid upon it: not 0."""
        outside = mask == 0
        self._psnr.append(psnr(made, source, outside))
        self._ssim.append(ssim(made, source, outside))
        self._seam.append(seam(made, source, mask))

    def readings(self) -> list[Reading]:
        if not self._psnr:
            return [Reading("likeness outside the mouth", None, why="no frame had lips laid on it")]
        worst_psnr, worst_ssim = (float(np.percentile(values, 10)) for values in (self._psnr, self._ssim))
        return [
            Reading("PSNR outside the mouth", worst_psnr, "dB", low=45, digits=1, why=f"{len(self._psnr)} frames"),
            Reading("SSIM outside the mouth", worst_ssim, low=0.995, digits=4),
            Reading("seam around the mouth", float(np.percentile(self._seam, 90)), "x", high=1.5, digits=2),
        ]
