"""The plan of what goes wrong and when: a YAML file of faults, for `host-engine run --chaos`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from host_engine import document

Seconds = Annotated[float, Field(gt=0, le=86_400 * 365, allow_inf_nan=False)]
INSTANT = {("process", "killed"), ("output", "resets"), ("encoder", "raises"), ("picture", "raises")}


class Fault(BaseModel):
    """One thing that goes wrong, at a time and for a time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: float | None = Field(
        None, ge=0, le=86_400 * 365, allow_inf_nan=False, description="Seconds after the first frame."
    )
    every: Seconds | None = Field(None, description="Again after so many seconds, for ever.")
    seconds: Seconds | None = Field(None, alias="for", description="How many seconds it lasts.")

    @model_validator(mode="after")
    def _timed(self) -> Fault:
        if self.at is None and self.every is None:
            raise ValueError("say when: at: SECONDS after the first frame, every: SECONDS, or both")
        if self.seconds is None and not self.instant:
            raise ValueError("say how long it lasts: for: SECONDS")
        if self.every and self.seconds and self.every <= self.seconds:
            raise ValueError(f"it lasts {self.seconds:g} s, so it cannot come again every {self.every:g} s")
        return self

    @property
    def kind(self) -> str:
        return str(getattr(self, "what", ""))

    @property
    def instant(self) -> bool:
        """Whether it may be over at once."""
        return (self.kind, getattr(self, "how", "")) in INSTANT

    @property
    def first(self) -> float:
        """Seconds after the first frame at which it begins for the first time."""
        return self.at if self.at is not None else self.every or 0.0

    def __str__(self) -> str:
        name, how = getattr(self, "name", None), getattr(self, "how", None)
        said = " ".join(word for word in (self.kind, name, how) if word)
        lasts = f" for {self.seconds:g} s" if self.seconds else ""
        return f"{said}{lasts}"


class Voice(Fault):
    """The voice raises, hangs, takes `factor` times as long as the line lasts, or speaks rubbish."""

    what: Literal["voice"]
    how: Literal["raises", "hangs", "slow", "not-numbers", "silent", "wrong-words"]
    name: str | None = Field(None, description="Name of the voice; the preferred one when left out, 'all' for all.")
    factor: float = Field(3.0, gt=0, le=100, description="slow: seconds of work for a second of speech.")


class Mouth(Fault):
    """The mouth raises, hangs, takes `factor` times as long as the line lasts, or makes shapes that are no numbers."""

    what: Literal["mouth"]
    how: Literal["raises", "hangs", "slow", "not-numbers"]
    factor: float = Field(3.0, gt=0, le=100, description="slow: seconds of work for a second of speech.")


class Encoder(Fault):
    """The encoder raises (once, or all the time), or takes `ms` longer for each frame."""

    what: Literal["encoder"]
    how: Literal["raises", "slow"]
    ms: float = Field(100.0, gt=0, le=60_000, description="slow: milliseconds more for each frame.")


class Picture(Fault):
    """The drawing raises (once, or all the time), or takes `ms` longer for each frame."""

    what: Literal["picture"]
    how: Literal["raises", "slow"]
    ms: float = Field(100.0, gt=0, le=60_000, description="slow: milliseconds more for each frame.")


class Clapper(Fault):
    """No fault: instead of the show's sound, a beep with a white picture each second, to compare the two by.

    They are put in where frames are encoded, so they tell of all that lies behind.
    """

    what: Literal["clapper"]


class Output(Fault):
    """The server of an RTMP output refuses, resets, accepts and never reads, or takes `kbps` only."""

    what: Literal["output"]
    name: str = Field(description="Name of an RTMP output of the channel.")
    how: Literal["refuses", "resets", "never-reads", "slow"]
    kbps: int = Field(500, ge=1, le=1_000_000, description="slow: 1000 bit/s that the server takes.")


class Disk(Fault):
    """The disk of a recording is full, or takes `ms` longer for each write."""

    what: Literal["disk"]
    name: str = Field(description="Name of a file output of the channel.")
    how: Literal["full", "slow"]
    ms: float = Field(
        500.0, gt=0, le=600_000, description="slow: milliseconds more for each write, about one a second."
    )


class Clock(Fault):
    """The wall clock steps by `by` seconds, and back at the end."""

    what: Literal["clock"]
    by: float = Field(ge=-86_400 * 366, le=86_400 * 366, description="Seconds; -3600 is an hour back.")


class Loop(Fault):
    """The event loop is blocked, or starved by a thread that holds the interpreter for `ms` at a time."""

    what: Literal["loop"]
    how: Literal["blocked", "starved"]
    ms: float = Field(5.0, ge=1, le=5_000, description="starved: milliseconds that the hog holds on at a time.")


class Memory(Fault):
    """So many megabytes are taken, and given back at the end."""

    what: Literal["memory"]
    mb: int = Field(gt=0, le=1_000_000, description="Megabytes.")


class Process(Fault):
    """The process is killed (SIGKILL), or stopped and continued."""

    what: Literal["process"]
    how: Literal["killed", "stopped"]


class Journal(Fault):
    """The journal's database cannot be reached."""

    what: Literal["journal"]
    how: Literal["unreachable"] = "unreachable"


AnyFault = Annotated[
    Voice | Mouth | Encoder | Picture | Clapper | Output | Disk | Clock | Loop | Memory | Process | Journal,
    Field(discriminator="what"),
]


class Plan(BaseModel):
    """What goes wrong, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    faults: list[AnyFault] = Field(min_length=1)


def load(path: Path) -> Plan:
    """Read a plan. Raises Problems with everything that is wrong in it, each with its line."""
    return document.read(path, Plan)


def load_for(path: Path, rtmp: Collection[str], files: Collection[str]) -> Plan:
    """Read a plan for a channel with outputs of these names. Raises Problems, also for names that it does not have."""

    def cross(plan: Plan) -> Iterable[document.Fault]:
        for index, fault in enumerate(plan.faults):
            known, kind = (rtmp, "RTMP output") if isinstance(fault, Output) else (files, "file output")
            if isinstance(fault, Output | Disk) and fault.name not in known:
                listed = f"it has {', '.join(known)}" if known else "it has none"
                yield document.Fault(("faults", index, "name"), f"the channel has no {kind} '{fault.name}'; {listed}")

    return document.read(path, Plan, cross)
