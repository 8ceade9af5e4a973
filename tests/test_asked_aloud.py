"""A shopper asks aloud on the real page, and hears the answer in what the page receives."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import numpy as np
import pytest
import soxr
from asked_channel import ROOT, Channel
from numpy.typing import NDArray
from shopper import WITH_SOUND, begin_to_speak, chromium, microphone, stop_speaking, visit, write_wav
from spoken import speaker, word_errors

from host_engine.host.voice import open_voices
from host_engine.show.catalog import load_catalog
from host_engine.show.spoken import tokens

pytestmark = pytest.mark.alone

RATE = 16_000
LATELY = 60  # seconds of sound in which the answer is looked for
LISTEN = """
() => {
  window.heard = [];
  const context = new AudioContext({ sampleRate: 16000 });
  const ear = context.createScriptProcessor(4096, 1, 1);
  ear.onaudioprocess = (event) => heard.push(Int16Array.from(event.inputBuffer.getChannelData(0), (x) => x * 32767));
  context.createMediaStreamSource(document.getElementById("video").srcObject).connect(ear);
  ear.connect(context.destination);
}
"""
TELL = """
() => {
  const bytes = new Uint8Array(heard.length * 8192);
  heard.forEach((piece, at) => bytes.set(new Uint8Array(piece.buffer), at * 8192));
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
"""


@pytest.mark.timeout(300)
async def test_a_question_asked_aloud_is_answered_in_the_sound_that_the_page_receives(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "question.wav", speaker()("how much is the sencha"))
    audience = {"ears": {"use": "pocketsphinx"}, "limits": {"each": 60}}
    channel = await asyncio.to_thread(Channel, tmp_path, audience=audience, voice={"music": False})
    try:
        await asyncio.to_thread(channel.wait, lambda: channel.audience()["ears"]["state"] == "ready")
        async with chromium(*microphone(wav), WITH_SOUND) as browser:
            page = await visit(browser, channel.address)
            await page.locator("body[data-state=playing]").wait_for()
            await page.evaluate(LISTEN)
            await begin_to_speak(page)
            await asyncio.to_thread(channel.wait, lambda: channel.audience().get("taken"))
            await stop_speaking(page)
            await asyncio.to_thread(channel.wait, lambda: channel.audience().get("answered"))
            rows = await asyncio.to_thread(channel.rows)
            row = next(row for row in rows if row["why"] == "answer" and row["kind"] == "utterance")
            wanted = await asyncio.to_thread(said, row["text"], row["product"])
            heard = np.zeros(0, np.float32)

            async def found() -> bool:
                nonlocal heard
                raw = base64.b64decode(await page.evaluate(TELL))
                heard = np.frombuffer(raw, "<i2").astype(np.float32) / 32768
                return await asyncio.to_thread(likeness, heard[-LATELY * RATE :], wanted) > 0.8

            async with asyncio.timeout(90):
                while not await found():
                    await asyncio.sleep(0.5)
            asked = next(row["text"] for row in rows if row["why"] == "question")
    finally:
        await asyncio.to_thread(channel.end)
    wrong, words = word_errors("how much is the sencha", asked.removeprefix("page: "))
    assert wrong < words - 1, asked  # a loaded machine loses a piece of sound, and a recogniser a word with it
    assert likeness(heard[: len(heard) // 8], wanted) < 0.7  # the measure tells it from what was said before
    assert "Traceback" not in channel.log.read_text()


def said(text: str, product: str) -> NDArray[np.float32]:
    """How the channel says a text, (samples,) at 16 kHz."""
    catalog = load_catalog(ROOT / "product_catalogs" / "tea")
    own = {**catalog.pronunciations, **(catalog.product(product).pronunciations if product else {})}
    words = " ".join(token.said for token in tokens(text, catalog.language, own) if token.said)
    return np.asarray(soxr.resample(open_voices("auto", "en").speak(words).samples, 48_000, RATE), np.float32)


def likeness(heard: NDArray[np.float32], wanted: NDArray[np.float32]) -> float:
    """How surely some of what was wanted is in what was heard: the largest correlation of a second of it, 0..1.

    Short pieces, as the receiver stretches time a little while it adapts to the network.
    """
    size = RATE  # a second
    best = 0.0
    if len(heard) < 2 * size:
        return best
    power = np.sqrt(np.convolve(np.square(heard), np.ones(size), "valid")) + 1e-3
    for at in range(size // 4, len(wanted) - size, size // 2):
        piece = wanted[at : at + size]
        length = len(heard) + size
        spectrum = np.fft.rfft(heard, length) * np.conj(np.fft.rfft(piece, length))
        match = np.fft.irfft(spectrum, length)[: len(power)]
        best = max(best, float(np.max(np.abs(match) / power) / (np.linalg.norm(piece) + 1e-9)))
    return best
