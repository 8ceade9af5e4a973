"""Which recogniser hears: the Whisper that was asked for, else the best that is there, else pocketsphinx."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from host_engine.audience.ears import models
from host_engine.audience.ears.heard import Heard
from host_engine.audience.ears.models import Model
from host_engine.audience.transcript import Heard16

log = logging.getLogger(__name__)

FALLBACK = "pocketsphinx"


class Recogniser(Protocol):
    """Turns one utterance into words; blocks while it does."""

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> tuple[str, ...] | None:
        """Which it understands; None for a hundred."""
        ...

    def hear(self, samples: Heard16, language: str | None) -> Heard: ...


class Plan(NamedTuple):
    """What to do about a wish: open `model`, or fetch the one called `fetch`, or fall back; and why, in a sentence."""

    model: Model | None
    fetch: str
    why: str


def plan(use: str, language: str | None, folder: Path, gpu: bool, shelf: models.Shelf) -> Plan:
    """use: as in the channel file; folder: that of the channel file. Raises ValueError for what cannot be meant."""
    kind, _, wanted = use.partition(":")
    if use == "auto":
        model, why = models.best(shelf.models, language, gpu)
        useless = f" ({'; '.join(shelf.useless)})" if shelf.useless and not model else ""
        return Plan(model, "", f"auto: {why}{useless}")
    if use == FALLBACK:
        return Plan(None, "", "the channel file asks for it")
    if kind != "whisper" or not wanted:
        raise ValueError(f"'{use}' are no ears; write auto, whisper:NAME, whisper:FOLDER, pocketsphinx or none")
    path = (folder / Path(wanted).expanduser()).resolve()
    if path.is_dir() or wanted.startswith((".", "/", "~")):
        missing = models.lacks(path)
        if missing:
            return Plan(None, "", f"{path} cannot be used: {missing}")
        return Plan(models.describe(path)._replace(name=path.name), "", f"the channel file names {path}")
    here = [each for each in shelf.models if each.name == wanted]
    if here:
        return Plan(here[0], "", f"the channel file asks for '{wanted}', which is on this machine")
    return Plan(None, wanted, f"the channel file asks for '{wanted}', which is being fetched")


class Fetching:
    """A model on its way from the hub, on a thread: meanwhile something else hears."""

    def __init__(self, name: str, fetch: Callable[[str], Path]) -> None:
        self.name = name
        self.path: Path | None = None
        self.error = ""
        self._thread = threading.Thread(target=self._run, args=[fetch], name="fetch", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive()

    def _run(self, fetch: Callable[[str], Path]) -> None:
        try:
            self.path = fetch(self.name)
        except Exception as error:  # the hub raises anything; what counts is that it did not come
            lines = str(error).strip().splitlines() or [type(error).__name__]
            self.error = f"'{self.name}' could not be fetched: {lines[0][:300]}"
            log.warning("the Whisper model %s", self.error)
