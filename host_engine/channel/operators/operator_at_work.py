"""The operators of a channel at work: what they may order, what they are told, and who they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI

from host_engine.channel.catalogs.catalog_swapping import CatalogsAtWork
from host_engine.channel.commerce.commerce_at_work import make_commerce
from host_engine.channel.obs.obs_at_work import make_obs
from host_engine.channel.on_air.running import Running
from host_engine.channel.operators.admission import make_admission
from host_engine.channel.operators.console_at_work import ConsoleAtWork, make_console
from host_engine.channel.operators.directing import Directing
from host_engine.channel.operators.front_desk import FrontDesk
from host_engine.channel.operators.taking_over import make_takeover
from host_engine.channel.studio.record import journal_address
from host_engine.control.now import Now
from host_engine.control.operators.access import access_routes
from host_engine.control.operators.documented import guarded_router
from host_engine.control.operators.obs import obs_routes
from host_engine.control.operators.policies import policies_routes
from host_engine.control.operators.questions import questions_routes
from host_engine.control.operators.standing import Standing
from host_engine.control.operators.takeover import takeover_routes
from host_engine.direction.happenings import Happenings
from host_engine.show.utterance import Utterance

if TYPE_CHECKING:
    pass

Job = Callable[[], Awaitable[None]]


class OperatorAtWork:
    """Put together from what runs. Whatever an operator does is told to `happenings` and kept in the as-run log."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self.happenings = Happenings(lambda: running.clock.n)
        journal, where = running.journal, journal_address(running.channel)
        self.admission = make_admission(running.channel, journal.fact, where, running.alarms, running.now)
        self.guard = self.admission.guard
        running.policies.tell, running.policies.audit = self.happenings.tell, self.guard.audit
        self.directing = Directing(running, self.happenings, self.guard.audit)
        self.swapping = CatalogsAtWork(running, running.in_force, self.happenings, self.guard.audit)
        self.catalogs = self.swapping.catalogs
        directed = self.directing.director, self.guard, self.admission.refusals
        self.commerce = make_commerce(running, self.happenings, self.catalogs, *directed)
        self.takeover = make_takeover(running, self.happenings, self.guard.audit)
        self.obs = make_obs(running, self.happenings.tell, self.guard.audit)
        self.console = self._console() if running.channel.operator.console else None

    @property
    def jobs(self) -> dict[str, Job]:
        """What is to be kept running while the channel is on air."""
        console = {"console": self.console.run} if self.console else {}
        return {
            "access": self.admission.run,
            "take-over": self.takeover.run,
            **self.directing.jobs,
            **self.swapping.jobs,
            **self.commerce.jobs,
            **(self.obs.jobs if self.obs else {}),
            **console,
        }

    def join(
        self, app: FastAPI, front: FrontDesk, now: Callable[[], Now], status: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Have the app of the channel answer operators too. `front`: the doors. `now`: what viewers see. `status`: what
        /status says."""
        front.doors.told = self.admission.no_request
        app.include_router(self.routes())
        if self.console:
            self.console.join(app, now, front.shelf.pictures, status)
        app.add_middleware(Standing, admits=self.guard.admits)

    def routes(self) -> APIRouter:
        """What operators do over HTTP. What is included in `inside` shows tokens as the way in, in /openapi.json."""
        router, inside = APIRouter(), guarded_router()
        desk = self._running.audience.desk if self._running.audience else None
        inside.include_router(questions_routes(desk, self.guard, self.happenings.tell))
        inside.include_router(self.directing.routes(self.guard))
        inside.include_router(obs_routes(self.obs, self.guard))
        inside.include_router(policies_routes(self._running.policies, self.guard))
        inside.include_router(self.swapping.routes(self.guard))
        inside.include_router(takeover_routes(self.takeover, self.guard))
        router.include_router(access_routes(self.admission.rows, self.guard))
        router.include_router(self.commerce.routes())
        router.include_router(inside)
        return router

    def _console(self) -> ConsoleAtWork:
        director, catalogs = self.directing.director, self.catalogs
        return make_console(self._running, self.happenings, director, self.guard, self.takeover, catalogs)

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air."""
        self.directing.said(utterance)

    def changed(self) -> None:
        """Something else is on air now."""
        self.directing.changed()
        self.swapping.changed()

    def status(self) -> dict[str, Any]:
        """For /status, which anybody may read: no names, no tokens."""
        return {
            "listeners": self.happenings.listeners,
            "catalog": self.swapping.status(),
            "commerce": self.commerce.status(),
            "takeover": self.takeover.status(),
        } | ({"console": self.console.status()} if self.console else {})
