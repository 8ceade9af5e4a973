"""How the host holds herself: blinks, breath, gaze, head, hair and gestures, from the frame's number and its beat."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

from host_engine.media import Beat

ARM_GESTURES = ("wave", "point", "present")
OPEN = 0.86  # how far relaxed eyes are open
BLINK = ((0.0, 1.0), (0.04, 0.55), (0.08, 0.05), (0.12, 0.05), (0.16, 0.35), (0.2, 0.8), (0.26, 1.0))
CHUNK = 60  # seconds; moments are drawn for one chunk at a time, so that any frame can be asked for


class Pose(NamedTuple):
    """The host in one frame; angles in radians, x to the viewer's right, y down."""

    yaw: float = 0.0  # head turned, positive to the viewer's right
    pitch: float = 0.0  # positive: chin down
    roll: float = 0.0  # positive: clockwise as the viewer sees it
    eye_open: float = OPEN  # 0 shut .. 1 wide
    gaze: tuple[float, float] = (0.0, 0.0)  # each -1..1, (0, 0) is at the viewer
    brow: float = 0.0  # -1 lowered .. 1 raised
    smile: float = 0.0  # added to the mouth's
    breath: float = 0.0  # 0 out .. 1 in
    sway: float = 0.0  # how far the hair's ends lag behind the head, radians of yaw
    lean: float = 0.0  # -1..1, the body to the left or right
    arm: str = "rest"  # the gesture the arms are in or on the way to
    arm_amount: float = 0.0  # 0 at rest .. 1 in the gesture
    arm_swing: float = 0.0  # radians added to the forearms' angle


class Moment(NamedTuple):
    """Something that happens at a time (seconds), with a number in 0..1 to vary it by."""

    at: float
    chance: float


class Moments:
    """An endless series of moments at gamma distributed gaps, the same for the same seed and kind."""

    def __init__(self, seed: int, kind: str, least: float, more: float) -> None:
        """Gaps are `least` seconds plus `more` on average."""
        self._name, self._least, self._more = f"{seed}/{kind}", least, more
        self._chunk = lru_cache(maxsize=2)(self._draw)

    def last(self, t: float) -> Moment:
        """The latest moment at or before t."""
        chunk = int(t // CHUNK)
        drawn = self._chunk(chunk - 1) + self._chunk(chunk)
        return max((m for m in drawn if m.at <= t), default=Moment(-math.inf, 0.5))

    def _draw(self, chunk: int) -> tuple[Moment, ...]:
        random, found = Random(f"{self._name}/{chunk}"), []
        at = chunk * CHUNK + random.gammavariate(3, self._more / 3)
        while at < (chunk + 1) * CHUNK - self._least:
            found.append(Moment(at, random.random()))
            at += self._least + random.gammavariate(3, self._more / 3)
        return tuple(found)


class Spring:
    """A value that follows its target critically damped, exactly, for any step."""

    def __init__(self, value: float = 0.0) -> None:
        self.value, self.velocity = value, 0.0

    def step(self, target: float, omega: float, dt: float) -> float:
        """Moves on by dt seconds at omega (1/s) and returns the value."""
        away, decay = self.value - target, math.exp(-omega * dt)
        pull = (self.velocity + omega * away) * dt
        self.velocity = (self.velocity - omega * pull) * decay
        self.value = target + (away + pull) * decay
        return self.value


class Noise:
    """A smooth wandering value within -1..1, about `hertz` turns a second."""

    def __init__(self, seed: int, kind: str, hertz: float) -> None:
        random = Random(f"{seed}/{kind}")
        self._waves = [(hertz * (0.5 + random.random()), random.random(), 1 / (1 + k / 2)) for k in range(4)]
        self._total = sum(weight for *_, weight in self._waves)

    def at(self, t: float) -> float:
        return sum(w * math.sin(math.tau * ((f * t + p) % 1)) for f, p, w in self._waves) / self._total


class Performer:
    """Plays the host, frame after frame; lives on the render thread and is never reset between lines.

    Everything follows from the seed, the frame numbers and the beats; numbers may leap forward.
    """

    def __init__(self, fps: int, seed: int = 1, card: tuple[float, float] = (0.75, 0.6)) -> None:
        """`card`: the direction of the product card as the host sees it, x and y in -1..1."""
        self._fps, self._seed, self._card = fps, seed, card
        self._last: int | None = None
        self._noise = {
            kind: Noise(seed, kind, hertz)
            for kind, hertz in (("yaw", 0.17), ("pitch", 0.21), ("roll", 0.13), ("lean", 0.07), ("smile", 0.05))
        }
        self._blinks = Moments(seed, "blink", 0.7, 2.9)
        self._saccades = Moments(seed, "saccade", 0.5, 0.9)
        self._glances = Moments(seed, "glance", 6, 6)
        self._beats = Moments(seed, "beat", 4, 4)
        moving = "talk loud mean yaw pitch roll gaze_x gaze_y brow smile arm lean"
        self._springs = {name: Spring() for name in moving.split()}
        self._hair = (0.0, 0.0)
        self._line: Any = None
        self._shown: Any = None  # the last card seen
        self._look_until = self._arm_from = self._arm_until = self._nod_from = -math.inf
        self._arm = self._next_arm = "rest"

    def pose(self, n: int, beat: Beat) -> Pose:
        """The pose of frame n."""
        t = n / self._fps
        dt = max(0.0, t - self._last / self._fps) if self._last is not None else 1 / self._fps
        self._last = n
        self._notice(t, beat)
        talk = self._spring("talk", float(beat.face.speaking), 4, dt)
        stress = self._spring("loud", beat.face.energy, 16, dt) - self._spring("mean", beat.face.energy, 2.5, dt)
        looking = t < self._look_until
        yaw, pitch, roll = self._head(t, dt, talk, stress, looking)
        arm, amount, swing = self._arms(t, dt, talk, stress)
        wander = 0.5 + 0.5 * self._noise["smile"].at(t)
        return Pose(
            yaw,
            pitch,
            roll,
            self._eyes(t),
            self._gaze(t, dt, talk, looking),
            self._spring("brow", min(0.85, max(0.0, stress - 0.1) * 2.2) + 0.15 * talk * wander, 14, dt),
            self._spring("smile", 0.15 * wander + 0.15 * (amount > 0.3 and arm == "wave"), 4, dt),
            0.5 - 0.5 * math.cos(math.tau * (0.24 * t % 1)),
            self._sway(yaw, dt),
            self._spring("lean", 0.6 * self._noise["lean"].at(t) + 0.25 * amount * self._card[0], 3, dt),
            arm,
            amount,
            swing,
        )

    def _spring(self, name: str, target: float, omega: float, dt: float) -> float:
        return self._springs[name].step(target, omega, dt)

    def _notice(self, t: float, beat: Beat) -> None:
        """Plans what a new line asks for: a look at its card, its gesture."""
        line = beat.line
        if line is None or line is self._line:
            return
        self._line = line
        chance = Random(f"{self._seed}/{line.id}/{round(t)}").random()
        new_card = line.card is not None and line.card != self._shown
        self._shown = line.card or self._shown
        if line.gesture in ARM_GESTURES:
            self._next_arm, self._arm_from, self._arm_until = line.gesture, t + 0.15, t + 1.6 + 1.3 * chance
        elif line.gesture == "nod":
            self._nod_from = t + 0.2
        if new_card or line.gesture == "point":
            self._look_until = t + 1.1 + 0.5 * chance

    def _head(self, t: float, dt: float, talk: float, stress: float, looking: bool) -> tuple[float, float, float]:
        side, down = self._card if looking else (0.0, 0.0)
        nodding = t - self._nod_from
        nod = 0.13 * math.sin(math.pi * nodding / 0.45) ** 2 if 0 <= nodding < 0.9 else 0.0
        yaw = (0.13 + 0.13 * talk) * self._noise["yaw"].at(t) + 0.14 * side
        pitch = (0.04 + 0.05 * talk) * self._noise["pitch"].at(t) + 0.2 * stress + 0.06 * down + nod
        roll = (0.04 + 0.05 * talk) * self._noise["roll"].at(t) + 0.02 * side
        return self._spring("yaw", yaw, 7, dt), self._spring("pitch", pitch, 12, dt), self._spring("roll", roll, 6, dt)

    def _eyes(self, t: float) -> float:
        blink = self._blinks.last(t)
        shut = _lid(t - blink.at)
        if blink.chance < 0.15:  # some blinks come in pairs
            shut = min(shut, _lid(t - blink.at - 0.34))
        return OPEN * shut

    def _gaze(self, t: float, dt: float, talk: float, looking: bool) -> tuple[float, float]:
        x, y = self._card if looking else (0.0, 0.0)
        glance = self._glances.last(t)
        if not looking and t - glance.at < 0.5 + 0.4 * glance.chance:  # thinking, she looks away for a moment
            x, y = (0.45, -0.25) if glance.chance < 0.5 else (-0.5, -0.1)
        jump = Random(self._saccades.last(t).chance)
        x, y = x + 0.16 * (jump.random() - 0.5), y + 0.1 * (jump.random() - 0.5)
        # The eyes hold the viewer while the head turns.
        x, y = x - 0.8 * self._springs["yaw"].value * (not looking), y - 0.5 * self._springs["pitch"].value
        omega = 34.0
        return self._spring("gaze_x", max(-1.0, min(1.0, x)), omega, dt), self._spring("gaze_y", y, omega, dt)

    def _arms(self, t: float, dt: float, talk: float, stress: float) -> tuple[str, float, float]:
        """The gesture, how far the arms are in it, and their swing; an arm is back at rest before the next gesture."""
        beat = self._beats.last(t)
        if talk > 0.7 and t > self._arm_until + 2.5 and t - beat.at < 0.2:  # talking, she opens her hand now and then
            self._next_arm, self._arm_from, self._arm_until = "present", t, t + 1.0 + 0.8 * beat.chance
        wanted = self._arm_from <= t < self._arm_until
        if wanted and self._arm != self._next_arm and self._springs["arm"].value < 0.02:
            self._arm = self._next_arm
        amount = self._spring("arm", float(wanted and self._arm == self._next_arm), 8, dt)
        if not wanted and amount < 0.004:
            self._arm, amount = "rest", 0.0
            self._springs["arm"] = Spring()
        swing = 0.05 * stress * talk + 0.012 * self._noise["pitch"].at(t)
        if self._arm == "wave":
            swing += 0.15 * amount * amount * math.sin(math.tau * 2 * (t - self._arm_from))
        return self._arm, min(1.0, max(0.0, amount)), swing

    def _sway(self, yaw: float, dt: float) -> float:
        """The hair hangs on the head by a weak, slightly damped spring and so comes after it."""
        at, velocity = self._hair
        steps = max(1, min(50, math.ceil(dt / 0.01)))
        h = min(dt, 0.5) / steps
        for _ in range(steps):
            velocity += h * (90 * (yaw - at) - 6 * velocity)
            at += h * velocity
        self._hair = (at, velocity)
        return at - yaw


def _lid(since: float) -> float:
    """How far open a lid is, relative to before, so many seconds into a blink."""
    if not 0 <= since < BLINK[-1][0]:
        return 1.0
    for (a, low), (b, high) in pairwise(BLINK):
        if since < b:
            return low + (high - low) * (since - a) / (b - a)
    return 1.0
