"""The compositor: what a beat looks like. Everything slow is drawn ahead elsewhere; a frame takes what is ready."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np

from host_engine.host.backlot import Backlot
from host_engine.host.dresser import Dresser
from host_engine.host.kept import Kept
from host_engine.host.label_plan import LabelPlan
from host_engine.host.stage import Brand, Stage
from host_engine.host.workshop import Workshop
from host_engine.media import Beat, Face, Format, Picture
from host_engine.show.human_scene import HUMAN, human_scene
from host_engine.show.label_demand import LabelDemand
from host_engine.show.rundown import Card, Line
from host_engine.show.scene import Box, Scene, choose

if TYPE_CHECKING:
    from host_engine.host.avatar import Avatar
    from host_engine.host.perform import Performer

log = logging.getLogger(__name__)

CROSSFADE = 8  # frames from one scene to the next
RING = 8  # pictures in use at once


class Fade(NamedTuple):
    """The picture and the scene that a change of scene began with, and the first frame of the change."""

    picture: Picture
    since: int
    scene: Scene


class Compositor:
    """Draws the frames of one channel, all on one thread; `set_ticker`, `expect`, `halve` may be called from others."""

    def __init__(
        self,
        format: Format,
        scenes: Mapping[str, Scene],
        scene: str,
        make_avatar: Callable[[int, int], Avatar],
        performer: Performer,
        *,
        ticker: Sequence[str] = (),
        label: str | None = None,
        language: str = "en",
        shop: str = "",
        logo: Path | None = None,
        threads: Executor | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        kept: Kept | None = None,
    ) -> None:
        """Draws the scene called `scene` at once, and the others that fit the picture ahead on `threads`.

        `label` stands in for the scenes' own words on the AI label. Raises ValueError when no such scene fits.
        """
        self.format, self._performer = format, performer
        size = format.width, format.height
        self._scenes = {name: each.scaled(*size) for name, each in scenes.items() if each.fits(*size)}
        self._human: Scene | None = None  # the scene of a camera, where no file has one
        if choose(self._scenes, HUMAN, *size) is None:
            self._human = self._scenes[HUMAN] = human_scene(self._scenes[self._chosen(scene)])
        self._threads = threads or ThreadPoolExecutor(2, thread_name_prefix="pictures")
        self._lot = Backlot(self._scenes, Brand(shop, logo, label, language), make_avatar, self._threads, kept)
        self._dresser = Dresser(Workshop(self._threads), format.fps, now)
        self._ticker, self._beside = tuple(ticker), tuple[str, ...]()
        self._dresser.items = self._ticker
        self._home = self._stage = self._lot.build(self._chosen(scene))
        self._home.enter()
        self.shown = (self._home.scene.name, 0)  # the scene on air, and the frame that it began with
        self.seen: Sequence[tuple[Scene, float]] = ((self._home.scene, 1.0),)  # in the last picture, with their shares
        self.plan = LabelPlan(self._scenes, lambda: self._lot.brand, self.shown[0])
        for name in self._scenes:
            self._find(name)
        self._expected: deque[Line] = deque(maxlen=8)
        self._strange: set[str] = set()  # scenes asked for that are not there
        self.by_hand: str | None = None  # the scene that an operator has chosen
        self._followed: str | None = None  # that of the frame before
        self._fade: Fade | None = None
        self._ring = [np.zeros((format.height * 3 // 2, format.width), np.uint8) for _ in range(RING)]
        self._last: Picture | None = None

    @property
    def clip_size(self) -> tuple[int, int] | None:
        """Width and height of product videos in the first scene."""
        clip = self._home.scene.clip
        return (clip.w, clip.h) if clip else None

    @property
    def camera_size(self) -> tuple[int, int]:
        """Width and height of the box in which an operator's camera is seen."""
        box = self._scenes[self._chosen(HUMAN)].camera or Box(0, 0, self.format.width, self.format.height)
        return (box.w, box.h)

    @property
    def human_alone(self) -> bool:
        """Whether an operator's camera would be seen without the host beside it."""
        chosen = self._scenes[self.by_hand] if self.by_hand else None
        scene = chosen if chosen and chosen.camera else self._scenes[self._chosen(HUMAN)]
        return scene.host is None

    @property
    def alive(self) -> tuple[Box, tuple[Box, ...]] | None:
        """Where something moves whenever all is well: the host's box, and what runs on by itself over it.

        None while the scene on air has no host.
        """
        scene, figure = self._stage.scene, self._stage.figure
        running = (scene.live, scene.countdown, scene.caption, scene.ticker)
        return (figure.box, tuple(box for box in running if box)) if figure else None

    def set_ticker(self, items: Sequence[str]) -> None:
        """Change what runs through the ticker, from one of the next frames on."""
        self._ticker = tuple(items)
        self._dresser.items = (*self._beside, *self._ticker)

    def set_beside(self, items: Sequence[str]) -> None:
        """Change what runs through the ticker before that, whatever that is: the coupons of the moment."""
        self._beside = tuple(items)
        self._dresser.items = (*self._beside, *self._ticker)

    def rebranded(self, shop: str, logo: Path | None, language: str) -> Callable[[], None]:
        """Another shop: draw its chips, on any thread; what is given back shows them from one of the next frames on."""
        return self._lot.rebranded(shop, logo, language)

    def relabelled(self, demand: LabelDemand) -> Callable[[], None]:
        """Have the AI label drawn as it is demanded; what is given back shows it, likewise."""
        return self._lot.relabelled(demand)

    def doubt(self, stale: Callable[[Card], bool]) -> None:
        """Have each card that is seen asked for in each frame: one that is stale vanishes at once."""
        self._dresser.stale = stale

    def expect(self, line: Line) -> None:
        """Have what `line` shows made before it is on air."""
        self._expected.append(line)

    def recast(self, make_avatar: Callable[[int, int], Avatar]) -> Callable[[], None]:
        """Have another host drawn, beside the show; what is given back puts her on air between two frames."""
        return self._lot.recast(make_avatar)

    def choices(self) -> list[dict[str, Any]]:
        """The scenes that fit the picture, but those of a camera alone: {name, kind, camera, on_air, by_hand}. One with
        `camera` is seen while an operator's is live."""
        shown = self.shown[0]
        return [
            {
                "name": name,
                "kind": each.kind,
                "camera": each.camera is not None,
                "on_air": name == shown,
                "by_hand": name == self.by_hand,
            }
            for name, each in sorted(self._scenes.items())
            if each.host or each.camera is None
        ]

    def choose(self, scene: str | None) -> None:
        """Show this scene from one of the next frames on, whatever the lines name; None: theirs again. From any thread.

        Raises ValueError, a sentence, where there is no such scene.
        """
        name = None if scene is None else self._chosen(scene)
        if name is not None and self._scenes[name].camera and not self._scenes[name].host:
            raise ValueError(f"the scene '{name}' is seen with an operator's camera only: take over with a camera")
        self.by_hand = name

    def halve(self, halved: bool) -> None:
        """Draw the host at half her size and enlarge her, which is cheaper, or at her full size again.

        Returns at once: the smaller host is drawn first, elsewhere: she comes some frames later.
        """
        self._lot.halve(halved)

    @property
    def settled(self) -> bool:
        """Whether the host on air is drawn at the size that was asked for, or cannot be."""
        figure = self._stage.figure
        return figure is None or figure.settled

    def draw(self, n: int, beat: Beat) -> Picture:
        """Frame `n`: (height * 3 // 2, width) I420; the picture is overwritten after `RING` - 1 more frames."""
        while self._expected:
            self._dresser.ready(self._stage, self._expected.popleft())
        changed = self._follow(n, beat)
        stage = self._stage
        self._dresser.dress(n, stage, beat)
        if changed:
            stage.settle()
        if beat.camera is not None and stage.camera is not None:
            beat = beat._replace(face=Face())  # who is seen speaking speaks; the host beside listens
        pose = self._performer.pose(n, beat)
        return self._finished(n, stage.draw(n, beat.face, pose, self._dresser.ticker(n, stage), beat.camera))

    def draw_slate(self, n: int, at_once: bool = False) -> Picture:
        """Frame `n` of the slate, for when the show cannot go on; the host at rest where no scene is a slate.

        at_once: nothing of the scene before is seen any more. Raises LookupError then, where there is no slate.
        """
        slates = (self._find(name) for name, scene in self._scenes.items() if scene.kind == "slate")
        slate = next((each for each in slates if each is not None), None)
        if slate is None and at_once:
            raise LookupError("there is no slate that fits the picture, or it is not drawn yet")
        if slate is None:
            return self.draw(n, Beat(np.zeros(self.format.samples, np.float32), Face()))
        if slate is not self._stage:
            self._change(n, slate)
        if at_once:
            self._fade = None
        return self._finished(n, slate.draw(n, Face(), None, None))

    def close(self) -> None:
        """Stop drawing ahead."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _chosen(self, scene: str) -> str:
        """The name of the scene that `scene` means. Raises ValueError."""
        found = choose(self._scenes, scene, self.format.width, self.format.height)
        if found is None:
            there = ", ".join(sorted(name for name, each in self._scenes.items() if each is not self._human)) or "none"
            size = f"{self.format.width}x{self.format.height}"
            raise ValueError(f"there is no scene '{scene}' for a picture of {size}; those that fit it: {there}")
        return found.name

    def _find(self, name: str) -> Stage | None:
        return self._home if name == self._home.scene.name else self._lot.find(name)

    def _follow(self, n: int, beat: Beat) -> bool:
        """Go to the scene of the beat once all of it is ready; at once where it is chosen by hand, or no longer: then
        what it shows besides the host comes when it is drawn. Returns whether the scene changed."""
        by_hand, self._followed = self._followed != self.by_hand, self.by_hand
        stage = self._home if by_hand and self.by_hand is None and beat.line is None else self._wanted(beat)
        if stage is None or stage is self._stage or not (self._dresser.ready(stage, beat.line) or by_hand):
            return False
        self._change(n, stage)
        return True

    def _wanted(self, beat: Beat) -> Stage | None:
        """The stage that a beat asks for; None: the one on air stays, as it does without a line, unless it is a slate.

        A camera is seen in whatever scene has a place for it; a scene chosen by hand comes before those of the lines,
        and waits for a camera if it has a place for one.
        """
        line, by_hand = beat.line, self.by_hand
        if beat.camera is not None and not (by_hand and self._scenes[by_hand].camera):
            return self._asked_for(HUMAN)
        if by_hand is not None and (beat.camera is not None or self._scenes[by_hand].camera is None):
            return self._find(by_hand)
        if line is None and self._stage.figure is not None:
            return None
        return self._home if line is None or line.scene is None else self._asked_for(line.scene)

    def _asked_for(self, scene: str) -> Stage | None:
        """The stage of a scene that a line names; None, and a warning once, where there is no such scene."""
        try:
            return self._find(self._chosen(scene))
        except ValueError as error:
            if scene not in self._strange:
                self._strange.add(scene)
                log.warning("%s; the scene on air stays", error)
            return None

    def _change(self, n: int, stage: Stage) -> None:
        self._fade = Fade(self._last.copy(), n, self._stage.scene) if self._last is not None else None
        self._stage, self.shown = stage, (stage.scene.name, n)
        self.plan.changed(*self.shown)
        stage.enter()

    def _finished(self, n: int, picture: Picture) -> Picture:
        """A picture of its own for the encoder, mixed with the old scene while the scenes change."""
        out = self._ring.pop(0)
        self._ring.append(out)
        share = (n - self._fade.since + 1) / CROSSFADE if self._fade else 1.0
        if self._fade is None or share >= 1:
            self._fade = None
            self.seen = ((self._stage.scene, 1.0),)
            np.copyto(out, picture)
        else:
            self.seen = ((self._fade.scene, 1 - share), (self._stage.scene, share))
            cv2.addWeighted(self._fade.picture, 1 - share, picture, share, 0, dst=out)
        self._last = out
        return out
