"""From a frame being drawn in the engine to its pixels being in a canvas of Chromium, over WebRTC on the loopback.

The pictures carry their numbers (host_engine/frame_code.py). The viewer's page is opened as a shopper opens it; each
picture it shows is drawn into a canvas and read back, cell by cell. Engine and browser look at the same clock.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks import numbers_seen
from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir
from host_engine import frame_code

SECONDS, SHORT = 120, 20
WARM = 10.0  # seconds from the first picture: the jitter buffer finds its depth
CELL = 4  # pixels of a cell, where a row of cells is made a picture again
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",  # there is no other network
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)
LOOK = """([across, cells]) => {
  const video = document.querySelector("video");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const seen = (window.seen = []);
  const look = (now, about) => {
    const wide = video.videoWidth, cell = wide / across, deep = Math.ceil(cell);
    if (canvas.width !== wide || canvas.height !== deep) Object.assign(canvas, { width: wide, height: deep });
    context.drawImage(video, 0, video.videoHeight - deep, wide, deep, 0, 0, wide, deep);
    const { data } = context.getImageData(0, 0, wide, deep);
    const at = performance.timeOrigin + performance.now();
    const row = Math.floor(deep - cell / 2), means = [];
    for (let k = 0; k < cells; k++) {
      const i = 4 * (row * wide + Math.floor((k + 0.5) * cell));
      means.push(Math.round(0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2]));
    }
    seen.push([at / 1000, about.presentedFrames, ...means]);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}"""


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        drawn = folder / "drawn"
        with OnAir(folder, [], {"seconds": 1, "numbers": str(drawn)}) as channel:
            rows, ahead = watch(channel.address, seconds)
            assert channel.status()["viewers"] == 1, "the browser is gone"
            times = numbers_seen.read(drawn)
            skipped = channel.status()["clock"]["skipped"]
    codes = [(code(row[2:]), row[0] - ahead) for row in rows]
    late = [(at - times[n]) * 1000 for n, at in codes if n in times]
    presented = rows[-1][1] - rows[0][1] + 1
    figures = spread(late, "page_ms") | {
        "pictures": len(rows),
        "unread": sum(n is None for n, _ in codes),
        "missed": presented - len(rows),
        "fps": (len(rows) - 1) / (rows[-1][0] - rows[0][0]),
        "skipped": skipped,
    }
    keep("page", figures, seconds=seconds)


def watch(address: str, seconds: int) -> tuple[list[list[float]], float]:
    """What the page showed for so long: when (seconds since 1970), how many pictures, the brightness of each cell; and
    how far that clock is ahead of time.monotonic()."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("this benchmark needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 800, "height": 1320})
        page.goto(address)
        until = time.monotonic() + 60
        while not page.evaluate("document.querySelector('video')?.videoWidth > 0"):
            if time.monotonic() > until:
                raise RuntimeError("the page shows nothing")
            time.sleep(0.1)
        time.sleep(WARM)
        page.evaluate(LOOK, [frame_code.ACROSS, frame_code.CELLS])
        ahead = time.time() - time.monotonic()
        time.sleep(seconds)
        rows: list[list[float]] = page.evaluate("window.seen")
        browser.close()
    return rows, ahead


def code(cells: list[Any]) -> int | None:
    """The number that these cells say."""
    row = np.zeros(frame_code.ACROSS * CELL, np.uint8)
    row[: len(cells) * CELL] = np.repeat(np.asarray(cells, np.uint8), CELL)
    return frame_code.read(np.tile(row, (2 * CELL, 1)))


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
