"""Ears in a process of their own: whatever happens to that process, the engine only hears less for a moment."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from host_engine.audience.ears import guards
from host_engine.audience.ears.child import Child
from host_engine.audience.ears.echo import Echo, OnAir
from host_engine.audience.ears.heard import Heard
from host_engine.audience.ears.hearings import EarsBusy, Hearings, Job
from host_engine.audience.ears.shop_words import shop_words
from host_engine.audience.ears.wire import Frame, pcm
from host_engine.audience.transcript import RATE, DeafError, Heard16, Transcript
from host_engine.show.catalog import Catalog

MODULE = "host_engine.audience.ears.worker"
LOOK = 0.25  # seconds between two looks at the worker
SILENT = 10.0  # seconds without a sign of life after which it is ended
OPENING = 120.0  # seconds that opening a model may take
LANGUAGES = {"de": "German", "it": "Italian", "fr": "French", "es": "Spanish", "zh": "Chinese", "en": "English"}

__all__ = ["EarsBusy", "EarsLost", "TranscriberProcess"]


class EarsLost(OSError):
    """The worker has ended or had to be ended; the sentence says why. It is started again under `supervise`."""


class TranscriberProcess:
    """`Ears` in a worker process that is started, watched and ended by `run`, one utterance at a time.

    Utterances wait in a short queue, and a full one refuses (`EarsBusy`). The worker says each second that it lives and
    has a deadline for each utterance; missing one of them ends it, and `run` raises EarsLost. Then the utterance that
    it was at work on is lost, the ones that wait are heard by the next worker. Nothing here blocks the loop.
    """

    def __init__(
        self,
        use: str = "auto",
        language: str | None = None,
        folder: Path = Path(),
        on_air: OnAir = lambda: (),
        *,
        longest: float = 20.0,
        module: str = MODULE,
        silent: float = SILENT,
        deadline: Callable[[float], float] = lambda seconds: 15.0 + 3.0 * seconds,
    ) -> None:
        """use, language, longest: as in the channel file, which lies in `folder`; on_air: as `Echo` takes it.

        deadline: seconds of work that an utterance of so many seconds may take.
        """
        self._use, self._language, self._folder = use, language, folder.resolve()
        self._longest, self._module, self._silent, self._deadline = longest, module, silent, deadline
        self._echo = Echo(on_air)
        self._jobs = Hearings()
        self._child: Child | None = None
        self._catalog: Catalog | None = None
        self._quiet = 0.0  # seconds since a sign of life
        self._busy_until: float | None = None  # on the loop's clock: when what the worker does must be done
        self._at: dict[str, Any] = {}  # what is at work, as the worker says it
        self._shop: dict[str, Any] = {}
        self._why = "the ears are starting"
        self._starts = 0
        self._took: deque[float] = deque(maxlen=200)

    async def run(self) -> None:
        """Start the worker and keep it until cancelled. Raises EarsLost when it is lost."""
        loop = asyncio.get_running_loop()
        lost: asyncio.Future[str] = loop.create_future()

        def post(what: Callable[..., None], *about: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
                loop.call_soon_threadsafe(what, *about)

        child = Child(
            self._module,
            lambda frame: post(self._told, child, frame),
            lambda why: post(_settle, lost, why),
            _environment(),
        )
        self._starts += 1
        self._quiet, self._at = -OPENING, {}  # the first sign of life may take long
        self._busy_until = loop.time() + OPENING
        self._child = child
        child.start()
        child.say(Frame({"kind": "open", "use": self._use, "language": self._language, **self._place()}))
        self._send_words()
        try:
            raise EarsLost(f"the ears stopped: {await self._watch(child, lost)}")
        except EarsLost as error:
            self._why = str(error)
            raise
        finally:
            self._child, self._at, self._busy_until = None, {}, None
            self._jobs.lose(self._why)
            await loop.run_in_executor(None, child.end)

    async def hear(self, samples: Heard16, language: str | None = None) -> Transcript:
        """The words of an utterance at 16 kHz; what is longer than allowed is cut. Raises DeafError, EarsBusy."""
        samples = np.asarray(samples, np.float32).reshape(-1)[: int((self._longest + 1) * RATE)]
        seconds = len(samples) / RATE
        language = _code(language) or self._language
        self._able(language)
        if not len(samples):
            return Transcript("", language, self.name, 0.0, 0.0, "silence")
        job = self._jobs.add(samples, language)
        self._next()
        try:
            async with asyncio.timeout(self._jobs.patience):
                said = await job.done
        except TimeoutError:
            raise DeafError("the ears took too long; please ask again, or write") from None
        finally:
            self._jobs.forget(job)
        return self._judged(said, seconds)

    def words(self, catalog: Catalog) -> None:
        """The catalog that is in force from now on. Returns at once; its words are collected on a thread."""
        self._catalog = catalog
        self._send_words()

    @property
    def name(self) -> str:
        """What is at work, such as "whisper:small"; "none" while nothing is."""
        return str(self._at.get("name", "none"))

    def status(self) -> dict[str, object]:
        """For /status: what hears, why that, how it goes."""
        took = sorted(self._took)
        return {
            "use": self._use,
            "at_work": self._at.get("name"),
            "why": self._at.get("why", self._why),
            "state": "ready" if self._at else "starting" if self._child else "away",
            "language": self._language or "detected",
            "languages": self._at.get("languages") or ("all of Whisper's" if self._at else None),
            "fetching": self._at.get("fetching") or None,
            "note": self._note(self._language) or None,
            "pid": self._child.pid if self._child else None,
            "starts": self._starts,
            **self._jobs.status(),
            "took_s_p50": round(took[len(took) // 2], 3) if took else None,
            "took_s_p95": round(took[int(len(took) * 0.95)], 3) if took else None,
            "shop": self._shop or None,
        }

    def _able(self, language: str | None) -> None:
        """Raises DeafError where nobody is there who understands this."""
        if self._child is None:
            raise DeafError(f"nobody can be heard at the moment ({self._why}); please write your question")
        if note := self._note(language):
            raise DeafError(note)

    def _note(self, language: str | None) -> str:
        known, base = self._at.get("languages"), (language or "").replace("_", "-").lower().split("-")[0]
        if not known or not base or base in known:
            return ""
        spoken, ours = LANGUAGES.get(base, base), " and ".join(LANGUAGES.get(each, each) for each in known)
        cure = "put a multilingual Whisper model on this machine (docs/audience.md)"
        return f"{self.name} understands {ours} only, not {spoken}; {cure}, or write"

    def _place(self) -> dict[str, Any]:
        return {"folder": str(self._folder), "threads": threads()}

    def _send_words(self) -> None:
        catalog = self._catalog
        if self._child is not None and catalog is not None:
            self._child.say(lambda: Frame({"kind": "words"}, shop_words(catalog).packed()))

    def _next(self) -> None:
        """Give the worker the next utterance, if it has none."""
        if self._child is None or not self._at or (job := self._jobs.next()) is None:
            return
        self._busy_until = asyncio.get_running_loop().time() + self._deadline(len(job.samples) / RATE)
        said = {"kind": "hear", "id": job.number, "language": job.language}
        self._child.say(lambda: Frame(said, pcm(job.samples)))

    def _told(self, child: Child, frame: Frame) -> None:
        """On the loop: something that the worker said."""
        if child is not self._child:
            return
        self._quiet = 0.0
        try:
            self._take(frame)
        except (KeyError, TypeError, ValueError) as error:
            child.kill(f"it said nonsense: {error!r}")
        self._next()

    def _take(self, frame: Frame) -> None:
        if frame.kind == "at_work":
            self._at = {key: frame.said[key] for key in ("name", "why", "languages", "fetching")}
            self._busy_until = None if self._jobs.current is None else self._busy_until
        elif frame.kind == "words":
            self._shop = {key: frame.said[key] for key in ("wares", "lines", "words", "unsaid", "left_out")}
        elif frame.kind in ("heard", "failed") and (job := self._jobs.finish(int(frame.said["id"]))):
            self._busy_until = None
            self._answer(job, frame)
        elif frame.kind not in ("alive", "heard", "failed"):
            raise ValueError(f"nothing is known of '{frame.kind}'")

    def _answer(self, job: Job, frame: Frame) -> None:
        if frame.kind == "failed":
            _settle(job.done, DeafError(f"this could not be understood ({frame.said['why']}); please write it"))
            return
        heard, by, took = Heard.of(frame.said), str(frame.said["by"]), float(frame.said["took"])
        self._took.append(took)
        _settle(job.done, (heard, by, took))

    def _judged(self, said: tuple[Heard, str, float], seconds: float) -> Transcript:
        heard, by, took = said
        refused = guards.refusal(heard, seconds) or ("echo" if self._echo.repeats(heard.text) else "")
        self._jobs.count(refused)
        return Transcript(heard.text, heard.language, by, seconds, took, refused)

    async def _watch(self, child: Child, lost: asyncio.Future[str]) -> str:
        """Until the worker is lost; why. Looks are counted: while the loop stands still, nobody is silent."""
        loop = asyncio.get_running_loop()
        while not (await asyncio.wait([lost], timeout=LOOK))[0]:
            self._quiet += LOOK
            if self._quiet >= self._silent:
                child.kill(f"no sign of life for {self._silent:g} s")
            elif self._busy_until is not None and loop.time() > self._busy_until:
                child.kill("an utterance took too long" if self._at else "they could not be opened in time")
        return lost.result()


def threads() -> int:
    """How many threads may transcribe: half of the cores, so that what is on air has the others."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
    return max(1, min(4, cores // 2))


def _environment() -> dict[str, str]:
    few = str(threads())
    return {
        **{name: few for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")},
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def _code(language: str | None) -> str | None:
    """A language as viewers' browsers name it, or None for whatever else came."""
    return language if language and re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", language) else None


def _settle(future: asyncio.Future[Any], result: object) -> None:
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
