"""A new operator at the console of a running channel, in a real browser: every action within two clicks."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from asked_channel import ROOT, Channel
from playwright.async_api import Browser, Page, expect
from shopper import chromium, holds, visit

from host_engine.access.making import make, revoke
from host_engine.access.who import Role
from host_engine.channel.operators.token_places import tokens_file
from host_engine.channel_file import config

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

expect.set_options(timeout=30_000)  # a loaded machine takes its time
DESK = (1280, 800)
TABS = ("Questions", "Products", "Catalogs", "Outputs", "Cast", "Prompter", "Log")


def make_token(channel: Channel, name: str, role: Role) -> str:
    file = tokens_file(config.load(channel.file))
    return make(file, name, role, timedelta(hours=1), datetime.now(UTC))[0]


@pytest.fixture(scope="module")
def channel(tmp_path_factory) -> Iterator[Channel]:
    folder = tmp_path_factory.mktemp("console")
    for name in ("tea", "evening"):
        shutil.copytree(ROOT / "product_catalogs" / "tea", folder / "catalogs" / name)
    catalog = folder / "catalogs" / "evening" / "catalog.yaml"
    catalog.write_text(catalog.read_text().replace("price: 11.50 GBP", "price: 9.90 GBP"))
    review = {"review": {"mode": "approve"}, "page": True}
    channel = Channel(folder, catalog=str(folder / "catalogs" / "tea"), audience=review)
    yield channel
    channel.end()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream") as browser:
        yield browser


async def sign_in(page: Page, token: str) -> None:
    await page.locator("#token").fill(token)
    await page.get_by_role("button", name="Sign in").click()
    await page.locator(".console .signal.live").wait_for(timeout=90_000)


def press(page: Page, what: str) -> Any:
    return page.locator(f"[data-do='{what}']")


class Console:
    """A signed-in page, and what its browser complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def open(self, tab: str) -> None:
        await self.page.locator(f"#tab-{tab.lower()}").click()


@pytest.fixture(scope="module")
def operator(channel: Channel) -> str:
    return make_token(channel, "anna", "admin")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def console(browser: Browser, channel: Channel, operator: str) -> Console:
    """Signs in: what a wrong token opens is said, and a right one opens the console, which then is loaded."""
    page = await visit(browser, f"{channel.address}/console", DESK)
    await page.locator("#token").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator("#said")).to_contain_text("token")
    console = Console(page)
    await sign_in(page, operator)
    return console


async def test_what_is_on_air_is_seen_heard_of_and_listed(console: Console):
    page = console.page
    await expect(page.locator(".top h1")).not_to_be_empty()
    await expect(page.locator(".rundown .segment.on .line.on")).to_be_visible()
    await expect(page.locator(".rundown .line.next")).to_be_visible()
    await holds(page, "document.querySelector('.stage video').videoWidth > 0")
    await expect(page.locator(".frames .caption")).to_contain_text("slowest 1 %")
    said = await page.locator(".now .words").first.inner_text()
    assert len(said) > 10


async def test_the_show_is_held_and_goes_on_by_button_and_by_key(console: Console):
    page = console.page
    await press(page, "hold").click()
    await expect(page.locator(".signal")).to_have_text("On air · held")
    await expect(page.locator(".now .then")).to_have_text("When you go on")
    await page.keyboard.press("h")
    await expect(page.locator(".signal")).to_have_text("On air")
    await page.keyboard.press("m")
    await expect(page.locator(".signal")).to_have_text("On air · muted")
    await press(page, "mute").click()
    await expect(page.locator(".signal")).to_have_text("On air")


async def test_words_are_said_now_and_what_is_not_backed_is_asked_about(console: Console):
    page = console.page
    await page.keyboard.press("s")
    await page.keyboard.type("Welcome back, everybody.")
    await page.keyboard.press("Control+Enter")
    await console.open("Log")  # it is on air for two seconds: a loaded machine may show the next line already
    await expect(page.locator(".log li", has_text="On air: Welcome back, everybody.")).to_be_visible()
    await page.locator(".say textarea").fill("The teapot costs 3 pounds today.")
    await press(page, "say-next").click()
    await expect(page.locator(".findings p")).not_to_be_empty()
    await expect(page.locator(".q-notification", has_text="3 pounds")).to_have_count(0)  # once is enough
    await page.get_by_role("button", name="Change it").click()
    await page.locator(".say textarea").fill("Look at our teapots.")
    await press(page, "hold").click()
    await press(page, "say-next").click()
    await expect(page.locator(".queue li, .now .words", has_text="Look at our teapots.").first).to_be_visible()
    await press(page, "hold").click()
    await page.keyboard.press("Escape")


async def test_a_catalog_is_swapped_after_its_diff_was_seen_and_back(console: Console):
    page = console.page
    await console.open("Catalogs")
    evening = page.locator(".catalog[data-name=evening]")
    await expect(evening.locator(".summary")).to_contain_text("Products: 1 changes")
    await evening.locator("[data-do=swap]").click()  # the second click, after what it changes was said
    await expect(page.locator(".catalog[data-name=evening] .tally")).to_have_text("in force")
    await press(page, "back").click()
    await expect(page.locator(".preview .change").first).to_contain_text("11.50")
    await press(page, "rollback").click()
    await expect(page.locator(".catalog[data-name=tea] .tally")).to_have_text("in force")


async def test_a_price_is_changed_and_a_product_recalled_and_let_back(console: Console):
    page = console.page
    await console.open("Products")
    await page.locator(".products .find input").fill("rooibos")
    product = page.locator(".product", has_text="Rooibos")
    await product.locator("[data-do=edit]").click()
    await product.locator("[data-field=price]").fill("12.34 GBP")
    await product.locator("[data-do=save]").click()
    await expect(product.locator(".price")).to_contain_text("12.34")
    await product.locator("[data-do=recall]").click()
    await press(page, "restore").click()
    await expect(product.locator("[data-do=recall]")).to_be_visible()
    await expect(press(page, "restore")).to_have_count(0)


async def test_an_answer_is_looked_at_and_approved(console: Console, channel: Channel):
    page = console.page
    await console.open("Questions")
    await asyncio.to_thread(channel.ask, "/api/questions", text="how much is the sencha?", viewer="Ben")
    card = page.locator(".question", has_text="sencha")
    await expect(card.locator(".answer")).to_contain_text("£11.90")
    await card.locator("[data-do=approve]").click()
    await expect(card).to_have_count(0)
    await console.open("Log")
    await expect(page.locator(".log li", has_text="is being answered: how much is the sencha?")).to_be_visible()


async def test_a_human_takes_over_with_the_prompter_and_hands_back(console: Console):
    page = console.page
    await page.keyboard.press("t")
    await expect(page.locator(".prompter h2")).to_have_text("Live")
    await expect(page.locator(".now .tally")).to_have_text("Live: anna")
    first = page.locator(".prompt li.on")
    before = await first.inner_text()
    await press(page, "said").click()
    await expect(first).not_to_have_text(before)
    await press(page, "takeover").click()
    await expect(page.locator(".prompter h2")).to_have_text("Prompter")
    await expect(page.locator(".now .tally")).not_to_have_text("Live: anna")


async def test_a_recording_is_added_stopped_and_started(console: Console):
    page = console.page
    await console.open("Outputs")
    await press(page, "begin-add").click()
    await page.locator("[data-field=platform]").select_option("youtube")
    await expect(page.locator("[data-field=name]")).to_have_value("youtube")
    await page.locator("[data-field=kind]").select_option("file")
    await page.locator("[data-field=name]").fill("archive")
    await press(page, "add").click()
    output = page.locator(".output[data-name=archive]")
    await expect(output.locator(".state")).to_have_text("recording")
    await output.locator("[data-do=stop]").click()
    await expect(output.locator(".state")).to_have_text("stopped")
    await output.locator("[data-do=start]").click()
    await expect(output.locator(".state")).to_have_text("recording")
    await expect(output.locator("[data-do=remove]")).to_have_count(0)  # not while it is at work
    await output.locator("[data-do=stop]").click()
    await output.locator("[data-do=remove]").click()
    await expect(output).to_have_count(0)


async def test_a_target_is_added_refused_in_words_and_given_another_key(console: Console):
    page = console.page
    await press(page, "begin-add").click()
    form = page.locator(".outputs form")
    await form.locator("[data-field=kind]").select_option("whip")
    for name, value in (("name", "sfu"), ("url", "rtmp://127.0.0.1/live"), ("key", "s3cret")):
        await form.locator(f"[data-field={name}]").fill(value)
    await press(page, "add").click()
    await expect(form.get_by_role("alert")).to_contain_text("https://HOST/PATH")  # and what was written is still there
    await form.locator("[data-field=url]").fill("http://127.0.0.1:9/whip/studio")
    await press(page, "add").click()
    output = page.locator(".output[data-name=sfu]")
    await expect(output.locator(".bad")).not_to_be_empty()
    await expect(output.locator(".facts")).to_contain_text("WebRTC")
    await output.locator("[data-do=new-key]").click()
    await output.locator("[data-field=key]").fill("another")
    await press(page, "use-key").click()
    await expect(press(page, "use-key")).to_have_count(0)
    assert "s3cret" not in await page.content()
    await output.locator("[data-do=stop]").click()
    await output.locator("[data-do=remove]").click()
    await expect(output).to_have_count(0)


async def test_another_host_and_another_voice_are_chosen(console: Console):
    page = console.page
    await console.open("Cast")
    chosen = page.locator(".host [aria-pressed=true]")
    before = await chosen.inner_text()
    other = page.locator(".host.on [data-do=appear][aria-pressed=false]").first
    wanted = await other.inner_text()
    await other.click()
    await expect(chosen).to_have_text(wanted, timeout=120_000)  # she is drawn beside the show
    assert wanted != before
    await page.locator(".voice[data-name=espeak] [data-do=speak]").click()
    await expect(page.locator(".voice[data-name=espeak] .tally")).to_have_text("chosen")


async def test_a_segment_is_dragged_to_another_place(console: Console):
    page = console.page
    ids = "[...document.querySelectorAll('.segment')].map((each) => each.dataset.id)"
    await page.locator(".tick input").set_checked(False)
    await expect(page.locator(".segment[data-id=rooibos]")).to_be_visible()  # it was recalled above, and let back
    await page.locator(".segments").evaluate("(list) => list.scrollTo(0, 0)")
    before = await page.evaluate(ids)
    await page.locator(f".segment[data-id='{before[0]}'] .grip").hover()
    await page.mouse.down()
    await page.locator(f".segment[data-id='{before[1]}'] .head .name").hover()
    await page.mouse.up()
    wanted = [before[1], before[0], *before[2:]]
    await expect(press(page, "file-order")).to_be_visible()
    await holds(page, f"JSON.stringify({ids}) === {json.dumps(json.dumps(wanted, separators=(',', ':')))}")
    await page.locator(f".segment[data-id='{wanted[3]}'] .grip").hover()
    await page.mouse.down()
    for passed in (wanted[2], wanted[1]):  # upwards, and let go of beside the grip
        await page.locator(f".segment[data-id='{passed}'] .head .name").hover()
    await page.mouse.up()
    await expect(page.locator(".segment.dragged")).to_have_count(0)
    moved = [wanted[0], wanted[3], wanted[1], wanted[2], *wanted[4:]]
    await holds(page, f"JSON.stringify({ids}) === {json.dumps(json.dumps(moved, separators=(',', ':')))}")


async def test_a_lost_connection_is_said_and_everything_is_there_when_it_is_back(console: Console):
    page = console.page
    await page.context.set_offline(True)
    await expect(page.locator(".lost")).to_contain_text("Connection lost")
    await page.context.set_offline(False)
    await expect(page.locator(".lost")).not_to_be_visible()
    await expect(page.locator(".signal.live")).to_be_visible()


@pytest.mark.parametrize("size", [(1024, 768), (768, 1024), (390, 844)])
async def test_a_finger_finds_every_button_on_a_tablet_and_on_a_phone(console: Console, size: tuple[int, int]):
    page = console.page
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    small = """[...document.querySelectorAll('.console button, .console select:not(.scene)')]
        .filter((each) => each.checkVisibility())
        .map((each) => [each.textContent || each.title, each.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([text]) => text)"""
    for tab in (*(["Rundown"] if size[0] < 600 else []), *TABS):
        await console.open(tab)
        assert await page.evaluate(small) == [], tab
    for what in ("hold", "take", "skip", "takeover", "mute"):
        box = await press(page, what).bounding_box()
        assert box
        assert 0 <= box["x"] <= size[0] - box["width"]
        assert 0 <= box["y"] <= size[1] - box["height"]
    assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]


async def test_every_tab_names_the_panel_that_it_opens(console: Console):
    opened = "(tab) => document.getElementById(tab.getAttribute('aria-controls'))"
    there = f"[...document.querySelectorAll('[role=tab]')].map({opened})"
    assert await console.page.evaluate(f"{there}.filter(Boolean).length") == len(TABS) + 1
    assert await console.page.evaluate(f"new Set({there}.map((panel) => panel.className)).size") == len(TABS) + 1


async def test_a_viewer_orders_nothing_and_is_out_when_the_token_is_revoked(browser: Browser, channel: Channel):
    context = await browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
    page = await context.new_page()
    page.set_default_timeout(30_000)
    await page.goto(f"{channel.address}/console/")
    await sign_in(page, make_token(channel, "guest", "viewer"))
    await expect(page.locator(".rundown .line.on")).to_be_visible()
    for what in ("hold", "mute", "skip", "takeover"):
        await expect(press(page, what)).to_be_disabled()
    await page.keyboard.press("m")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await expect(page.locator(".signal")).to_have_text("On air")
    revoke(tokens_file(config.load(channel.file)), "guest", datetime.now(UTC))
    await expect(page.locator("#token")).to_be_visible()
    await expect(page.locator("#said")).to_contain_text("signed out")
    await context.close()


async def test_the_browser_had_nothing_to_complain_of(console: Console):
    lost = ("ERR_INTERNET_DISCONNECTED", "WebSocket connection", "401", "422")
    assert [each for each in console.complaints if not any(part in each for part in lost)] == []
