"""A scene made ready for air: background, chips and host, and the places where the rest comes and goes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
import skia

from ..media import Face, Picture
from ..show.scene import Box, Scene
from .clip_window import ClipWindow
from .canvas import Canvas, Placed, Sprite, paint
from .overlay import LIVE_RED, Look, chip, filled, grown, logo, rounded, slate
from .photo import emblem, photo
from .slot import Slot
from .studio import gradient, studio
from .wording import wording

if TYPE_CHECKING:
    from .avatar import Avatar
    from .perform import Pose

log = logging.getLogger(__name__)


class Brand(NamedTuple):
    """What every scene says about the shop and the host."""

    shop: str
    logo: Path | None
    label: str | None  # instead of the scene's own words
    language: str


class Figure:
    """The host in its box. Where the drawing is larger than the box, its upper middle is shown."""

    def __init__(self, avatar: Avatar, box: Box, still: Picture) -> None:
        self._avatar = avatar
        wide, high = avatar.size
        w, h = min(box.w, wide) // 2 * 2, min(box.h, high) // 2 * 2
        self.box = Box(box.x + (box.w - w) // 4 * 2, box.bottom - h, w, h)
        self._left = (wide - w) // 2
        sides = self._left, wide - w - self._left
        ground = still[self.box.y : self.box.bottom, self.box.x : self.box.right]
        self._ground = cv2.copyMakeBorder(ground, 0, high - h, *sides, cv2.BORDER_REPLICATE)
        self._larger = np.empty_like(self._ground) if (wide, high) != (w, h) else None

    def enter(self) -> None:
        """Take the host, who may have stood in another scene, before this background."""
        self._avatar.stand_before(self._ground)

    def draw(self, face: Face, pose: Pose, out: Picture) -> None:
        """The host and what is behind, into `out` (box.h, box.w, 3) RGB."""
        if self._larger is None:
            self._avatar.draw(face, pose, out)
            return
        self._avatar.draw(face, pose, self._larger)
        np.copyto(out, self._larger[: out.shape[0], self._left : self._left + out.shape[1]])


class Stage:
    """One scene at the size of the picture. Drawn by the render thread only, once it is built."""

    def __init__(self, scene: Scene, brand: Brand, make_avatar: Callable[[int, int], Avatar]) -> None:
        """`scene` is scaled to the picture; `make_avatar(width, height)` gives a host of about that size."""
        self.scene = scene
        self.look = Look(scene.theme, min(scene.size) / 720, brand.language)
        still = background(scene)
        self.canvas = Canvas(still)
        self.figure = None
        if scene.host is not None:
            box, zoom = scene.host.box, scene.host.zoom
            self.figure = Figure(make_avatar(round(box.w * zoom), round(box.h * zoom)), box, still)
        self._before = [Placed(each) for each in _before_host(scene, self.figure, still, self.look)]
        self._chips = [Placed(each) for each in _chips(scene, brand, self.look)]
        self.window = ClipWindow(scene.clip, self.look.unit) if scene.clip else None
        self.slots = {name: Slot(*motion) for name, motion in self._motions().items()}

    def _motions(self) -> dict[str, tuple[int, int]]:
        """Frames and rise of each place, the lowest first."""
        rise = round(26 * self.look.unit)
        return {"clip": (8, 0), "question": (9, rise), "caption": (5, 0), "card": (9, rise), "countdown": (8, rise // 2)}

    def enter(self) -> None:
        """Come on air: the host stands here now."""
        if self.figure is not None:
            self.figure.enter()

    def settle(self) -> None:
        """End the motion of all that comes and goes."""
        for slot in self.slots.values():
            slot.settle()

    def draw(self, n: int, face: Face, pose: Pose | None, ticker: Sprite | None) -> Picture:
        """Frame `n` in I420; valid until the next call."""
        items = [*self._before, *(placed for slot in self.slots.values() for placed in slot.placed(n))]
        items += [Placed(ticker)] if ticker is not None else []
        items += self._chips
        figure = self.figure
        if figure is None or pose is None:
            return self.canvas.show(items, None, lambda out: None)
        return self.canvas.show(items, figure.box, lambda out: figure.draw(face, pose, out))


def background(scene: Scene) -> Picture:
    """What is behind everything, (h, w, 3) RGB; a plain gradient where a picture file cannot be read."""
    wanted, (width, height) = scene.background, scene.size
    if wanted.studio is not None:
        middle = scene.host.box.x + scene.host.box.w / 2 if scene.host and not scene.host.framed else width / 2
        return studio(width, height, wanted.studio, middle, scene.desk)
    if wanted.image is not None:
        try:
            return np.ascontiguousarray(photo(wanted.image, width, height)[..., :3])
        except (OSError, ValueError) as error:
            log.warning("the scene '%s' goes without its background picture: %s", scene.name, error)
    return gradient(width, height, wanted.gradient or ("#3a3344", "#17131c"))


def _before_host(scene: Scene, figure: Figure | None, still: Picture, look: Look) -> Sequence[Sprite]:
    """What hides parts of the host: the desk, or the corners of the frame."""
    if figure is None or scene.host is None:
        return []
    box = figure.box
    if scene.host.framed:
        return [_frame(box, still, look)]
    if scene.desk is None:
        return []
    desk = np.ascontiguousarray(still[scene.desk : box.bottom, box.x : box.right])
    return [Sprite.of(desk, np.zeros_like(desk), box.x, scene.desk)]


def _frame(box: Box, still: Picture, look: Look) -> Sprite:
    """The background around a window with round corners, and the window's light edge."""
    room = grown(box, 4 * look.unit)
    behind = np.dstack([still, np.full(still.shape[:2], 255, np.uint8)])
    image = skia.Image.fromarray(behind, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)

    def draw(canvas: skia.Canvas) -> None:
        canvas.save()
        canvas.clipRRect(rounded(box, 26 * look.unit), skia.ClipOp.kDifference, True)
        canvas.drawImage(image, 0, 0)
        canvas.restore()
        edge = filled("#ffffff", 0.95)
        edge.setStyle(skia.Paint.kStroke_Style)
        edge.setStrokeWidth(4 * look.unit)
        canvas.drawRRect(rounded(box, 26 * look.unit), edge)

    return paint(room, draw)


def _chips(scene: Scene, brand: Brand, look: Look) -> list[Sprite]:
    """What stands still over everything: the shop, LIVE, the words of a slate, and above all the AI label."""
    found: list[Sprite | None] = []
    if scene.logo is not None:
        found.append(logo(scene.logo, brand.shop, _emblem(brand.logo, scene.logo), look))
    if scene.live is not None:
        found.append(chip(scene.live, wording(brand.language).live, "#ffffff", LIVE_RED, dot=True))
    if scene.message is not None:
        found.append(slate(scene.message, look))
    label = scene.label
    found.append(chip(label.box, brand.label or label.words(brand.language), label.ink, label.fill))
    return [each for each in found if each is not None]


def _emblem(path: Path | None, box: Box) -> Picture | None:
    if path is None:
        return None
    try:
        return emblem(path, round(box.h * 2.2), round(box.h * 0.72))
    except (OSError, ValueError) as error:
        log.warning("the shop's logo is left out: %s", error)
        return None
