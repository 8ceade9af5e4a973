"""A platform: how it takes a stream, what it takes at most, what it lays over the picture, and its own policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from host_engine.document.quantities import Seconds
from host_engine.policies.profile import Source
from host_engine.policies.rules import Name, Part
from host_engine.show.label_demand import WHOLE, SafeArea

Shape = Literal["vertical", "wide", "any"]


class Ingest(Part):
    """Where the stream goes."""

    form: str = Field(min_length=3, max_length=200, description="How a stream gets in, in a sentence.")
    url: str | None = Field(None, description="The address; none where each session has its own.")
    backup: str | None = Field(None, description="A second one.")

    @field_validator("url", "backup")
    @classmethod
    def _rtmp(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).scheme not in ("rtmp", "rtmps") or not urlsplit(url).hostname):
            raise ValueError("write an address such as rtmps://live.example.com/app")
        return url


class Video(Part):
    """What the platform takes at most."""

    kbps: int | None = Field(None, ge=200, le=100_000, description="1000 bit/s of the picture.")
    fps: int | None = Field(None, ge=5, le=120)
    side: int | None = Field(None, ge=160, le=7680, description="The longer side of the picture, in pixels.")
    key_frames: Seconds = Field(4.0, ge=1, le=20, description="Seconds between two key frames.")
    shape: Shape = "any"


class Covered(Part):
    """The edges over which the platform lays its own buttons, as shares of the picture's width and height."""

    left: float = Field(0.0, ge=0, lt=0.5)
    top: float = Field(0.0, ge=0, lt=0.5)
    right: float = Field(0.0, ge=0, lt=0.5)
    bottom: float = Field(0.0, ge=0, lt=0.5)


class PresetFile(Part):
    """One file of the folder of presets."""

    title: str = Field(min_length=2, max_length=80)
    checked: date
    again: int = Field(180, ge=1, le=3650, description="Days after which the sources ought to be read again.")
    ingest: Ingest
    video: Video = Video()
    session: Seconds | None = Field(None, ge=60, description="How long the platform lets one session last.")
    rotate: Seconds | None = Field(None, ge=60, description="When a session is ended by itself, before that.")
    covered: Covered = Covered()
    policies: list[Name] = Field(default_factory=list)
    sources: list[Source] = Field(default_factory=list)
    unverified: list[str] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Preset:
    """A platform as it was read."""

    name: str
    written: PresetFile
    path: Path

    @property
    def safe(self) -> SafeArea:
        """The edges that its buttons cover."""
        covered = self.written.covered
        return SafeArea(covered.left, covered.top, covered.right, covered.bottom) if covered != Covered() else WHOLE

    def stale(self, today: date) -> str | None:
        """A sentence where its limits were looked up too long ago."""
        age = (today - self.written.checked).days
        if age <= self.written.again:
            return None
        return f"what is known of the platform '{self.name}' was last checked on {self.written.checked}, {age} days ago"
