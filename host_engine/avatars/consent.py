"""The consent without which there is no avatar: who agreed to what, until when, and what proves it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from host_engine.document import Problem, Problems, problem_at, read

ANY = "any"
OWN = "own-artwork"
Use = Literal["live", "recordings", "advertising", "training"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _listed(given: Any) -> Any:
    """'any' is the list that names everything; another single text is a mistake that is easy to make."""
    if given == ANY:
        return [ANY]
    if isinstance(given, str):
        raise ValueError(f"write a list, such as [{given}], or the word {ANY}")
    return given


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError(f"an empty list allows nothing; name something, or write the word {ANY}")
    return names


Names = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_some)]
Uses = Annotated[
    tuple[Literal["live", "recordings", "advertising", "training", "any"], ...],
    BeforeValidator(_listed),
    AfterValidator(_some),
]


class Scope(Part):
    """What was agreed to. What is not written is not allowed."""

    channels: Names = Field(description="Names of channels, or any.")
    brands: Names = Field(description="Names of shops and brands, or any.")
    languages: Names = Field(description="Such as [de, en]; de allows de-AT as well; or any.")
    uses: Uses = Field(description="Of live, recordings, advertising, training; or any.")


class Proof(Part):
    """The signed paper, or the recording, in which the person agrees."""

    file: Path = Field(description="From the folder of this file.")
    sha256: str = Field(pattern=r"^[0-9a-fA-F]{64}$", description="As `sha256sum FILE` prints it.")


class Consent(Part):
    """One person's consent; artwork of our own has a consent of its own kind, which needs no proof."""

    kind: Literal["person", "own-artwork"] = Field("person", description="own-artwork: nobody's face is shown.")
    person: str = Field(min_length=2, description="Who is seen, or who owns the artwork.")
    scope: Scope
    given: date
    expires: date = Field(description="The last day on which the avatar may be shown.")
    revoked: date | None = Field(None, description="The first day on which it may not be shown any more.")
    contact: str = Field(min_length=3, description="Whom to ask: a mail address or a telephone number.")
    proof: Proof | None = None

    @model_validator(mode="after")
    def _whole(self) -> Consent:
        if self.kind == "person" and self.proof is None:
            raise ValueError("'proof' is missing: the signed paper or the recording, as file and sha256")
        if self.expires < self.given:
            raise ValueError(f"it expires on {self.expires}, before it was given on {self.given}")
        return self

    def refused(
        self,
        now: datetime | date,
        *,
        channel: str | None = None,
        brand: str | None = None,
        language: str | None = None,
        use: Use | None = None,
    ) -> str | None:
        """Why the avatar may not be shown, in a sentence; None where it may. What is None is not asked for."""
        day, who = now.date() if isinstance(now, datetime) else now, self.person
        if self.revoked is not None and day >= self.revoked:
            return f"the consent of {who} was revoked on {self.revoked}; ask {self.contact}"
        if day > self.expires:
            return f"the consent of {who} expired after {self.expires}; ask {self.contact} for a new one"
        if day < self.given:
            return f"the consent of {who} begins on {self.given}; today is {day}"
        asked = (
            ("the channel", channel, self.scope.channels),
            ("the brand", brand, self.scope.brands),
            ("the language", language, self.scope.languages),
            ("the use", use, self.scope.uses),
        )
        for what, name, allowed in asked:
            if name is not None and not _covers(allowed, name, part="-" if what == "the language" else None):
                return (
                    f"the consent of {who} does not cover {what} '{name}', only {', '.join(allowed)};"
                    f" ask {self.contact}"
                )
        return None


def read_consent(path: Path, proof: bool = True) -> Consent:
    """The consent in a file. Raises Problems, with line and place, for what is wrong in it or in its proof.

    Without `proof` the proof is not looked at: it lies beside the signed original, not beside an avatar's copy.
    """
    consent = read(path, Consent)
    if proof and consent.proof is not None and (fault := _unproven(path, consent.proof)):
        raise Problems([fault])
    return consent


def digest(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unproven(path: Path, proof: Proof) -> Problem | None:
    try:
        found = digest(path.parent / proof.file)
    except OSError as error:
        what = f"the proof {proof.file} cannot be read: {error.strerror or error}"
        return problem_at(path, ("proof", "file"), what)
    if found == proof.sha256.lower():
        return None
    what = f"the proof {proof.file} is not the file that was meant: its sha256 is {found}"
    return problem_at(path, ("proof", "sha256"), what)


def _covers(allowed: tuple[str, ...], name: str, part: str | None) -> bool:
    """Whether a name is among the allowed ones, whatever its case; of a language its first part is enough."""
    known = {each.casefold() for each in allowed}
    names = {name.casefold()} | ({name.casefold().partition(part)[0]} if part else set())
    return ANY in known or bool(known & names)
