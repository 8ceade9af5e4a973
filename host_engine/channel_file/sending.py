"""Where the channel goes: the outputs, in the channel file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from host_engine.document.label_words import label_words
from host_engine.document.quantities import Bytes, Seconds

SECRETS = r"key|token|secret|pass|pwd|auth|sign|stream_?name|txtime|expire"  # in the names of what is no option
LONGEST_OPTION = 16  # signs
WATCHED = ("rtmp", "rtmps", "http", "https", "whep", "wheps")
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _no_secret(name: str | None) -> str | None:
    """The value may be a key that somebody put here, so no sentence repeats it."""
    if name is not None and not re.fullmatch(r"[A-Z][A-Z0-9_]{0,63}", name):
        raise ValueError("write the NAME of an environment variable here, such as STREAM_KEY, not the key itself")
    return name


def holds_key(query: str) -> bool:
    """Whether the query of an address seems to hold a stream key.

    Platforms write there which of their servers is meant, such as backup=1, and nothing that is long.
    """
    options = parse_qsl(query, keep_blank_values=True)
    long = any(max(len(name), len(value)) > LONGEST_OPTION for name, value in options)
    return long or any(re.search(SECRETS, name, re.IGNORECASE) for name, _ in options)


def can_be_sent(url: str | None) -> bool:
    """Whether an address has no spaces and no signs that nobody sees in it."""
    return not url or (url.isprintable() and " " not in url)


Side = Annotated[int, Field(ge=160, le=3840, multiple_of=2)]
Size = tuple[Side, Side]
Secret = Annotated[str | None, AfterValidator(_no_secret)]


class Target(Part):
    """What targets of all kinds have in common."""

    name: Name
    size: Size | None = Field(
        None, description="Width and height for this target, where they differ from the channel's: one more encode."
    )
    kbps: int | None = Field(
        None, ge=200, le=50_000, description="Video bitrate for this target, 1000 bit/s: one more encode."
    )
    label: Annotated[str, AfterValidator(label_words)] | None = Field(
        None, min_length=2, max_length=40, description="Text of the AI label for this target: one more encode."
    )
    language: str | None = Field(
        None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$", description="Language of the AI label: one more encode."
    )
    delay: Seconds = Field(0.0, ge=0, le=600, description="How long the show is held back for this target.")
    rotate: Seconds | None = Field(
        None, ge=60, description="End the session about so often, at the end of a line, and begin a new one."
    )
    watch: str | None = Field(
        None,
        description="Address at which a viewer could watch this target, over RTMP, HTTP-FLV or WHEP: it is measured"
        " there what viewers get.",
    )

    @field_validator("watch")
    @classmethod
    def _watchable(cls, url: str | None) -> str | None:
        """The address may hold a secret, so no sentence repeats it."""
        try:
            parts = urlsplit(url or "https://none")
            whole = parts.scheme in WATCHED and parts.hostname and parts.port != 0 and can_be_sent(url)
        except ValueError:  # a port that is none, or half of the brackets of IPv6
            whole = False
        if not whole or (parts.scheme in ("rtmp", "rtmps") and "/" not in parts.path.strip("/")):
            raise ValueError("write rtmp://HOST/APP/STREAM, https://HOST/NAME.flv or the address of a WHEP endpoint")
        if parts.path.lower().endswith((".m3u8", ".mpd")):
            raise ValueError("playlists of HLS and DASH are not watched; write one of RTMP, FLV over HTTP or WHEP")
        if parts.password:
            raise ValueError("a password does not belong in this file")
        return url


class RtmpTarget(Target):
    """A platform or server that takes RTMP or RTMPS."""

    kind: Literal["rtmp"]
    platform: str | None = Field(None, description="A preset, such as youtube; see docs/platforms.md.")
    backup: str | None = Field(None, description="A second address, used while the first one cannot be reached.")
    url: str = Field(
        "",
        description="rtmp://HOST/APP or rtmps://HOST/APP, without the stream key; may be left out where the platform"
        " has one address for all.",
    )
    key_env: Secret = Field(None, description="Name of the environment variable that holds the stream key.")
    ca: Path | None = Field(None, description="Certificates to trust besides the system's, for rtmps.")
    insecure: bool = Field(False, description="Do not check the server's certificate. Only for tests at home.")

    @field_validator("url", "backup")
    @classmethod
    def _rtmp(cls, url: str | None) -> str | None:
        """The address may hold a key, so no sentence repeats it."""
        try:
            parts = urlsplit(url or "rtmp://none/app")
            whole = parts.scheme in ("rtmp", "rtmps") and parts.hostname and parts.path.strip("/") and parts.port != 0
            whole = whole and can_be_sent(url)
        except ValueError:  # a port that is none, or half of the brackets of IPv6
            whole = False
        if not whole:
            raise ValueError("write an address like rtmp://HOST/APP or rtmps://HOST/APP")
        if "@" in parts.netloc:
            raise ValueError("no user and no password belong in this file; use key_env")
        if holds_key(parts.query):
            raise ValueError("a stream key does not belong behind the ? of an address; use key_env")
        return url

    @model_validator(mode="after")
    def _somewhere(self) -> RtmpTarget:
        if not self.url and self.platform is None:
            raise ValueError("write the url, or a platform whose address is known, such as youtube")
        return self


class WhipTarget(Target):
    """An SFU or media server that takes WebRTC over WHIP (RFC 9725)."""

    kind: Literal["whip"]
    url: str = Field(description="http(s)://HOST/PATH, the WHIP endpoint.")
    token_env: Secret = Field(None, description="Name of the environment variable that holds the bearer token.")
    backup: str | None = Field(None, description="A second endpoint, used while the first one cannot be reached.")
    ca: Path | None = Field(None, description="Certificates to trust besides the system's.")
    insecure: bool = Field(False, description="Do not check the server's certificate. Only for tests at home.")

    @field_validator("url", "backup")
    @classmethod
    def _http(cls, url: str | None) -> str | None:
        """The address may hold a secret, so no sentence repeats it."""
        try:
            parts = urlsplit(url or "https://none")
            whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and can_be_sent(url)
        except ValueError:
            whole = False
        if not whole:
            raise ValueError("write an address such as https://sfu.example.com/whip/endpoint")
        if parts.password:
            raise ValueError("a password does not belong in this file; use token_env")
        return url


class Keep(Part):
    """How much of a recording stays on the disk; older files of this recording are deleted, no others."""

    days: float | None = Field(None, gt=0, description="Delete what is older than so many days.")
    size: Bytes | None = Field(None, gt=0, description="At most so much in all, such as 200GB.")

    @model_validator(mode="after")
    def _some(self) -> Keep:
        if self.days is None and self.size is None:
            raise ValueError("write how long or how much to keep, such as {days: 30, size: 200GB}")
        return self


class Recording(Part):
    """Files on this machine, each a segment of the channel that plays by itself."""

    kind: Literal["file"]
    name: Name
    path: Path = Field(
        description="Ends in .mp4 or .mkv; {date} and {time} are those of a segment's first picture. A name that is"
        " taken gets -2, -3 and so on. The folder of an absolute path must exist."
    )
    segment: Seconds = Field(900.0, ge=1, le=86_400, description="Length of a file, such as 90s, 15m or 1h.")
    keep: Keep | None = Field(None, description="How much to keep; everything when left out.")

    @field_validator("path")
    @classmethod
    def _suffix(cls, path: Path) -> Path:
        if path.suffix not in (".mp4", ".mkv"):
            raise ValueError(f"'{path}' must end in .mp4 or .mkv")
        if "{" in str(path).replace("{date}", "").replace("{time}", ""):
            raise ValueError(f"'{path}' may hold {{date}} and {{time}} in braces, nothing else")
        return path
