"""The way through the footage: which frame is shown next, to and fro without a repeated end, by joins that do not show.

Everything here is pure: the next place follows from the place before and from whether the host speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from host_engine.avatars.folder import Footage

Stretch = tuple[int, int]  # first and last frame, both within
TALK = -1  # the stretch of talk; 0, 1, .. are the idle clips
PICTURE = 100.0  # how much the whole picture counts: a tenth of its grey is 10 % of the face's width
ROUGHEST, FINEST = 5.0, 1.5  # a join may never be further than this, and always as far as that
USUAL = 1.5  # times what the footage itself moves from one frame to the next (its 95th percentile)
WAIT = 8  # frames in which a better join is waited for
ROUNDS = 2  # turns in one idle clip before the next
CHUNK = 2048  # frames compared at once


class Place(NamedTuple):
    """Where the show is in the footage."""

    frame: int
    step: int = 1  # +1 or -1
    clip: int = TALK
    turns: int = 0  # in this clip so far
    joined: bool = False  # this frame does not follow the one before it in the footage


class Joins(NamedTuple):
    """For each frame of the footage the frame of one clip that is most like it, and how far it is from it."""

    frame: NDArray[np.int32]
    distance: NDArray[np.float32]


def poses(
    boxes: NDArray[np.float32], points: NDArray[np.float32], small: NDArray[np.uint8] | None = None
) -> NDArray[np.float32]:
    """What two frames are compared by, (n, d): their distance is about per cent of the face's width.

    `small` are small grey pictures (n, h, w) of the whole frames, so that hands and shoulders count as well.
    """
    width = max(float(np.median(boxes[:, 2] - boxes[:, 0])), 1.0)
    corners = np.concatenate((boxes.reshape(-1, 2, 2), points), 1).reshape(len(boxes), -1)
    face = corners * (100 / width / np.sqrt(corners.shape[1]))
    if small is None or not len(small):
        return np.asarray(face, np.float32)
    grey = small.reshape(len(small), -1).astype(np.float32)
    return np.concatenate((face, grey * (PICTURE / 255 / np.sqrt(grey.shape[1]))), 1).astype(np.float32)


def limit_of(pose: NDArray[np.float32]) -> float:
    """How far two frames may be apart for a join not to show, from how far the footage moves between two frames."""
    if len(pose) < 2:
        return FINEST
    moved = np.linalg.norm(np.diff(pose, axis=0), axis=1)
    return float(np.clip(USUAL * np.percentile(moved, 95), FINEST, ROUGHEST))


class Route:
    """To and fro in the talk while the host speaks, in the idle clips while not; no end is shown twice.

    From one to the other it joins where the poses are near; where none is near it walks there, frame by frame, which
    the footage, being one take, always allows.
    """

    def __init__(
        self, talk: Stretch, idle: Sequence[Stretch], pose: NDArray[np.float32], limit: float | None = None
    ) -> None:
        """`pose` is (frames, d), as `poses` makes it. Raises ValueError for a stretch outside the footage."""
        self._clips = {TALK: talk, **dict(enumerate(idle))}
        for first, last in self._clips.values():
            if not 0 <= first <= last < len(pose):
                raise ValueError(f"frames {first} to {last} are not within the footage's {len(pose)}")
        self.limit = limit_of(pose) if limit is None else limit
        self._joins = {clip: _joins(pose, stretch) for clip, stretch in self._clips.items()}
        self.talk, self.idle = talk, tuple(idle)

    def start(self, speaking: bool = False) -> Place:
        """The first frame of the show."""
        clip = TALK if speaking or not self.idle else 0
        return Place(self._clips[clip][0], clip=clip)

    def next(self, place: Place, speaking: bool) -> Place:
        """The place after `place`: a frame further, or at most `limit` away in another clip, then `joined`."""
        clip = self._wanted(place, speaking)
        first, last = self._clips[clip]
        if not first <= place.frame <= last:
            joins = self._joins[clip]
            if joins.distance[place.frame] > self.limit:
                return self._walk(place, 1 if place.frame < first else -1)
            if self._better_soon(place, joins):
                return self._walk(place, place.step)
            return self._joined(place, clip, int(joins.frame[place.frame]))
        turns = place.turns if clip == place.clip else 0
        return self._on(Place(place.frame, place.step, clip, turns))

    def ahead(self, place: Place, speaking: bool, count: int) -> list[int]:
        """The next `count` frames, if the host goes on as she does."""
        frames = []
        for _ in range(count):
            place = self.next(place, speaking)
            frames.append(place.frame)
        return frames

    def _wanted(self, place: Place, speaking: bool) -> int:
        """The clip to be in: the talk; when silent the idle clip that is nearest, or the one after a whole round."""
        if speaking or not self.idle:
            return TALK
        if place.clip == TALK:
            within = [k for k, (first, last) in enumerate(self.idle) if first <= place.frame <= last]
            return within[0] if within else min(range(len(self.idle)), key=lambda k: self._far(place.frame, k))
        return place.clip if place.turns < ROUNDS else (place.clip + 1) % len(self.idle)

    def _far(self, frame: int, clip: int) -> tuple[float, int]:
        """How far a clip is: by its join where that may be used, else by the frames to walk."""
        first, last = self._clips[clip]
        distance = float(self._joins[clip].distance[frame])
        return distance if distance <= self.limit else np.inf, max(first - frame, frame - last, 0)

    def _better_soon(self, place: Place, joins: Joins) -> bool:
        """Whether the pose comes nearer still within the next frames of this direction."""
        end = place.frame + place.step * WAIT
        low, high = max(0, min(place.frame, end)), max(place.frame, end)
        return bool(joins.distance[place.frame] > joins.distance[low : high + 1].min())

    def _walk(self, place: Place, step: int) -> Place:
        """A frame further towards another clip, through whatever lies between."""
        return Place(place.frame + step, step, place.clip, place.turns)

    def _joined(self, place: Place, clip: int, frame: int) -> Place:
        """In the clip at that frame, going on in the same direction where there is room."""
        first, last = self._clips[clip]
        step = place.step if first <= frame + place.step <= last else -place.step
        return Place(frame, step, clip, 0, joined=True)

    def _on(self, place: Place) -> Place:
        """One frame further within the clip; at its ends the direction changes and the end is not shown again."""
        first, last = self._clips[place.clip]
        if first == last:
            return place._replace(turns=place.turns + 1)
        if first <= place.frame + place.step <= last:
            return place._replace(frame=place.frame + place.step)
        return place._replace(frame=place.frame - place.step, step=-place.step, turns=place.turns + 1)


def _joins(pose: NDArray[np.float32], stretch: Stretch) -> Joins:
    """For the frames outside the stretch the nearest within; those within are their own.

    |a - b|^2 is worked out as |a|^2 - 2ab + |b|^2, for some frames at once.
    """
    first, last = stretch
    goal = pose[first : last + 1]
    squares = (goal * goal).sum(1)
    frame, distance = np.arange(len(pose), dtype=np.int32), np.zeros(len(pose), np.float32)
    outside = np.r_[0:first, last + 1 : len(pose)]
    for start in range(0, len(outside), CHUNK):
        some = outside[start : start + CHUNK]
        nearest = (squares - 2 * pose[some] @ goal.T).argmin(1)
        frame[some] = nearest + first
        distance[some] = np.linalg.norm(pose[some] - goal[nearest], axis=1)
    return Joins(frame, distance)


def route_of(footage: Footage) -> Route:
    """The way through an avatar. Compares all poses: up to a second for ten minutes, so not on the tick's thread."""
    return Route(footage.about.talk, footage.about.idle, poses(footage.boxes, footage.points, footage.small))
