"""Asking on the real page, in a real browser: in writing, about a product, aloud; and what happens when that fails."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from scripted_desk import ScriptedDesk
from shopper import DESK, PHONE, ask, begin_to_speak, chromium, holds, microphone, stop_speaking, visit, write_wav
from spoken import speaker
from until import until

from host_engine.audience.transcript import Transcript
from host_engine.control.api import make_app
from host_engine.control.chat import Chat
from host_engine.control.now import Now, Product
from host_engine.control.products import Shelf
from host_engine.control.reception import Reception, from_page
from host_engine.control.server import listen, serve_on
from host_engine.media import Format
from host_engine.microphones.microphones import Microphones
from host_engine.microphones.talk import Samples, Talk
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.whep import Whep
from host_engine.show.catalog import Catalog

pytestmark = pytest.mark.asyncio(loop_scope="module")

expect.set_options(timeout=20_000)  # a loaded machine takes its time
NAMES = ("Kumo cup", "Hana teapot", "Mizu kettle")


def catalog() -> Catalog:
    products = [
        {
            "id": f"p{n}",
            "title": title,
            "description": title,
            "price": f"{15 + n}.00 EUR",
            "link": f"https://shop.example/{n}",
        }
        for n, title in enumerate(NAMES)
    ]
    return Catalog.model_validate({"name": "cups", "shop": "Casa Lume", "language": "en", "products": products})


class Listener:
    """Keeps what is said; at its end the page is told that it was understood."""

    def __init__(self, shop: "Shop", talk: Talk) -> None:
        self.shop, self.talk = shop, talk
        self.pieces: list[Samples] = []
        self.over = False

    def __call__(self, samples: Samples) -> None:
        self.pieces.append(samples)

    def end(self) -> None:
        self.over = True
        self.shop.told.add(asyncio.create_task(self.tell()))

    async def tell(self) -> None:
        heard, receipt = await self.shop.desk.hear(self.sound, self.talk.viewer, self.talk.name, "page")
        self.shop.chat.heard(self.talk.viewer, heard.text, receipt, heard.refused)

    @property
    def sound(self) -> np.ndarray:
        return np.concatenate([*self.pieces, np.zeros(1, np.float32)])


class Shop:
    """The page of a channel that shows nothing, but listens."""

    def __init__(self, page: bool = True) -> None:
        self.desk, self.talks, self.told = ScriptedDesk(), [], set()
        shelf = Shelf(lambda: self.catalog)
        self.catalog = catalog()
        self.now = Now("Casa Lume", product=Product("Hana teapot", "16.00 €", id="p1"), viewers=12)
        self.chat = Chat(from_page(self.desk), shelf.title, lambda: 12)
        self.microphones = Microphones(self.listen)
        whep = Whep(Fanout(), Format(180, 320), lambda: None)
        reception = Reception(self.desk, chat=self.chat, microphones=self.microphones) if page else None
        self.app = make_app(dict, lambda: True, lambda: [b""], whep, lambda: self.now, reception=reception, shelf=shelf)
        self.whep = whep
        self.socket = listen("127.0.0.1", 0)
        self.port = self.socket.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        self.serving = asyncio.create_task(serve_on(self.socket, self.app))

    def listen(self, talk: Talk) -> Listener:
        self.talks.append(Listener(self, talk))
        return self.talks[-1]

    async def close(self) -> None:
        self.serving.cancel()
        await asyncio.wait([self.serving])
        await self.microphones.close()
        await self.whep.close()
        self.socket.close()


@asynccontextmanager
async def opened(**options: Any) -> AsyncIterator[Shop]:
    shop = Shop(**options)
    try:
        yield shop
    finally:
        await shop.close()


@pytest_asyncio.fixture(loop_scope="module")
async def shop() -> AsyncIterator[Shop]:
    async with opened() as shop:
        yield shop


@pytest.fixture(scope="module")
def question(tmp_path_factory) -> Path:
    """Somebody asks what it costs."""
    return write_wav(tmp_path_factory.mktemp("spoken") / "question.wav", speaker()("How much does the teapot cost?"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(question: Path) -> AsyncIterator[Browser]:
    async with chromium(*microphone(question)) as browser:
        yield browser


def said(page: Page, text: str) -> Any:
    return page.locator("#log li", has_text=text)


async def test_a_question_is_written_marked_and_answered(browser: Browser, shop: Shop) -> None:
    complaints: list[str] = []
    page = await browser.new_page(viewport={"width": PHONE[0], "height": PHONE[1]})
    page.on("console", lambda each: complaints.append(each.text) if each.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if shop.address not in request.url else None)
    await page.goto(shop.address)
    await ask(page, "Is it <img src=x onerror=alert(1)> hot?")
    await until(lambda: shop.desk.taken, 20)
    own = said(page, "hot?")
    await expect(own).to_have_class(re.compile(r"\bown\b(?!.*\bsent\b)"))
    assert await page.locator("#log img").count() == 0
    assert "<img src=x onerror=alert(1)>" in await own.inner_text()
    await expect(page.locator("#told")).to_have_text("Your question is with the host.")
    shop.desk.tell("answering", "q1")
    await expect(own).to_have_class(re.compile("answering"))
    shop.desk.tell("answered", "q1", answer="Very <b>hot</b>.", product="p1")
    answer = page.locator("#log li.host.mine")
    await expect(answer).to_contain_text("Very <b>hot</b>.")
    await expect(answer.locator("em")).to_have_text("Hana teapot")
    assert await page.locator("#text").input_value() == ""
    assert await own.count() == 1  # although everybody was told of it
    await expect(page.locator("#viewers-count")).to_have_text("12")
    assert complaints == []
    await page.close()


async def test_viewers_have_names_and_are_told_what_was_refused(browser: Browser, shop: Shop) -> None:
    page = await visit(browser, shop.address)
    await page.get_by_role("button", name="Your name").click()
    await page.get_by_role("dialog", name="Your name").get_by_role("textbox").fill("Ana")
    await page.get_by_role("button", name="Save").click()
    await ask(page, "Who am I?")
    await until(lambda: shop.desk.taken, 20)
    shop.desk.tell("asked", "x1", name="Zoë", text="Hello there")
    await expect(said(page, "Hello there").locator("b")).to_have_text("Zoë")
    shop.desk.tell("answered", "x1", name="Zoë", answer="Welcome!")
    await expect(page.locator("#log li.host")).to_contain_text("@Zoë Welcome!")
    shop.now = Now("Casa Lume", "it")
    await page.reload()
    await expect(said(page, "Who am I?")).to_have_class(re.compile("own"))
    await expect(page.locator("html")).to_have_attribute("lang", "it")
    shop.desk.refuse = ("rate", "Too often.")
    await ask(page, "ancora?")
    await expect(page.locator("#told")).to_have_text("Non così in fretta. Aspetta un momento e riprova.")
    await expect(said(page, "ancora?")).to_have_class(re.compile("refused"))
    shop.desk.refuse = ("abuse", "Restiamo gentili.")
    await ask(page, "e ora?")
    await expect(page.locator("#told")).to_have_text("Restiamo gentili.")
    shop.desk.refuse = ("answered", "Ho risposto un momento fa.")
    await ask(page, "quanto costa?")
    await expect(page.locator("#told")).to_have_text("Ho risposto un momento fa.")
    await expect(said(page, "quanto costa?")).to_have_class(re.compile(r"^(?!.*refused).*\bknown\b"))
    shop.desk.refuse = None
    await ask(page, "grazie")
    await until(lambda: len(shop.desk.taken) == 2, 20)
    (first, _, _), (again, _, _) = shop.desk.taken
    assert (first.viewer_name, again.viewer_name) == ("Ana", "Ana")
    assert first.viewer_id == again.viewer_id
    await page.close()


async def test_a_product_of_the_tray_is_asked_about(browser: Browser, shop: Shop) -> None:
    page = await visit(browser, shop.address)
    tray = page.get_by_role("dialog", name="Products")
    await expect(page.locator("#tray-count")).to_have_text("3")
    reached = []
    for _ in range(12):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.id"))
    assert {"about-open", "mute", "log", "tray-open", "who", "text", "send", "hold"} <= set(reached)
    await page.locator("#tray-open").focus()
    await page.keyboard.press("Enter")
    await tray.wait_for()
    await page.keyboard.press("Escape")
    await tray.wait_for(state="hidden")
    assert await page.evaluate("document.activeElement.id") == "tray-open"
    await page.get_by_role("button", name="Products").click()
    titles = page.locator("#tray li .item-title")
    await expect(titles).to_have_text(["Hana teapot", "Kumo cup", "Mizu kettle"])  # the one on air first
    await expect(page.locator("#tray li.onair .item-title")).to_have_text(["Hana teapot"])
    link = tray.get_by_role("link", name=re.compile("Kumo cup"))
    assert await link.get_attribute("href") == "https://shop.example/0"
    assert await link.get_attribute("target") == "_blank"
    await page.locator("#find").fill("mizu")
    await expect(titles).to_have_text(["Mizu kettle"])
    await tray.get_by_role("button", name=re.compile("Ask about Mizu kettle")).click()
    await tray.wait_for(state="hidden")
    await expect(page.locator("#aim-title")).to_have_text("Mizu kettle")
    await page.get_by_role("button", name="Is it in stock?").click()
    await until(lambda: shop.desk.taken, 20)
    heard, _, product = shop.desk.taken[0]
    assert (heard.text, product) == ("Is it in stock?", "p2")
    await expect(page.locator("#aim")).to_be_hidden()
    await page.close()


async def test_beside_the_picture_the_tray_is_open_and_follows_the_show(browser: Browser, shop: Shop) -> None:
    page = await visit(browser, shop.address, DESK)
    titles = page.locator("#tray li .item-title")
    await expect(titles).to_have_text(["Hana teapot", "Kumo cup", "Mizu kettle"])
    shop.now = Now("Casa Lume", product=Product("Mizu kettle", "17.00 €", id="p2"))
    await expect(titles).to_have_text(["Mizu kettle", "Kumo cup", "Hana teapot"])
    boxes = [await page.locator(f"#{id}").bounding_box() for id in ("video", "product", "tray", "log", "compose")]
    assert all(box and box["x"] + box["width"] <= DESK[0] and box["y"] + box["height"] <= DESK[1] for box in boxes)
    await page.close()


async def test_a_question_is_held_spoken_and_heard(browser: Browser, shop: Shop) -> None:
    shop.desk.understands = Transcript("how much does the teapot cost", "en", "scripted", 2.0, 0.1)
    page = await visit(browser, shop.address)
    await begin_to_speak(page)
    await expect(page.locator("#told")).to_have_text("Listening. Ask your question now.")
    await until(lambda: shop.talks and sum(map(len, shop.talks[0].pieces)) > 3 * 16_000, 30)
    level = "Number(document.getElementById('hold').style.getPropertyValue('--level'))"
    await holds(page, f"{level} > 0.3")
    await stop_speaking(page)
    await until(lambda: shop.talks[0].over, 20)
    await expect(page.locator("#told")).to_have_text("We heard: “how much does the teapot cost”")
    await expect(said(page, "how much does the teapot cost")).to_have_class(re.compile("own"))
    loud = np.abs(shop.talks[0].sound) > 0.02
    assert loud.mean() > 0.1  # speech, not silence
    # The second time it is open already, and a press and another one do as well as holding.
    shop.desk.understands = Transcript("", None, "scripted", 0.0, 0.1, "silence")
    button = page.locator("#hold")
    await button.click()
    await page.locator("#hold[data-state=talking]").wait_for()
    await until(lambda: len(shop.talks) == 2 and shop.talks[1].pieces, 20)
    assert shop.microphones.status()["opened"] == 1
    await button.click()
    await until(lambda: shop.talks[1].over, 20)
    await expect(page.locator("#told")).to_have_text(re.compile("We could not make out a question"))
    # And so does the keyboard.
    await button.press("Enter")
    await page.locator("#hold[data-state=talking]").wait_for()
    assert await button.get_attribute("aria-pressed") == "true"
    await button.press("Enter")
    await until(lambda: len(shop.talks) == 3 and shop.talks[2].over, 20)
    await page.close()
    await until(lambda: shop.microphones.status()["open"] == 0, 20)


async def test_a_microphone_that_is_forbidden_or_missing_is_told_in_words(shop: Shop) -> None:
    async with chromium("--deny-permission-prompts") as browser:
        page = await visit(browser, shop.address)
        await holds(page, "hostEngine.chat()")
        await page.locator("#hold").click()
        await expect(page.locator("#told")).to_have_text(re.compile("blocked|No microphone was found"))
        assert await page.locator("#hold").get_attribute("aria-pressed") == "false"
        await page.add_init_script("delete Navigator.prototype.mediaDevices")
        await page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
        await page.reload()
        await holds(page, "hostEngine.chat()")
        await page.locator("#hold").click()
        await expect(page.locator("#told")).to_have_text(re.compile("only where the address begins with https"))


async def test_the_chat_comes_back_after_the_connection_was_lost(browser: Browser, shop: Shop) -> None:
    page = await visit(browser, shop.address)
    await holds(page, "hostEngine.chat()")
    for each in list(shop.chat._visitors):
        each._socket.scope["extensions"]["host_engine.abort"]["now"]()
    await expect(page.locator("#told")).to_have_text(re.compile(r"The chat is away\. Next try in \d+ s"))
    await holds(page, "hostEngine.chat()")
    await expect(page.locator("#told")).to_have_text("The chat is back.")
    await ask(page, "Still here?")
    await until(lambda: shop.desk.taken, 20)
    await page.close()


async def test_without_a_chat_the_page_shows_what_it_always_did(browser: Browser) -> None:
    async with opened(page=False) as shop:
        page = await visit(browser, shop.address, DESK)
        await page.locator("#product").wait_for()
        for hidden in ("#compose", "#log", "#tray"):
            assert not await page.locator(hidden).is_visible()
        await page.close()
