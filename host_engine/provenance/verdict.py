"""What the marks of a file come to: sentences, and whether all is as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

from host_engine.provenance.credentials import Credentials, Damaged, credentials
from host_engine.provenance.label import LABELS, SOURCES
from host_engine.provenance.reading import Found, read

MIME = {"MP4": "video/mp4"}


class Outcome(IntEnum):
    """What is to be thought of a file; also the exit status of `verify`."""

    MARKED = 0  # it says that an AI made it, and nothing speaks against it
    UNREADABLE = 1  # nobody can tell
    UNMARKED = 3  # it says nothing
    BROKEN = 4  # it was changed, or it contradicts itself


class Word(NamedTuple):
    """One finding: `good` is None where it is neither."""

    good: bool | None
    text: str


@dataclass(frozen=True)
class Verdict:
    """What was found in one file."""

    path: Path
    outcome: Outcome
    words: tuple[Word, ...]
    found: Found | None = None
    credentials: Credentials | None = None

    def written(self) -> dict[str, Any]:
        """For programs."""
        return {
            "file": str(self.path),
            "outcome": self.outcome.name.lower(),
            "findings": [{"good": each.good, "text": each.text} for each in self.words],
            "marks": self.found and vars(self.found),
            "c2pa": self.credentials and vars(self.credentials),
        }


def examine(path: Path, anchors: str = "") -> Verdict:
    """Look at all marks of a file. Raises Unreadable or OSError, with a sentence. `anchors`: PEM, for C2PA."""
    found = read(path)
    signed, damaged = None, None
    if mime := MIME.get(found.container):
        try:
            signed = credentials(path, mime, anchors)
        except Damaged as error:
            damaged = str(error)
    words = (*_pictures(found), *_container(found), *_signature(found, signed, damaged))
    return Verdict(path, _outcome(found, signed, words), words, found, signed)


def _outcome(found: Found, signed: Credentials | None, words: tuple[Word, ...]) -> Outcome:
    if any(word.good is False for word in words):
        return Outcome.BROKEN
    marked = found.marked or found.tagged or (signed and any(each in SOURCES for each in signed.sources))
    return Outcome.MARKED if marked else Outcome.UNMARKED


def _pictures(found: Found) -> Iterator[Word]:
    if found.damage:
        yield Word(False, f"The file is damaged: {found.damage}.")
    if not found.marked:
        yield Word(None, f"None of its {found.key_frames} key frames says who made it.")
        return
    part = f"{found.marked} of its {found.key_frames} key frames say so"
    if found.marked < found.key_frames:
        yield Word(False, f"Only {part}: something else was cut in, or marks were taken out.")
    else:
        yield Word(True, f"Each of its {found.key_frames} key frames says that it {_source(found)}.")
    for producer, id in found.contents[:3]:
        yield Word(True, f"It is content {id or '(without a number)'} of {producer or '(nobody named)'}{_time(found)}.")
    if len(found.contents) > 3:
        yield Word(None, f"It is made of {len(found.contents)} contents in all.")
    if found.others:
        yield Word(False, f"{found.others} marks cannot be understood.")


def _source(found: Found) -> str:
    told = [SOURCES.get(each, f"is {each}") for each in found.sources]
    return "was " + ", in parts ".join(told) if told else LABELS["1"]


def _time(found: Found) -> str:
    first, last = (str(each.get("time", "")) for each in (found.first, found.last))
    return f", made from {first} to {last}" if first and last else ""


def _container(found: Found) -> Iterator[Word]:
    where = f"The {found.container} file"
    if found.tagged is None:
        if found.container != "MPEG-TS":  # which has no place for it
            yield Word(None, f"{where} itself has no AIGC fields (GB 45438-2025): copying may lose them.")
        return
    label = LABELS.get(found.tagged["Label"], f"has the label {found.tagged['Label']!r}, which means nothing")
    told = found.tagged.get("ContentProducer", ""), found.tagged.get("ProduceID", "")
    if found.contents and told not in found.contents:
        yield Word(False, f"{where} says that it is content {told[1]} of {told[0]}, its pictures do not.")
    else:
        yield Word(True, f"{where} says so too: content {told[1]} of {told[0]} {label} (GB 45438-2025).")


def _signature(found: Found, signed: Credentials | None, damaged: str | None) -> Iterator[Word]:
    if damaged:
        yield Word(False, f"C2PA: {damaged}.")
    elif found.container not in MIME:
        yield Word(None, f"C2PA: {found.container} files have no place for a signature.")
    elif signed is None:
        yield Word(None, "C2PA: nobody has signed for it.")
    elif not signed.whole:
        faults = "; ".join(signed.faults) or "the signature does not fit"
        yield Word(False, f"C2PA: signed by {signed.holder}, but {faults}.")
    else:
        yield Word(True, f"C2PA: {_signed(signed)}, and not changed since.")
        yield from _claims(found, signed)


def _signed(signed: Credentials) -> str:
    when = f" at {signed.when}" if signed.when else ""
    if signed.trusted:
        return f"signed by {signed.holder} ({signed.issuer}){when}, whose certificate is trusted"
    if signed.own:
        return f"signed{when} with a certificate that a channel made itself: it calls itself {signed.holder}"
    return f"signed by {signed.holder} ({signed.issuer}){when}, whose certificate was not checked against any anchor"


def _claims(found: Found, signed: Credentials) -> Iterator[Word]:
    told = [SOURCES[each] for each in signed.sources if each in SOURCES]
    if told:
        yield Word(True, f"C2PA: it says that it was {', in parts '.join(told)}.")
    elif found.marked:
        yield Word(False, "C2PA: what is signed does not say that an AI made it, and its pictures do.")
