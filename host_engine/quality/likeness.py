"""Whether a picture is the one it was made from: PSNR and SSIM outside the mouth, the seam around it, two decoders."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.media import Picture

SAME = 99.0  # dB that stand for a picture without any difference
WINDOW, SIGMA = 11, 1.5  # of SSIM
_K1, _K2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_FLAT = 1.0  # levels a pixel: a smaller slope is no edge that could be seen

Mask = NDArray[np.uint8]  # (h, w): 0 the footage .. 255 what was made
Where = NDArray[np.bool_]  # (h, w)


def psnr(made: Picture, source: Picture, where: Where | None = None) -> float:
    """dB between pictures (h, w, 3), over all pixels or those of `where`; at most 99."""
    apart = np.square(made.astype(np.float32) - source.astype(np.float32))
    error = float(apart[where].mean() if where is not None else apart.mean()) if where is None or where.any() else 0.0
    return min(SAME, float(10 * np.log10(255**2 / error))) if error > 0 else SAME


def ssim(made: Picture, source: Picture, where: Where | None = None) -> float:
    """Structural similarity of the grey pictures, 1 for the same, over pixels whose window lies within `where`.

    Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004: 11 x 11 Gaussian.
    """
    a, b = (_grey(picture) for picture in (made, source))
    mean_a, mean_b = _blurred(a), _blurred(b)
    both, aa, bb = _blurred(a * b) - mean_a * mean_b, _blurred(a * a) - mean_a**2, _blurred(b * b) - mean_b**2
    alike = (2 * mean_a * mean_b + _K1) * (2 * both + _K2) / ((mean_a**2 + mean_b**2 + _K1) * (aa + bb + _K2))
    if where is None:
        return float(alike.mean())
    whole = cv2.erode(where.astype(np.uint8), np.ones((WINDOW, WINDOW), np.uint8)) > 0
    return float(alike[whole].mean()) if whole.any() else 1.0


def seam(made: Picture, source: Picture, mask: Mask) -> float:
    """How much steeper the made picture is across the mask's edge than its source: about 1 where no seam shows.

    The slope of the grey picture along that of the mask, weighted with how steep the mask is: a hard edge counts where
    it is, a soft one over its width.
    """
    across, down = _slopes(mask.astype(np.float32))
    steep = np.hypot(across, down)
    if not steep.any():
        return 1.0
    rise = []
    for picture in (made, source):
        right, below = _slopes(_grey(picture))
        rise.append(float(np.abs(right * across + below * down).sum() / steep.sum()))
    return max(rise[0], _FLAT) / max(rise[1], _FLAT)


class Agreement(NamedTuple):
    """How near two pictures of the same lips are: mean difference in 0..1, and dB."""

    mae: float
    psnr: float


def agreement(made: Picture, meant: Picture, mask: Mask | None = None) -> Agreement:
    """Of pictures (n, h, w, 3) of two decoders, over the mouth: where `mask` (h, w) is not 0."""
    apart = np.abs(made.astype(np.float32) - meant.astype(np.float32))
    inside = apart[:, mask > 0] if mask is not None else apart
    error = float(np.square(inside).mean())
    return Agreement(float(inside.mean()) / 255, min(SAME, float(10 * np.log10(255**2 / error))) if error else SAME)


def placed(mask: Mask, crop: tuple[int, int, int, int], height: int, width: int) -> Mask:
    """The mask of a whole frame (height, width), for one (side, side) of a crop that may reach past its edges."""
    x0, y0, x1, y1 = crop
    whole = np.zeros((height, width), np.uint8)
    sized = cv2.resize(mask, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
    left, top, right, bottom = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
    if right > left and bottom > top:
        whole[top:bottom, left:right] = sized[top - y0 : bottom - y0, left - x0 : right - x0]
    return whole


def _grey(picture: Picture) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.float32)


def _blurred(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(values, (WINDOW, WINDOW), SIGMA, borderType=cv2.BORDER_REFLECT), np.float32)


def _slopes(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Levels a pixel, to the right and downwards."""
    kernel = np.array([[-0.5, 0, 0.5]], np.float32)
    across, down = cv2.filter2D(values, -1, kernel), cv2.filter2D(values, -1, kernel.T)
    return np.asarray(across, np.float32), np.asarray(down, np.float32)
