"""The rig: where, in a pose, each layer of the artwork is seen, and what it shows there."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from host_engine.host.artwork import Arm, Artwork, Layer
from host_engine.host.perform import Pose

STEP = 32  # pixels between the nodes of a mesh
REACH = 0.075  # how far layers may move, in heights of the artwork
LIMITS = {"yaw": 0.45, "pitch": 0.3, "roll": 0.12, "sway": 0.2, "lean": 1.0, "arm_swing": 0.3}
DESIGN = 960  # the height, in pixels, for which the lengths below are given
LEAN, BREATH, SWAY = 7.0, 2.6, 130.0
ARM_CHANGE = (0.42, 0.58)  # where on its way one gesture's arm gives way to another's

Box = tuple[int, int, int, int]  # x0, y0, x1, y1 in pixels of the window
Floats = NDArray[np.float32]


class Part(NamedTuple):
    """A layer, or the forearm of a gesture, with the box its mesh is spread over and the mesh's (rows, columns).

    The box is a whole number of `STEP` wide and high, and so may go beyond the window. `near` tells which nodes lie
    less than two steps from anything seen; a forearm turns, so that all of its may.
    """

    layer: Layer
    span: Box
    shape: tuple[int, int]
    near: NDArray[np.bool_]
    gesture: str = ""
    arm: Arm | None = None


class Mesh(NamedTuple):
    """A part in a pose: the places in its picture that its nodes (rows, columns, 2) show, and the box it is seen in."""

    nodes: Floats
    box: Box
    opacity: float


class Rig:
    """The moving geometry of one host in a window; `parts` lie back to front."""

    def __init__(self, artwork: Artwork, size: tuple[int, int]) -> None:
        """`size` is (width, height); the artwork stands in the middle, on the lower edge."""
        self._artwork, self._size = artwork, size
        self._shift = ((size[0] - artwork.width) // 2, size[1] - artwork.height)
        self._scale = artwork.height / DESIGN
        self.parts = [self._part(*entry) for entry in _stack(artwork)]
        self._body = [part for part in self.parts if part.arm is None]
        self._weigh()

    def meshes(self, pose: Pose) -> list[Mesh | None]:
        """The mesh of every part, None where it is not to be seen."""
        pose = _within_limits(pose)
        moving = iter(self._layers(pose))
        return [self._forearm(part, pose) if part.arm else next(moving) for part in self.parts]

    def _part(self, layer: Layer, gesture: str, arm: Arm | None) -> Part:
        height, width = layer.picture.shape[:2]
        far = REACH * self._artwork.height
        x0, y0, x1, y1 = layer.x - far, layer.y - far, layer.x + width + far, layer.y + height + far
        if arm:
            far = max(math.dist(arm.elbow, corner) for corner in product((x0, x1), (y0, y1)))
            x0, y0, x1, y1 = arm.elbow.x - far, arm.elbow.y - far, arm.elbow.x + far, arm.elbow.y + far
        left, top, right, bottom = self._bounded(x0, y0, x1, y1)
        columns, rows = -((left - right) // STEP), -((top - bottom) // STEP)
        span = (left, top, left + columns * STEP, top + rows * STEP)
        near = np.ones((rows + 1, columns + 1), bool) if arm else self._near_pixels(layer, span)
        return Part(layer, span, (rows + 1, columns + 1), near, gesture, arm)

    def _near_pixels(self, layer: Layer, span: Box) -> NDArray[np.bool_]:
        """Which nodes of the span lie less than two steps from anything that the layer shows."""
        left, top = layer.x + self._shift[0] - span[0], layer.y + self._shift[1] - span[1]
        alpha = layer.picture[max(0, -top) :, max(0, -left) :, 3]
        shows = np.zeros((span[3] - span[1], span[2] - span[0]), bool)
        place = shows[max(0, top) :, max(0, left) :][: len(alpha), : alpha.shape[1]]
        place[:] = alpha[: len(place), : place.shape[1]]
        cells = shows.reshape(len(shows) // STEP, STEP, -1, STEP).any((1, 3))
        return np.asarray(sliding_window_view(np.pad(cells, 2), (4, 4)).any((2, 3)), bool)

    def _bounded(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The whole pixels of the window that a box of the artwork touches."""
        (dx, dy), (width, height) = self._shift, self._size
        left, right = (min(width, max(0, edge)) for edge in (math.floor(x0) + dx, math.ceil(x1) + dx))
        top, bottom = (min(height, max(0, edge)) for edge in (math.floor(y0) + dy, math.ceil(y1) + dy))
        return left, top, right, bottom

    def _nodes(self, part: Part) -> tuple[Floats, Floats]:
        """Where the nodes of a part lie in the artwork, x and y, each (rows, columns)."""
        x0, y0, x1, y1 = part.span
        rows, columns = part.shape
        x = np.linspace(x0 - self._shift[0], x1 - self._shift[0], columns, dtype=np.float32)
        y = np.linspace(y0 - self._shift[1], y1 - self._shift[1], rows, dtype=np.float32)
        across, down = np.meshgrid(x, y)
        return across, down

    def _weigh(self) -> None:
        """Gives every node of the layers its share in each motion, all nodes in one row."""
        anchors, height = self._artwork.anchors, self._artwork.height
        chin, neck, head = anchors["chin"], anchors["neck"], anchors["head"]
        face = next(part.layer for part in self._body if part.layer.name == "face")
        half = face.picture.shape[1] / 2
        grids = [self._nodes(part) for part in self._body]
        x, y = (np.concatenate([grid[k].ravel() for grid in grids]) for k in (0, 1))

        def each(value: Callable[[Layer], float]) -> Floats:
            values = [np.full(math.prod(part.shape), value(part.layer), np.float32) for part in self._body]
            return np.concatenate(values)

        sway, follow = each(lambda layer: layer.sway), each(lambda layer: layer.head)
        ball = 1 - ((x - head.x) / (1.6 * half)) ** 2 - ((y - head.y) / (2.2 * half)) ** 2
        bulge = each(lambda layer: layer.depth) * np.sqrt(np.clip(ball, 0, 1))
        hanging = 1 - 0.5 * _ramp(y, chin.y, chin.y + 0.3 * height)
        nape = 1 - _ramp(y, chin.y, neck.y + 0.4 * (neck.y - chin.y))
        self._head = np.where(follow > 0, follow * np.where(sway > 0, hanging, 1), nape)
        self._turn, self._nod = 0.55 * half * bulge * self._head, 0.42 * half * bulge * self._head
        self._roll_x, self._roll_y = (y - neck.y) * self._head, (neck.x - x) * self._head
        self._sway = sway * SWAY * self._scale * _ramp(y, head.y, head.y + 0.36 * height)
        self._lean, self._breath = self._trunk(y)
        corner = each(lambda layer: layer.x), each(lambda layer: layer.y)
        self._place = np.stack((x - corner[0], y - corner[1]), 1)
        self._gather()
        self._grids = {id(part.arm): np.stack(self._nodes(part), -1) for part in self.parts if part.arm}
        self._arms = {id(part.arm): self._elbow(part.arm, part.layer) for part in self.parts if part.arm}

    def _gather(self) -> None:
        """Notes which nodes are each layer's, and which of them lie near its picture."""
        ends = np.cumsum([math.prod(part.shape) for part in self._body]).tolist()
        self._slices = [slice(start, end) for start, end in pairwise([0, *ends])]
        near = []
        for part, nodes in zip(self._body, self._slices, strict=True):
            size = np.array(part.layer.picture.shape[1::-1])
            inside = ((self._place[nodes] > -STEP) & (self._place[nodes] < size + STEP)).all(1)
            near.append(nodes.start + np.flatnonzero(inside))
        self._near = np.concatenate(near)
        self._near_first = np.cumsum([0, *map(len, near)])[:-1]

    def _elbow(self, arm: Arm, layer: Layer) -> tuple[float, float, list[tuple[float, float]]]:
        """How far an elbow goes with a full lean and breath, and the corners of the forearm's picture seen from it."""
        lean, breath = (float(share[0]) for share in self._trunk(np.array([arm.elbow.y], np.float32)))
        height, width = layer.picture.shape[:2]
        corners = product((layer.x, layer.x + width), (layer.y, layer.y + height))
        return lean, breath, [(x - arm.elbow.x, y - arm.elbow.y) for x, y in corners]

    def _trunk(self, y: Floats) -> tuple[Floats, Floats]:
        """How far the body at these heights goes with a full lean (rightwards) and a full breath (downwards)."""
        neck, height = self._artwork.anchors["neck"].y, self._artwork.height
        lean = LEAN * self._scale * np.clip((height - y) / (height - neck), 0, 1) ** 2
        breath = -BREATH * self._scale * (1 - _ramp(y, neck, 0.8 * height))
        return lean.astype(np.float32), breath.astype(np.float32)

    def _layers(self, pose: Pose) -> list[Mesh]:
        yaw, pitch, roll = (math.sin(angle) for angle in (pose.yaw, pose.pitch, pose.roll))
        moved = np.empty_like(self._place)
        moved[:, 0] = yaw * self._turn - roll * self._roll_x + pose.sway * self._sway + pose.lean * self._lean
        moved[:, 1] = pitch * self._nod - roll * self._roll_y + pose.breath * self._breath
        source = self._place - moved
        near = moved[self._near]
        low, high = (edge.reduceat(near, self._near_first).tolist() for edge in (np.minimum, np.maximum))
        return [
            Mesh(source[nodes].reshape(*part.shape, 2), self._seen(part, *ends), 1.0)
            for part, nodes, *ends in zip(self._body, self._slices, low, high, strict=True)
        ]

    def _seen(self, part: Part, low: list[float], high: list[float]) -> Box:
        """The box of a layer, moved by as much as any of the nodes near it."""
        (height, width), (x, y) = part.layer.picture.shape[:2], (part.layer.x, part.layer.y)
        box = self._bounded(x + low[0] - 1, y + low[1] - 1, x + width + high[0] + 1, y + height + high[1] + 1)
        return common(box, part.span)

    def _forearm(self, part: Part, pose: Pose) -> Mesh | None:
        """The mesh of a forearm, turned about its elbow, which goes with the body."""
        assert part.arm
        opacity = _opacity(self._artwork, part, pose)
        if not opacity:
            return None
        elbow, layer = part.arm.elbow, part.layer
        lean, breath, corners = self._arms[id(part.arm)]
        at_x, at_y = elbow.x + pose.lean * lean, elbow.y + pose.breath * breath
        angle = _angle(self._artwork, part.arm, pose) - part.arm.angle
        cos, sin = math.cos(angle), math.sin(angle)
        nodes = self._grids[id(part.arm)] @ np.array([[cos, -sin], [sin, cos]], np.float32)
        nodes += (elbow.x - layer.x - cos * at_x - sin * at_y, elbow.y - layer.y - cos * at_y + sin * at_x)
        across, down = zip(*((cos * x - sin * y + at_x, sin * x + cos * y + at_y) for x, y in corners), strict=True)
        box = self._bounded(min(across) - 1, min(down) - 1, max(across) + 1, max(down) + 1)
        return Mesh(nodes, common(box, part.span), opacity)


def _stack(artwork: Artwork) -> list[tuple[Layer, str, Arm | None]]:
    """Every picture back to front but the brows, which are painted on the face; each arm once, after the body."""
    stack: list[tuple[Layer, str, Arm | None]] = []
    rest = artwork.arms["rest"]
    for layer in artwork.layers:
        if layer.name.startswith("brow"):
            continue
        stack.append((layer, "", None))
        if layer.name == "body":
            stack += [(arm.layer, "rest", arm) for arm in rest]
            for gesture, arms in artwork.arms.items():
                stack += [(arm.layer, gesture, arm) for arm in arms if not any(arm is r for r in rest)]
    return stack


def _of_side(artwork: Artwork, arm: Arm, gesture: str) -> Arm:
    """The arm of the same side in a gesture."""
    return next(other for other in artwork.arms[gesture] if other.side == arm.side)


def _angle(artwork: Artwork, arm: Arm, pose: Pose) -> float:
    """The angle of the forearm of this side: on the shorter way from rest to the gesture."""
    rest, goal = _of_side(artwork, arm, "rest"), _of_side(artwork, arm, pose.arm)
    way = (goal.angle - rest.angle + math.pi) % math.tau - math.pi
    swing = pose.arm_swing * (1 if arm.side == "l" else -1)
    return rest.angle + way * pose.arm_amount + swing * (pose.arm_amount if goal is not rest else 0)


def _opacity(artwork: Artwork, part: Part, pose: Pose) -> float:
    """1 for the arms of the moment, 0 for all others; on the way the old stays till the new has come."""
    assert part.arm
    start, end = ARM_CHANGE
    come = min(1.0, max(0.0, (pose.arm_amount - start) / (end - start)))
    if part.gesture == "rest":
        return 0.0 if come == 1 and _of_side(artwork, part.arm, pose.arm) is not part.arm else 1.0
    return come if part.gesture == pose.arm else 0.0


def _within_limits(pose: Pose) -> Pose:
    return pose._replace(**{name: min(edge, max(-edge, getattr(pose, name))) for name, edge in LIMITS.items()})


def common(a: Box, b: Box) -> Box:
    """What two boxes share; nothing is a box without area."""
    x0, y0 = max(a[0], b[0]), max(a[1], b[1])
    return x0, y0, max(x0, min(a[2], b[2])), max(y0, min(a[3], b[3]))


def _ramp(value: Floats, start: float, end: float) -> Floats:
    """0 up to start, 1 from end on, smooth between."""
    t = np.clip((value - start) / (end - start), 0, 1)
    smooth: Floats = t * t * (3 - 2 * t)
    return smooth
