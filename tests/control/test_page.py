"""The viewer's page in a real browser, fed by the real encoder over real WebRTC."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from shopper import DESK, PHONE, WITH_SOUND, chromium, visit

from host_engine.control.api import make_app
from host_engine.control.now import Now, Product
from host_engine.control.server import listen, serve_on
from host_engine.media import Format, Frame
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.whep import Whep

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Channel:
    """A channel with a moving bar and a tone, on a free port."""

    def __init__(self, format: Format) -> None:
        self.format = format
        self.sending = True
        self.encoder = Encoder(format, preset="ultrafast")
        self.fanout = Fanout(self.encoder.force_key)
        self.whep = Whep(self.fanout, format, self.encoder.force_key)
        self.now = Now("Casa Lume", width=format.width, height=format.height)
        self.socket = listen("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"

    async def run(self) -> None:
        app = make_app(dict, lambda: True, lambda: [b""], self.whep, lambda: self.now)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(serve_on(self.socket, app))
            tasks.create_task(self.show())

    async def show(self) -> None:
        n, loop = 0, asyncio.get_running_loop()
        start = loop.time()
        while True:
            for unit in self.encoder.encode(frame(self.format, n)):
                if self.sending:
                    self.fanout.send(unit)
            n += 1
            await asyncio.sleep(max(0.0, start + n / self.format.fps - loop.time()))


def frame(format: Format, n: int) -> Frame:
    picture = np.full((format.height * 3 // 2, format.width), 128, np.uint8)
    picture[: format.height] = np.linspace(40, 200, format.width).astype(np.uint8)
    picture[n * 6 % (format.height - 40) :][:40] = 235
    at = n * format.samples + np.arange(format.samples)
    tone = (0.3 * np.sin(2 * np.pi * 440 * at / 48_000)).astype(np.float32)
    return Frame(n, picture, np.stack([tone, tone]))


@pytest.fixture
def format() -> Format:
    return Format(180, 320)


@pytest_asyncio.fixture(loop_scope="module")
async def channel(format: Format) -> AsyncIterator[Channel]:
    channel = Channel(format)
    running = asyncio.create_task(channel.run())
    yield channel
    await channel.whep.close()
    running.cancel()
    await asyncio.wait([running])
    channel.socket.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium(WITH_SOUND) as browser:
        yield browser


async def figures(page: Page) -> dict[str, float]:
    return await page.evaluate("hostEngine.stats()")


async def grown(page: Page, figure: str, by: float) -> None:
    """Wait until a figure of the connection has grown."""
    async with asyncio.timeout(30):
        first = None
        while first is None or (await figures(page)).get(figure, 0) < first + by:
            if first is None:
                first = (await figures(page)).get(figure)
            await asyncio.sleep(0.1)


async def state(page: Page, name: str) -> None:
    await page.locator(f"body[data-state={name}]").wait_for(state="attached")


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_pictures_and_sound_play(browser: Browser, channel: Channel, size: tuple[int, int]) -> None:
    page = await visit(browser, channel.address, size)
    await state(page, "playing")
    await grown(page, "framesDecoded", 20)
    await grown(page, "totalSamplesReceived", 24_000)
    await grown(page, "totalAudioEnergy", 0.01)
    stats = await figures(page)
    assert (stats["videoWidth"], stats["videoHeight"], stats["muted"]) == (180, 320, False)
    assert stats["firstFrame"] > 0
    assert not await page.locator("#tap").is_visible()
    assert not await page.locator("#notice").is_visible()
    assert await page.locator("#shop").inner_text() == "Casa Lume"
    box = await page.locator("#video").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(180 / 320, rel=0.02)
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1]
    assert box["height"] > 0.8 * size[1]
    await page.close()


async def test_the_page_for_obs_shows_the_picture_alone_and_nothing_while_there_is_none(
    browser: Browser, channel: Channel
) -> None:
    page = await visit(browser, channel.address + "obs", DESK)
    await state(page, "playing")
    await grown(page, "totalAudioEnergy", 0.01)
    assert (await figures(page))["muted"] is False
    assert await page.locator("body *:visible").count() == 1
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    channel.sending = False
    await state(page, "away")
    assert await page.evaluate("getComputedStyle(video).opacity") == "0"
    channel.sending = True
    await state(page, "playing")
    assert await page.evaluate("getComputedStyle(video).opacity") == "1"
    await page.close()


async def test_where_sound_needs_a_gesture_it_plays_muted_until_the_tap(channel: Channel) -> None:
    async with chromium() as browser:
        page = await visit(browser, channel.address)
        while not channel.whep.viewers:  # Playwright's own look at a page counts as a gesture: ask the server instead
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        await page.locator("#tap").wait_for(state="visible")
        assert (await figures(page))["muted"] is True
        await page.get_by_role("button", name="Tap for sound").click()
        await page.locator("#tap").wait_for(state="hidden")
        assert (await figures(page))["muted"] is False
        await grown(page, "totalAudioEnergy", 0.01)


async def test_the_product_on_air_is_shown_and_linked(browser: Browser, channel: Channel) -> None:
    product = Product("Tasse <b>Kumo</b>", "64,00 €", "49,00 €", "-23 %", link="https://shop.example/kumo")
    channel.now = Now("Casa Lume", "de", product=product)
    page = await visit(browser, channel.address)
    link = page.get_by_role("link", name="Zum Produkt: Tasse <b>Kumo</b>")
    await link.wait_for()
    assert await link.get_attribute("href") == "https://shop.example/kumo"
    assert (await link.get_attribute("target"), "noopener" in await link.get_attribute("rel")) == ("_blank", True)
    assert await page.locator("#price").inner_text() == "49,00 €"
    assert await page.locator("#old").inner_text() == "64,00 €"
    assert await page.locator("html").get_attribute("lang") == "de"
    channel.now = Now("Casa Lume", "de")
    await page.locator("#soon").wait_for()
    await page.close()


async def test_the_disclosure_says_plainly_what_the_host_is(browser: Browser, channel: Channel) -> None:
    page = await visit(browser, channel.address)
    await page.get_by_role("button", name="AI host").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="This host is made by a computer")
    await dialog.wait_for()
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="hidden")
    await page.close()


async def test_the_page_comes_back_after_the_pictures_stop(browser: Browser, channel: Channel) -> None:
    page = await visit(browser, channel.address)
    await state(page, "playing")
    channel.sending = False
    await state(page, "reconnecting")
    assert await page.get_by_text("We lost the picture").is_visible()
    channel.sending = True
    await state(page, "playing")
    await grown(page, "framesDecoded", 10)
    assert (await figures(page))["connections"] > 1
    await page.close()


async def test_a_full_room_is_said_and_waited_for(browser: Browser, channel: Channel) -> None:
    channel.whep.most = 0
    page = await visit(browser, channel.address)
    await page.get_by_text("The room is full").wait_for()
    channel.whep.most = 1
    await page.get_by_role("button", name="Try again").click()
    await state(page, "playing")
    await page.close()


async def test_closing_the_page_leaves_the_channel(browser: Browser, channel: Channel) -> None:
    page = await visit(browser, channel.address)
    await state(page, "playing")
    assert channel.whep.viewers == 1
    await page.goto("about:blank")
    async with asyncio.timeout(20):
        while channel.whep.peers or channel.fanout.readers:
            await asyncio.sleep(0.05)


async def test_the_page_needs_nothing_from_elsewhere_and_breaks_no_rule(browser: Browser, channel: Channel) -> None:
    page = await browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.goto(channel.address)
    await state(page, "playing")
    assert {url for url in asked if not url.startswith(channel.address)} == set()
    assert said == []
    await page.close()


@pytest.mark.parametrize("format", [Format(320, 180)])
@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_a_wide_channel_fits_too(browser: Browser, channel: Channel, size: tuple[int, int]) -> None:
    page = await visit(browser, channel.address, size)
    await state(page, "playing")
    box = await page.locator("#video").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.02)
    assert box["width"] > 0.6 * size[0]
    assert box["x"] + box["width"] <= size[0]
    await page.close()


async def test_the_pages_are_part_of_the_package() -> None:
    pages = Path(__file__).parents[2] / "host_engine/control/pages"
    named = set(re.findall(r"/static/([\w.]+)", (pages / "index.html").read_text()))
    assert {"page.css", "page.js", "player.js", "words.js", "talk.js", "tray.js", "aloud.js"} <= named
    assert named <= {each.name for each in pages.iterdir()}
