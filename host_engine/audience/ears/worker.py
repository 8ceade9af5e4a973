"""`python -m host_engine.audience.ears.worker`: the process that hears, told by frames on its standard input.

It stands aside for what is on air, says each second that it lives, and ends with its parent.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from host_engine.audience.ears import models, recognisers
from host_engine.audience.ears.aside import Pipes, stand_aside, take_pipes
from host_engine.audience.ears.recognisers import Fetching, Plan, Recogniser
from host_engine.audience.ears.shop_words import ShopWords, unpacked
from host_engine.audience.ears.wire import Frame, WireError, packed, read, samples

BEAT = 1.0  # seconds
LOOK = 1.0  # seconds between two looks at a model that is being fetched

log = logging.getLogger("ears")


class Worker:
    """Does what it is told, one thing after another: `open` first, then `words` and `hear` as they come."""

    def __init__(self, say: Callable[[Frame], None]) -> None:
        self._say = say
        self._recogniser: Recogniser | None = None
        self._shop = ShopWords()
        self._fetching: Fetching | None = None
        self._threads, self._device = 1, "cpu"

    def do(self, frame: Frame) -> None:
        """Raises KeyError, TypeError, ValueError or WireError for what was not meant for it."""
        match frame.kind:
            case "open":
                self._open(frame.said)
            case "words":
                self._words(unpacked(frame.body))
            case "hear":
                self._hear(frame)
            case other:
                raise WireError(f"nothing is known of '{other}'")

    def look(self) -> None:
        """Take the model that was being fetched, once it is there."""
        if self._fetching is None or not self._fetching.done:
            return
        fetched, self._fetching = self._fetching, None
        if fetched.path is None:
            self._at_work(fetched.error)
            return
        model = models.describe(fetched.path)._replace(name=fetched.name)
        error = self._whisper(model)
        self._at_work(error or f"the channel file asks for '{fetched.name}'")

    def _open(self, said: dict[str, Any]) -> None:
        self._threads = int(said["threads"])
        folder, language = Path(said["folder"]), said["language"]
        use, shelf = str(said["use"]), models.look(folder)
        gpu = (bool(shelf.models) or use.startswith("whisper")) and _gpu()  # to ask that takes a second
        self._device = "cuda" if gpu else "cpu"
        try:
            plan = recognisers.plan(use, language, folder, gpu, shelf)
        except ValueError as wrong:
            plan = Plan(None, "", str(wrong))
        error = self._whisper(plan.model) if plan.model else ""
        if self._recogniser is None:
            self._fall_back()
        if plan.fetch:
            from host_engine.audience.ears.whisper import download

            self._fetching = Fetching(plan.fetch, download)
        self._at_work(error or plan.why)

    def _whisper(self, model: models.Model) -> str:
        """Open a model; "" or why it cannot be used."""
        from host_engine.audience.ears.whisper import Whisper

        devices = dict.fromkeys((self._device, "cpu"))
        error = ""
        for device in devices:
            try:
                self._recogniser = Whisper(model.path, model.name, self._threads, device)
                return ""
            except Exception as raised:  # a file of the wrong kind raises anything
                error = f"{model.path} cannot be used on {device}: {str(raised).strip() or type(raised).__name__}"
                log.warning("the Whisper model in %s", error)
        return error

    def _fall_back(self) -> None:
        from host_engine.audience.ears.sphinx import Sphinx

        self._recogniser = Sphinx(self._shop)

    def _at_work(self, why: str) -> None:
        one = self._recogniser
        assert one is not None
        said = {"kind": "at_work", "name": one.name, "why": why, "languages": one.languages}
        self._say(Frame(said | {"fetching": self._fetching.name if self._fetching else ""}))

    def _words(self, shop: ShopWords) -> None:
        self._shop = shop
        built: tuple[int, int, tuple[str, ...]] = (0, 0, ())
        build = getattr(self._recogniser, "words", None)
        if build:
            built = build(shop)
        said = {"kind": "words", "lines": built[0], "words": built[1], "unsaid": list(built[2])[:20]}
        self._say(Frame(said | {"wares": len(shop.wares), "left_out": shop.left_out}))

    def _hear(self, frame: Frame) -> None:
        number = int(frame.said["id"])
        began = time.perf_counter()
        try:
            assert self._recogniser is not None, "the ears were not opened"
            heard = self._recogniser.hear(samples(frame.body), frame.said.get("language"))
        except Exception as error:  # of this utterance; the next one may be well
            log.exception("an utterance could not be transcribed")
            self._say(Frame({"kind": "failed", "id": number, "why": str(error) or type(error).__name__}))
            return
        took = time.perf_counter() - began
        said = {"kind": "heard", "id": number, "by": self._recogniser.name, "took": took}
        self._say(Frame(said | heard.said()))


def _gpu() -> bool:
    from host_engine.audience.ears.whisper import gpu

    return gpu()


class Talk:
    """The pipes of the worker: frames in on a thread of their own, frames out from any thread, a beat each second."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes
        self._saying = threading.Lock()
        self.heard: queue.SimpleQueue[Frame] = queue.SimpleQueue()

    def start(self) -> None:
        for work in (self._listen, self._beat):
            threading.Thread(target=work, daemon=True).start()

    def say(self, frame: Frame) -> None:
        data = packed(frame)
        try:
            with self._saying:
                self._pipes.said.write(data)
                self._pipes.said.flush()
        except OSError:
            os._exit(0)  # nobody hears any more

    def _listen(self) -> None:
        try:
            while frame := read(self._pipes.heard):
                self.heard.put(frame)
        except (OSError, WireError) as error:
            log.error("the ears were told nonsense: %s", error)
            os._exit(2)
        os._exit(0)  # the parent has ended, or wants this to end

    def _beat(self) -> None:
        while True:
            self.say(Frame({"kind": "alive"}))
            time.sleep(BEAT)


def main() -> None:
    stand_aside()
    logging.basicConfig(format="ears: %(message)s", level=logging.WARNING)
    talk = Talk(take_pipes())
    talk.start()
    worker = Worker(talk.say)
    while True:
        with contextlib.suppress(queue.Empty):
            worker.do(talk.heard.get(timeout=LOOK))
        worker.look()


if __name__ == "__main__":
    main()
