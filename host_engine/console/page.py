"""The page of the console: its panels in their places. Importing this imports NiceGUI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from nicegui import Client, app, core, ui
from starlette.types import ASGIApp

from host_engine.access.who import Who
from host_engine.console.alarms import AlarmsPanel
from host_engine.console.cast import CastPanel
from host_engine.console.catalogs import CatalogsPanel
from host_engine.console.desk import Desk, Tabs
from host_engine.console.event_log import LogPanel
from host_engine.console.feed import Feed
from host_engine.console.frames import FramesPanel
from host_engine.console.library_log import tell_in_a_line
from host_engine.console.on_air import OnAir
from host_engine.console.orders import Orders
from host_engine.console.outputs import OutputsPanel
from host_engine.console.panel import Visitor
from host_engine.console.products import ProductsPanel, Stock
from host_engine.console.questions import QuestionsPanel
from host_engine.console.rundown import RundownPanel
from host_engine.console.takeover import Prompter
from host_engine.console.top import FeedElement, Top
from host_engine.control.api import PAGES

HISTORY = 30  # messages to a page that are kept, should its connection break for a moment
COLOURS = {"primary": "#f0c285", "negative": "#c9393f", "info": "#2b303a", "dark": "#171a20"}
HEAD = '<link rel="stylesheet" href="/console/assets/console.css"><script>window.hostConsole = {};</script>'


class Consoles:
    """All open consoles of a channel. It lives on the loop of the console."""

    def __init__(
        self,
        api: ASGIApp,
        air: asyncio.AbstractEventLoop,
        stock: Stock,
        title: str,
        platforms: Sequence[Mapping[str, str]] = (),
    ) -> None:
        """`api`: the app that orders go to, on the loop `air`. `platforms`: that a stream may go to, each {name, title,
        form, url}."""
        self.feed = Feed(_send)
        self._api, self._air, self._stock, self._title = api, air, stock, title
        self._platforms = [dict(each) for each in platforms]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[ASGIApp]:
        """Make NiceGUI ready, without its server: ours calls it. It is one for the whole process."""
        tell_in_a_line()
        shell = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.config.quasar_config["brand"] = COLOURS
        app.config.socket_io_js_transports = ["websocket"]  # what is posted with a cookie alone is refused anyway
        app.config.quasar_config["loadingBar"] = {"skipHijack": True}
        ui.run_with(
            shell,
            title=self._title,
            dark=None,  # as the operator's system is
            language="en-US",
            favicon=PAGES / "icon.svg",
            mount_path="/console",
            binding_refresh_interval=None,
            message_history_length=HISTORY,
            gzip_middleware_factory=None,
            tailwind=False,
            show_welcome_message=False,
            reconnect_timeout=10.0,
        )
        ui.page("/")(self.build)
        async with app.router.lifespan_context(app):
            yield app

    def build(self, request: Request, client: Client) -> None:
        """One page for one visitor."""
        who: Who = request.scope["console.who"]
        visitor = Visitor(who, Orders(self._api, self._air, request))
        ui.add_head_html(HEAD)
        feed = FeedElement()
        feed.on("come", lambda: self.feed.come(client.id))
        feed.on("away", lambda: self.feed.leave(client.id))
        client.on_disconnect(lambda: self.feed.leave(client.id))
        client.on_delete(lambda: self.feed.leave(client.id))
        with ui.element("main").classes("console"):
            Top(visitor, name=who.name)
            AlarmsPanel(visitor)
            OnAir(visitor)
            rundown = RundownPanel(visitor)
            with ui.element("div").classes("side"):
                tabs = Tabs(visitor)
                tabs.control(
                    rundown=rundown,
                    questions=QuestionsPanel(visitor),
                    products=ProductsPanel(visitor, self._stock),
                    catalogs=CatalogsPanel(visitor),
                    outputs=OutputsPanel(visitor, platforms=self._platforms),
                    cast=CastPanel(visitor),
                    prompter=Prompter(visitor),
                    log=LogPanel(visitor),
                )
                FramesPanel(visitor)
            Desk(visitor)


async def _send(client: str, text: str) -> None:
    """Past NiceGUI's outbox: the newest picture of the channel is never asked for again."""
    await core.sio.emit("board", text, room=client)
