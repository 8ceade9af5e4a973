"""How soon viewers are answered: from a written question to its cue, and from the end of speech to the first sample.

A channel on air in a process of its own, with a voice cache that knows nothing. Written questions, all different, are
put to the desk one after another and answered by the templates. Spoken ones, by flite, come as a microphone brings
them, sound and the silence behind it, and are heard by pocketsphinx. The rundown is empty meanwhile, so that no border
of a sentence has to be waited for. The first sample is the first frame of the answer that left; a bridge does not
count.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.kept import keep, spread
from benchmarks.lines import ROOT
from benchmarks.onair import OnAir
from host_engine.audience.same import gist, same
from host_engine.host.voices.flite import FliteVoice
from host_engine.show.catalog import Catalog, load_catalog

WRITTEN, SPOKEN = 60, 24
SHORT = 12, 6
LAST = 20  # questions that may have been answered within `inbox.AGAIN`
RATE = 16_000
PATTERNS = (
    "how much is the {}?", "is the {} in stock?", "what does the {} cost please", "can you tell me about the {}?",
    "what is the {} made of?", "how heavy is the {}?", "do you still have the {}?", "what size is the {}?",
)  # fmt: skip
ALOUD = ("how much is the {}", "is the {} in stock", "what is the {} made of", "what does the {} cost")


def run(written: int, spoken: int) -> None:
    catalog = load_catalog(ROOT / "product_catalogs" / "tea")
    questions = texts(catalog, PATTERNS, written)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sounds = folder / "sounds.npz"
        spoken_ones = [
            text for text in texts(catalog, ALOUD, len(ALOUD) * len(catalog.products)) if fresh(text, questions)
        ]
        np.savez(sounds, *[speech(text) for text in spoken_ones[:spoken]])
        done = folder / "asked"
        wanted = {"questions": questions, "sounds": str(sounds), "done": str(done)}
        seconds = 40 + 8 * (len(questions) + spoken)
        with OnAir(folder, [], wanted, audience={"ears": {"use": "pocketsphinx"}}, voice={"music": False}) as channel:
            channel.wait(done.exists, seconds)
        answers = channel.notes["answers"]
    ready = [each["ready"] * 1000 for each in answers if not each["spoken"] and each["ready"]]
    aloud = [each["heard"] * 1000 for each in answers if each["spoken"] and each["heard"]]
    understood = len(aloud) / spoken
    if len(ready) < 0.9 * written or understood < 0.5:
        raise RuntimeError(f"{len(ready)} of {written} written and {len(aloud)} of {spoken} spoken ones were answered")
    figures = spread(ready, "cue_ms") | spread(aloud, "aloud_ms")
    keep("answering", figures | {"answered": len(ready) + len(aloud)}, written=written, spoken=spoken)


def texts(catalog: Catalog, patterns: tuple[str, ...], count: int) -> list[str]:
    """So many different questions."""
    titles = [product.title for product in catalog.products]
    found = [pattern.format(title) for pattern in patterns for title in titles]
    if len(found) < count:
        raise ValueError(f"there are only {len(found)} different questions")
    return found[:count]


def fresh(text: str, asked: list[str]) -> bool:
    """Whether a question is none of the last ones: what has just been answered is not answered again."""
    return not any(same(gist(text), gist(each)) for each in asked[-LAST:])


def speech(text: str) -> np.ndarray:
    """The question as a man says it, (samples,) at 16 kHz."""
    import soxr

    said = FliteVoice("rms").speak(text)
    loud = np.flatnonzero(np.abs(said.samples) > 0.01 * np.abs(said.samples).max())
    return soxr.resample(said.samples[: loud[-1] + 1], 48_000, RATE).astype(np.float32)


if __name__ == "__main__":
    run(*(SHORT if "--short" in sys.argv else (WRITTEN, SPOKEN)))
