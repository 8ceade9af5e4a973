"""A scene made ready for air: background, chips and host, and the places where the rest comes and goes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import skia

from host_engine.host import studio as studios
from host_engine.host.camera_window import CameraWindow
from host_engine.host.canvas import Canvas, Placed, Sprite, paint
from host_engine.host.clip_window import ClipWindow
from host_engine.host.kept import Kept
from host_engine.host.label import label_look
from host_engine.host.overlay import LIVE_RED, Look, chip, filled, grown, logo, rounded, slate
from host_engine.host.photo import emblem, photo
from host_engine.host.slot import Slot
from host_engine.host.studio import gradient, studio
from host_engine.host.wording import wording
from host_engine.media import Face, Picture
from host_engine.show.label_demand import AS_THE_SCENE, LabelDemand
from host_engine.show.scene import Box, Scene

if TYPE_CHECKING:
    from host_engine.host.avatar import Avatar
    from host_engine.host.perform import Pose

log = logging.getLogger(__name__)


class Brand(NamedTuple):
    """What every scene says about the shop and the host."""

    shop: str
    logo: Path | None
    label: str | None  # instead of the scene's own words
    language: str
    demand: LabelDemand = AS_THE_SCENE  # what a policy or a platform asks of the label


class Figure:
    """The host in a box of the picture: all above the desk or, where the drawing is larger than the box, its middle."""

    def __init__(self, avatar: Avatar, box: Box, desk: int | None, ground: Picture) -> None:
        """`ground` is the whole picture, in which the host is drawn; what it shows now is behind her."""
        self._avatar = avatar
        wide, high = avatar.size
        w, h = min(box.w, wide) // 2 * 2, min(box.h, high) // 2 * 2
        place = Box(box.x + (box.w - w) // 4 * 2, box.bottom - h, w, h)
        self._left = (wide - w) // 2
        behind = ground[place.y : place.bottom, place.x : place.right]
        self._behind = np.pad(behind, ((0, high - h), (self._left, wide - w - self._left), (0, 0)), "edge")
        self.box = place if desk is None else place._replace(h=min(desk, place.bottom) - place.y)
        self._out = ground[self.box.y : self.box.bottom, self.box.x : self.box.right]

    def enter(self) -> None:
        """Take the host, who may have stood in another scene, before this background."""
        self._avatar.stand_before(self._behind)

    @property
    def settled(self) -> bool:
        """Whether the host is drawn at the size that was asked for, or cannot be."""
        return self._avatar.settled

    def draw(self, face: Face, pose: Pose) -> Box | None:
        """Draw the host and what is behind into the ground. Returns where it changed."""
        x0, y0, x1, y1 = self._avatar.draw(face, pose, self._out)
        changed = Box(x0 + self.box.x - self._left, y0 + self.box.y, x1 - x0, y1 - y0)
        return changed.common(self.box)


class Stage:
    """One scene at the size of the picture. Drawn by the render thread only, once it is built."""

    def __init__(
        self, scene: Scene, brand: Brand, make_avatar: Callable[[int, int], Avatar], kept: Kept | None = None
    ) -> None:
        """`scene` is scaled to the picture; `make_avatar(width, height)` gives a host of about that size."""
        self.scene, self.brand = scene, brand
        self.look = Look(scene.theme, min(scene.size) / 720, brand.language)
        still = background(scene, kept or Kept())
        self.canvas = Canvas(still)
        self.figure, framed = None, list[Box]()
        if scene.host is not None:
            box, zoom = scene.host.box, scene.host.zoom
            self.figure = Figure(
                make_avatar(round(box.w * zoom), round(box.h * zoom)), box, scene.desk, self.canvas.ground
            )
            framed = [self.figure.box] if scene.host.framed else []
        framed += [scene.camera] if framed and scene.camera else []  # two windows side by side look alike
        self._frames = [Placed(_frame(box, still, self.look)) for box in framed]
        self._chips = [Placed(each) for each in _chips(scene, brand, self.look)]
        self.window = ClipWindow(scene.clip, self.look.unit) if scene.clip else None
        self.camera = CameraWindow(scene.camera, self.canvas.ground) if scene.camera else None
        self.slots = {name: Slot(*motion) for name, motion in self._motions().items()}

    def _motions(self) -> dict[str, tuple[int, int]]:
        """Frames and rise of each place, the lowest first."""
        rise = round(26 * self.look.unit)
        return {
            "clip": (8, 0),
            "question": (9, rise),
            "caption": (5, 0),
            "card": (9, rise),
            "countdown": (8, rise // 2),
        }

    def rebranded(self, brand: Brand) -> Callable[[], None]:
        """Draw the chips of another shop; what is given back shows them. May be called on any thread."""
        look = self.look._replace(language=brand.language)
        chips = [Placed(each) for each in _chips(self.scene, brand, look)]

        def show() -> None:
            self.brand, self.look, self._chips = brand, look, chips

        return show

    def enter(self) -> None:
        """Come on air: the host stands here now."""
        if self.camera is not None:
            self.camera.enter()
        if self.figure is not None:
            self.figure.enter()

    def settle(self) -> None:
        """End the motion of all that comes and goes."""
        for slot in self.slots.values():
            slot.settle()

    def draw(
        self, n: int, face: Face, pose: Pose | None, ticker: Sprite | None, camera: Picture | None = None
    ) -> Picture:
        """Frame `n` in I420; valid until the next call. `camera`: the picture of an operator's, (h, w, 3) RGB."""
        items = [*self._frames, *(placed for slot in self.slots.values() for placed in slot.placed(n))]
        items += [Placed(ticker)] if ticker is not None else []
        items += self._chips
        seen = self.camera.draw(camera) if self.camera is not None else None
        drawn = self.figure.draw(face, pose) if self.figure is not None and pose is not None else None
        return self.canvas.show(items, [box for box in (seen, drawn) if box])


def background(scene: Scene, kept: Kept) -> Picture:
    """What is behind everything, (h, w, 3) RGB; a plain gradient where a picture file cannot be read."""
    wanted, (width, height) = scene.background, scene.size
    if wanted.studio is not None:
        middle = scene.host.box.x + scene.host.box.w / 2 if scene.host and not scene.host.framed else width / 2
        room = (width, height, wanted.studio, middle, scene.desk)
        return kept.made(("studio", *room), Path(studios.__file__), lambda: studio(*room))
    if wanted.image is not None:
        try:
            return np.ascontiguousarray(photo(wanted.image, width, height)[..., :3])
        except (OSError, ValueError) as error:
            log.warning("the scene '%s' goes without its background picture: %s", scene.name, error)
    return gradient(width, height, wanted.gradient or ("#3a3344", "#17131c"))


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
        found.append(logo(scene.logo, brand.shop, _emblem(brand.logo, scene.logo), look.theme))
    if scene.live is not None:
        found.append(chip(scene.live, wording(brand.language).live, "#ffffff", LIVE_RED, dot=True))
    if scene.message is not None:
        found.append(slate(scene.message, look))
    label = label_look(scene, brand.label, brand.language, brand.demand)
    found.append(chip(label.box, label.words, label.ink, label.fill))
    return [each for each in found if each is not None]


def _emblem(path: Path | None, box: Box) -> Picture | None:
    if path is None:
        return None
    try:
        return emblem(path, round(box.w - box.h * 0.7), round(box.h * 0.78))
    except (OSError, ValueError) as error:
        log.warning("the shop's logo is left out: %s", error)
        return None
