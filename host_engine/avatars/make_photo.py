"""From a single portrait to an avatar: a short film of it that breathes, blinks and turns its head a little."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from host_engine.avatars.consent import Consent, digest
from host_engine.avatars.finders import Finder, Floats
from host_engine.avatars.folder import Source
from host_engine.avatars.make import Made
from host_engine.avatars.parts import Goes, Parts, Told, agreed, free, write
from host_engine.avatars.portrait import Portrait, read_portrait
from host_engine.avatars.portrait_film import Film
from host_engine.avatars.portrait_motion import motions
from host_engine.avatars.source import FootageError

SECONDS = 24.0  # there and back it repeats after 48
SHORTEST, LONGEST = 4.0, 120.0
SMALLISH = 180.0  # pixels of a face's width, below which it looks soft


def make_from_photo(
    path: Path,
    finder: Finder | None,
    points: Floats | None,
    goes: Goes,
    told: Told,
    size: tuple[int, int] | None = None,
    seconds: float = SECONDS,
    seed: int = 1,
) -> Made:
    """Make an avatar of a portrait. Raises Problems, or FootageError with a line for each thing that is wrong.

    The face is found by `finder`, or lies where `points` (5, 2), in pixels of the picture, say. It is cut to
    `size` (width, height) where one is given.
    """
    consent = agreed(goes.consent)
    free(goes)
    if not SHORTEST <= seconds <= LONGEST:
        raise FootageError(f"--seconds {seconds:g}: {SHORTEST:.0f} to {LONGEST:.0f} s are made of a picture")
    portrait = read_portrait(path, finder, points, size)
    count = round(seconds * goes.fps)
    told("Taking the picture apart", 0, count)
    film, moves = Film(portrait), motions(count, goes.fps, seed)
    boxes, found = film.faces(moves)
    whole = (0, count - 1)
    parts = Parts(
        film.pictures(moves), boxes, found, whole, (whole,), "photo", Source(name=path.name, sha256=digest(path))
    )
    return Made(write(parts, goes, told), tuple(_notes(portrait, consent)), (0.0, 0.0))


def _notes(portrait: Portrait, consent: Consent) -> Iterator[str]:
    """What is good to know, in sentences."""
    if portrait.wide < SMALLISH:
        yield f"the face is only {portrait.wide:.0f} pixels wide, so that it will look soft: take a larger picture"
    if consent.kind != "person":
        yield "the consent says that this is artwork: no living person's face may be seen in it"
