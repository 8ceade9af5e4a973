"""The backlot: the stages of all scenes that fit the picture, each built once, and the host who plays on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from host_engine.host.kept import Kept
from host_engine.host.stage import Brand, Stage
from host_engine.host.understudy import Role
from host_engine.host.workshop import Workshop
from host_engine.show.label_demand import LabelDemand
from host_engine.show.scene import Scene

if TYPE_CHECKING:
    from host_engine.host.avatar import Avatar


class Backlot:
    """The stages of the scenes that fit the picture, each built once; scenes of one size share one host."""

    def __init__(
        self,
        scenes: Mapping[str, Scene],
        brand: Brand,
        make_avatar: Callable[[int, int], Avatar],
        threads: Executor,
        kept: Kept | None = None,
    ) -> None:
        """`scenes` are at the size of the picture."""
        self._scenes, self._brand, self._make_avatar, self._threads = scenes, brand, make_avatar, threads
        self._kept = kept
        self._workshop = Workshop(threads, len(scenes))
        self._roles: dict[tuple[int, int], Role] = {}
        self._built: list[Stage] = []
        self._halved = False
        self._lock = Lock()

    @property
    def brand(self) -> Brand:
        """What every scene says of the shop and the host now."""
        return self._brand

    def build(self, name: str) -> Stage:
        """A new stage. Takes as long as drawing its background and its host."""
        stage = Stage(self._scenes[name], self._brand, self._avatar, self._kept)
        self._built.append(stage)
        while stage.brand != (brand := self._brand):  # it became another one while this was drawn
            stage.rebranded(brand)()
        return stage

    def rebranded(self, shop: str, logo: Path | None, language: str) -> Callable[[], None]:
        """Draw what every scene says of the shop anew, off the render thread; what is given back shows it."""
        return self._redressed(shop=shop, logo=logo, language=language)

    def relabelled(self, demand: LabelDemand) -> Callable[[], None]:
        """Draw the AI label of every scene as it is demanded, likewise."""
        return self._redressed(demand=demand)

    def _redressed(self, **changes: Any) -> Callable[[], None]:
        brand = self._brand._replace(**changes)
        shows = [stage.rebranded(brand) for stage in list(self._built)] if brand != self._brand else []

        def commit() -> None:
            self._brand = self._brand._replace(**changes)
            for show in shows:
                show()
            for stage in list(self._built):
                if stage.brand != self._brand:  # something else was changed meanwhile, or it was built meanwhile
                    self._threads.submit(stage.rebranded, self._brand).add_done_callback(_play)

        return commit

    def find(self, name: str) -> Stage | None:
        """The stage of a scene; None while it is being built, or when it could not be."""
        return self._workshop.get(name, partial(self.build, name))

    def halve(self, halved: bool) -> None:
        """Draw every host at half her size, or at her full size again."""
        self._halved = halved  # without the lock: that one is held while a host is drawn
        for role in list(self._roles.values()):
            role.halve(halved)

    def recast(self, make_avatar: Callable[[int, int], Avatar]) -> Callable[[], None]:
        """Have another host drawn for all scenes; what is given back puts her on air. Takes seconds."""
        roles = list(self._roles.values())
        plays = [role.rehearse(make_avatar) for role in roles]

        def put_on_air() -> None:
            self._make_avatar = make_avatar
            for play in plays:
                play()
            for role in [each for each in self._roles.values() if each not in roles]:  # of a scene built meanwhile
                self._threads.submit(role.rehearse, make_avatar).add_done_callback(_play)

        return put_on_air

    def _avatar(self, width: int, height: int) -> Avatar:
        with self._lock:
            if (width, height) not in self._roles:
                self._roles[width, height] = Role(self._make_avatar(width, height), self._threads)
            role = self._roles[width, height]
            role.halve(self._halved)
            return role


def _play(rehearsed: Future[Callable[[], None]]) -> None:
    if not rehearsed.cancelled() and rehearsed.exception() is None:
        rehearsed.result()()
