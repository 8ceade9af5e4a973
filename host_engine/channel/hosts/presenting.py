"""From the channel file to a host who was filmed: her footage, her consent, and who stands in for her."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from host_engine.alarms import Alarms
from host_engine.avatars.consent import Use
from host_engine.avatars.folder import Footage
from host_engine.avatars.frames import Frames
from host_engine.avatars.route import Route, poses
from host_engine.channel.hosts.crew import Crewing
from host_engine.channel_file.casting import NOBODY
from host_engine.channel_file.config import Channel, Recording
from host_engine.host.avatar import Avatar
from host_engine.host.deadline import DaemonThreads
from host_engine.host.footage import LOOK, Presenter
from host_engine.host.footage_avatar import FootageAvatar, Tracked
from host_engine.host.footage_consent import ConsentWatch
from host_engine.host.footage_mouth import warp
from host_engine.host.footage_pace import Pace
from host_engine.host.mouths.chain import Mouths
from host_engine.host.slated import Slated
from host_engine.host.stand_in import StandIn
from host_engine.playout.program import quiet
from host_engine.show.catalog import Catalog
from host_engine.trace import Trace

PATIENCE = 600.0  # seconds in which a frame may be decoded, where nothing hurries
SLATE, DRAWN = "the slate", "the drawn host"


class Presenting:
    """All of a channel that there is only because its host was filmed. Where she may not be shown, she is not."""

    def __init__(
        self,
        channel: Channel,
        catalog: Catalog,
        mouths: Mouths,
        now: Callable[[], datetime],
        alarms: Alarms | None = None,
        trace: Trace | None = None,
    ) -> None:
        """Opens the footage, but not the network, which takes longer: see `Crewing`. Raises Problems."""
        assert channel.avatar.footage is not None
        self._channel, self._catalog, self._now = channel, catalog, now
        self.footage = Footage.open(channel.path(channel.avatar.footage))
        about, fps = self.footage.about, channel.format.fps
        self.beats = channel.avatar.ahead if channel.avatar.net != "none" else 0  # from pulling to drawing
        self.frames = Frames(self.footage, ahead=LOOK, patience=PATIENCE)
        pace = Pace(fps)
        pace.name = channel.avatar.net
        route = Route(about.talk, about.idle, poses(self.footage.boxes, self.footage.points, self.footage.small))
        self.presenter = Presenter(channel.name, self.frames, route, pace, rate=about.fps / fps)
        self.frames.patience = 0.0  # from here on it is the tick that asks
        alarm = alarms.check if alarms else quiet
        self.crew = Crewing(channel, self.footage, self.presenter, mouths, alarm, trace)
        self.instead = SLATE if channel.avatar.host == NOBODY else DRAWN
        self._threads = DaemonThreads(1, "consent", background=False)
        self.recorded: Callable[[], bool] = lambda: any(isinstance(each, Recording) for each in channel.outputs)
        self.consent = ConsentWatch(self.asked, self._changed, self._threads, self.instead, alarm)
        self.consent.take(self.asked())

    @property
    def jobs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What is to be kept running while the channel is on air."""
        return {"consent": self.consent.run, **({"lips": self.crew.run} if self.crew.wanted else {})}

    def put_on_air(
        self, late: Callable[[], float], told: Callable[[str], None], fact: Callable[[str, str], object]
    ) -> None:
        """`late`: seconds by which the present frame began late. `told` of what becomes of the lips; `fact` keeps facts
        of a kind."""
        self.crew.imported()
        ahead = self.beats / self._channel.format.fps
        self.presenter.due = lambda: ahead - late()
        self.presenter.pace.told = self.crew.told = told
        self.consent.told = partial(fact, "consent")

    def follow(self, catalog: Catalog) -> None:
        """The host speaks for another shop from now on; within two seconds it is known whether she may."""
        self._catalog = catalog

    def asked(self, use: Use | None = None) -> str | None:
        """Why she may not be shown on this channel now, or None; for one use, or for all that the channel makes."""
        day, catalog = self._now().astimezone(), self._catalog
        uses: list[Use] = [use] if use else ["live", "recordings"] if self.recorded() else ["live"]
        on = {"channel": self._channel.name, "brand": catalog.shop, "language": catalog.language}
        return next((said for each in uses if (said := self.footage.refused(day, **on, use=each))), None)

    def avatar(self, width: int, height: int, drawn: Avatar | None) -> Avatar:
        """The host in a window of that size, and `drawn` in her place while she may not be shown."""
        tracked = Tracked(self.footage.boxes, self.footage.points)
        filmed = FootageAvatar(self.presenter, tracked, (width, height), warp)
        return StandIn(filmed, drawn, lambda: self.presenter.refused)

    def picture(self, picture: Any) -> Any:
        """The picture, and the slate where that is all that can be shown while she may not be."""
        return Slated(picture, lambda: self.presenter.refused) if self.instead == SLATE else picture

    def for_a_file(self) -> None:
        """Let every picture wait for its frame and its lips, and wait for the network itself. Blocks.

        Raises ValueError where she may not be shown in files, or the network cannot be used.
        """
        from host_engine.neural.net import NetError

        if refused := self.asked("recordings"):
            raise ValueError(f"no file is made: {refused}")
        self.presenter.hurried = False
        self.frames.patience = PATIENCE
        try:
            self.crew.hire()
        except NetError as error:
            raise ValueError(str(error)) from error

    def status(self) -> dict[str, Any]:
        """For /status: who is shown, who moves her lips, how many pictures had them in time, until when she agrees."""
        seen, refused = self.presenter.seen, self.presenter.refused
        moved = seen["fresh"] + seen["warped"]
        return {
            "footage": self.footage.about.name,
            "shown": self.instead if refused else "the footage",
            "rung": self.instead if refused else "network" if self.crew.at_work else "warped",
            **self.crew.status(),
            "frames": {name: seen[name] for name in ("fresh", "warped", "shut", "silent", "held")},
            "fresh_ratio": round(seen["fresh"] / moved, 4) if moved else None,
            "footage_trouble": self.frames.trouble,
            "consent": {"until": self.footage.consent.expires, "refused": refused},
        }

    def close(self) -> None:
        """Let everything go."""
        self.crew.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.frames.close()

    def _changed(self, refused: str | None) -> None:
        self.presenter.refused = refused
