"""Hours of show as the label watchdog sees them: a picture every two seconds, drawn, encoded as a key frame, decoded.

The script, the scenes, the compositor, the host, the cards and the codec are the real ones. Between two looks only the
frames are drawn with which a line begins, so that changes of scenes are caught at any point. A key frame of a stream
takes about 5.3 times its share of the bits (measured on the demo at 300 to 2500 kbit/s): so much each picture has here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from benchmarks.lines import ROOT
from host_engine.channel.studio.build import draw_avatar
from host_engine.channel_file.config import Channel
from host_engine.host.compositor import Compositor
from host_engine.host.kept import Kept
from host_engine.host.perform import Performer
from host_engine.labelling.key_pictures import KeyPictures
from host_engine.labelling.view import View
from host_engine.media import Beat, Coding, Face, Format, MouthShape, Picture
from host_engine.outputs.picture_encoder import PictureEncoder
from host_engine.rehearsal.durations import seconds
from host_engine.show.rundown import Line
from host_engine.show.scene import load_scenes, names
from host_engine.show.script import Script, load_show

BEGIN = datetime(2026, 3, 28, 12, tzinfo=UTC)
STRIDE = 50  # frames from one look to the next
KEY = 5.3  # times its share of the bits
CUT = 7.0  # seconds after which a line ends at the latest
PERIOD = 3600  # seconds of one setting
TAKEN, SLATED = (900, 1080), (2400, 2430)  # of a period: a human is on air, the slate is
BESIDE = 990  # from here on the host stands beside the human, where a scene has it
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
MOVES = np.float32(0.7)


class Setting(NamedTuple):
    """What one hour is shown with."""

    catalog: str
    host: str
    format: Format
    scene: str
    kbps: int


SETTINGS = (
    Setting("tea", "mira", Format(720, 1280), "studio-vertical", 2500),
    Setting("kueche", "leo", Format(1280, 720), "studio-wide", 1000),
    Setting("skincare", "mira", Format(720, 1280), "studio-vertical", 500),
    Setting("tea", "mira", Format(540, 960), "studio-vertical", 400),
    Setting("kueche", "leo", Format(1280, 720), "studio-wide", 400),
    Setting("skincare", "mira", Format(1080, 1920), "studio-vertical", 2500),
)


@dataclass
class Now:
    """The instant of the show."""

    at: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.at


class AtOnce(Executor):
    """Draws what is ordered ahead at once: time is virtual, and no scene may still be in the making."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Shot(NamedTuple):
    """A picture, and what it was drawn as."""

    n: int
    drawn: Picture
    muted: bool


class Show:
    """One setting. `shots` draws; `left` gives a picture as it left."""

    def __init__(self, setting: Setting, language: str, cache: Path) -> None:
        scenes, self.now = load_scenes(ROOT / "scenes"), Now()
        show = load_show(ROOT / "product_catalogs" / setting.catalog, names(scenes))
        channel = Channel.model_validate(
            {"name": "bench", "catalog": setting.catalog, "avatar": {"host": setting.host}}, context={"folder": "."}
        )
        kept, format = Kept(cache), setting.format
        self.picture = Compositor(
            format,
            scenes,
            setting.scene,
            lambda width, height: draw_avatar(channel, width, height, kept),
            Performer(format.fps),
            ticker=show.ticker,
            language=language,
            shop=show.catalog.shop,
            logo=show.catalog.file(show.catalog.logo),
            now=self.now,
            kept=kept,
            threads=AtOnce(),
        )
        self._beside = next((name for name in self.picture.plan.labels() if name.startswith("human-and-host")), None)
        self._script = Script(show, self.now)
        self._encoder = PictureEncoder(format, Coding("libx264", "superfast"), round(setting.kbps * KEY * 1000))
        self._decoder = KeyPictures()
        self._silence = np.zeros(format.samples, np.float32)
        self._noise = np.random.default_rng(7)

    def shots(self, looks: int, first: int) -> Iterator[Shot]:
        """So many pictures, two seconds from each other; `first`: the number of the first frame."""
        line, begins, ends = self._next(first)
        for n in range(first, first + looks * STRIDE, STRIDE):
            second = (n - first) // 25 % PERIOD
            self.now.at = BEGIN + timedelta(seconds=n / 25)
            muted = SLATED[0] <= second < SLATED[1]
            if muted:
                yield Shot(n, self.picture.draw_slate(n, at_once=True), True)
                continue
            taken = TAKEN[0] <= second < TAKEN[1]
            self.picture.by_hand = self._beside if taken and second >= BESIDE else None
            while ends <= n:
                line, begins, ends = self._next(ends)
                if begins > n - STRIDE:
                    self.picture.expect(line)
                    self.picture.draw(begins, self._beat(line, begins, begins, ends, taken))
            yield Shot(n, self.picture.draw(n, self._beat(line, n, begins, ends, taken)), False)

    def left(self, shot: Shot, picture: Picture | None = None) -> View:
        """The picture, or another one in its place, as it left."""
        packets = self._encoder.encode(shot.n, shot.drawn if picture is None else picture, key=True)
        view = self._decoder.decode(packets[0])
        if view is None:
            raise RuntimeError(f"frame {shot.n} cannot be decoded")
        return view

    def close(self) -> None:
        self.picture.close()

    def _next(self, n: int) -> tuple[Line, int, int]:
        line = self._script.next()
        if line is None:
            raise RuntimeError("the script has ended")
        self._script.on_air(line)
        return line, n, n + round(25 * min(CUT, seconds(line)) + 8)

    def _beat(self, line: Line, n: int, begins: int, ends: int, taken: bool) -> Beat:
        word = min(len(line.tokens) - 1, (n - begins) * len(line.tokens) // max(1, ends - begins))
        open_ = float(abs(np.sin(n * MOVES)))
        face = Face(MouthShape(open=open_), energy=open_, speaking=True)
        return Beat(self._silence, face, line, word, camera=self._camera(n) if taken else None)

    def _camera(self, n: int) -> Picture:
        """Something that moves, and is as bright and as busy as a room by day."""
        wide, high = self.picture.camera_size
        coarse = self._noise.integers(20, 250, (high // 60 + 2, wide // 60 + 2, 3), np.uint8)
        return np.asarray(cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC), np.uint8)
