"""A shopper in a real browser, who may have a microphone into which a WAV file is played."""

from __future__ import annotations

import asyncio
import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr
from numpy.typing import NDArray
from playwright.async_api import Browser, Page, async_playwright

PHONE, DESK = (390, 844), (1280, 800)
WITH_SOUND = "--autoplay-policy=no-user-gesture-required"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A machine that has nothing but its loopback is enough:
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)
RATE = 48_000


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """Chromium with nobody's settings; the test fails where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("this test needs Chromium; on Debian: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])
        yield browser
        await browser.close()


def microphone(wav: Path) -> tuple[str, ...]:
    """Flags for a microphone that hears a file over and over, and that may be used without asking."""
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={wav}",
    )


def write_wav(path: Path, samples: NDArray[np.float32], rate: int = 16_000, pause: float = 1.5) -> Path:
    """Samples (mono, -1..1) as a file for such a microphone, and a pause behind them."""
    sound = soxr.resample(np.concatenate([samples, np.zeros(int(pause * rate), np.float32)]), rate, RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


async def visit(browser: Browser, address: str, size: tuple[int, int] = PHONE, **options: Any) -> Page:
    """The page at an address, opened in a window of that size."""
    page = await browser.new_page(viewport={"width": size[0], "height": size[1]}, **options)
    page.set_default_timeout(30_000)
    await page.goto(address)
    return page


async def holds(page: Page, expression: str, seconds: float = 30) -> None:
    """Wait until an expression is true on the page; by looking, because the page lets nobody run code from texts."""
    async with asyncio.timeout(seconds):
        while not await page.evaluate(expression):
            await asyncio.sleep(0.05)


async def ask(page: Page, text: str) -> None:
    """Write a question on the page and send it."""
    await page.locator("body:not(.quiet)").wait_for(state="attached")
    await holds(page, "hostEngine.chat()")
    await page.locator("#text").fill(text)
    await page.locator("#text").press("Enter")


async def begin_to_speak(page: Page) -> None:
    """Hold the microphone's button until the page says that it listens."""
    await holds(page, "hostEngine.chat()")
    box = await page.locator("#hold").bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await page.locator("#hold[data-state=talking]").wait_for()


async def stop_speaking(page: Page) -> None:
    """Let the button go."""
    await page.mouse.up()
