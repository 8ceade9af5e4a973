"""An OBS that the channel steers and goes out through: a part of the channel file."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from host_engine.channel_file.sending import Name, RtmpTarget, Secret


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feed(Part):
    """How the programme comes into OBS."""

    way: Literal["rtmp", "listen", "http-flv", "browser"] = Field(
        "rtmp",
        description="rtmp: through a broker at `url`; listen: OBS itself listens at `url`; http-flv, browser: OBS"
        " fetches it from the engine.",
    )
    url: str = Field(
        "rtmp://127.0.0.1:1935/live",
        description="rtmp://HOST/APP of the broker, or of OBS's own ear; for http-flv and browser http://HOST:PORT of"
        " the engine, where OBS runs on another machine.",
    )
    key: str = Field("host", pattern=r"^[A-Za-z0-9_-]{1,60}$", description="Name of the stream at that address.")
    source: str = Field("Host engine", min_length=1, max_length=80, description="What the source is called in OBS.")

    @model_validator(mode="after")
    def _reached(self) -> Feed:
        """The address may hold a secret, so no sentence repeats it."""
        parts, sent = urlsplit(self.url), self.way in ("rtmp", "listen")
        if sent and (parts.scheme not in ("rtmp", "rtmps") or not parts.hostname or parts.path in ("", "/")):
            raise ValueError(f"url: for the way {self.way}, write an address such as rtmp://127.0.0.1:1935/live")
        if not sent and (parts.scheme not in ("rtmp", "http", "https") or not parts.hostname):
            raise ValueError("url: write the address at which OBS reaches the engine, such as http://192.168.1.4:8080")
        return self


class Obs(Part):
    """OBS 28 or later, by its own websocket."""

    host: str = Field("127.0.0.1", description="Where OBS runs.")
    port: int = Field(4455, ge=1, le=65_535)
    password_env: Secret = Field(None, description="Name of the environment variable that holds the password.")
    feed: Feed = Feed()
    collection: str | None = Field(
        None,
        description="The scene collection that is steered; another is left alone. Left out: the one that is called like"
        " the channel, as `obs setup` makes it, or whichever is chosen where there is none.",
    )
    profile: str | None = Field(
        None, description="The profile whose stream is steered; another is left alone. Left out: as for the collection."
    )
    scenes: dict[Name, str] = Field(
        default_factory=dict, description="Scenes of OBS by those of the channel, where its scene files say otherwise."
    )
    by_hand: Literal["enforce", "follow"] = Field(
        "enforce", description="What somebody changes in OBS by hand: put back, or respected until the scene changes."
    )
    transition: int = Field(0, ge=0, le=20_000, description="Milliseconds of OBS's own transition; 0 cuts.")
    stream: RtmpTarget | None = Field(
        None, description="Where OBS itself streams to; left as it is in OBS when left out."
    )
