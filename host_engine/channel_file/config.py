"""The channel file: what one channel shows, who speaks, and where it goes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from host_engine import document
from host_engine.channel_file.asking import Audience
from host_engine.channel_file.casting import Avatar
from host_engine.channel_file.complying import Compliance
from host_engine.channel_file.marking import Marking
from host_engine.channel_file.operating import Operator
from host_engine.channel_file.sending import Keep, Name, Recording, RtmpTarget, Secret, WhipTarget
from host_engine.channel_file.serving import Http
from host_engine.channel_file.steering import Obs
from host_engine.document import Problem, Problems
from host_engine.document.label_words import label_words
from host_engine.media import Format

WEBHOOK = "alarms/webhook"  # no output can be called that
JOURNAL = "journal/key"  # nor that
MARKING = "marking/key"  # nor that
CHAT = "chat/"  # nor can one begin like that
OBS = "obs/password"  # nor that
OBS_STREAM = "obs/stream"  # nor that
FEED = "obs-feed"  # what OBS is fed by, where the engine sends it
COMMERCE = "commerce/"  # nor like that: COMMERCE with "own/0" or "shopify/0"
TAKEN = (
    "air", "http", "viewers", "programme", "monitor", "webhook", "profiler", "journal", "chaos", "voice", "avatar",
    "consent", "lips", "gate", "access", "commerce", "console", "obs", FEED, "label", "policy",
    "renditions", "marks", "watching",
)  # fmt: skip
Preset = Literal[
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "p1", "p2", "p3", "p4", "p5", "p6", "p7"
]  # fmt: skip


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Picture(Part):
    """Size and rate of the picture."""

    width: int = Field(720, ge=160, le=3840, multiple_of=2, description="Pixels.")
    height: int = Field(1280, ge=160, le=3840, multiple_of=2, description="Pixels.")
    fps: int = Field(25, ge=5, le=60, description="Frames a second; must divide 48000.")

    @field_validator("fps")
    @classmethod
    def _divides(cls, fps: int) -> int:
        if 48_000 % fps:
            raise ValueError(f"{fps} frames a second do not divide 48000 samples; use 24, 25, 30, 48, 50 or 60")
        return fps


class Voice(Part):
    """Who speaks: voices in order of preference; a broken one falls to the next."""

    use: list[str] = Field(
        ["auto"], min_length=1, description="auto, espeak, espeak:VOICE, flite:slt, coqui:FOLDER or coqui:MODEL."
    )
    music: bool = Field(True, description="A quiet music bed under the host.")


class Encoding(Part):
    """How the one encode for everybody is made."""

    codec: Literal["auto", "x264", "nvenc"] = Field("auto", description="auto takes NVENC where it works.")
    preset: Preset | None = Field(None, description="Of x264: ultrafast to slow; or of NVENC: p1 to p7.")
    kbps: int = Field(2500, ge=200, le=50_000, description="Video bitrate, 1000 bit/s.")


class Monitor(Part):
    """From when on the monitor of the outputs sounds an alarm; 0 turns a watch off."""

    silence: float = Field(8.0, ge=0, description="Seconds in which nothing can be heard.")
    quiet: float = Field(-60.0, ge=-110, le=-20, description="Loudness in dBFS below which nothing can be heard.")
    frozen: float = Field(3.0, ge=0, description="Seconds in which the picture stands still where the host is.")
    av_step_ms: float = Field(40.0, ge=0, description="Milliseconds between sound and picture.")
    behind: float = Field(2.0, ge=0, description="Seconds that an output is behind the show.")
    not_sending: float = Field(3.0, ge=0, description="Seconds in which an output sends nothing.")
    least_bitrate: float = Field(0.3, ge=0, lt=1, description="Share of encoding.kbps, measured over 10 seconds.")
    most_bitrate: float = Field(1.5, ge=0, description="Share of encoding.kbps, measured over 10 seconds.")


class Telling(Part):
    """Who is told of alarms, besides the log, /status and /metrics."""

    webhook: str | None = Field(None, description="http(s) address that gets each alarm as a POST of JSON.")
    secret_env: Secret = Field(None, description="Name of the environment variable with the secret that signs them.")
    quiet: float = Field(60.0, ge=0, description="Seconds in which an alarm that comes and goes is told only once.")

    @field_validator("webhook")
    @classmethod
    def _http(cls, url: str | None) -> str | None:
        """The address may hold a secret, so no sentence repeats it."""
        parts = urlsplit(url or "http://none")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write an address such as https://example.com/alarms")
        return url


class Journaling(Part):
    """Where it is kept what was on air: the as-run log, and the line to go on with after a restart."""

    url: str | None = Field(
        None,
        min_length=1,
        description="A file for SQLite, or postgresql+psycopg://USER@HOST/DATABASE with the password in PGPASSWORD or "
        "~/.pgpass. By default a file in the cache folder, named after the channel.",
    )
    key_env: Secret = Field(
        None, description="Name of the environment variable with a long random key that signs the as-run log."
    )

    @field_validator("url")
    @classmethod
    def _known(cls, url: str | None) -> str | None:
        """The value may hold a password, so no sentence repeats it."""
        if url and "://" in url and url.partition("://")[0] not in ("sqlite", "postgresql", "postgresql+psycopg"):
            raise ValueError("write a path for SQLite, or postgresql+psycopg://USER@HOST/DATABASE")
        return url


Output = Annotated[RtmpTarget | WhipTarget | Recording, Field(discriminator="kind")]


class Channel(Part):
    """One channel. Relative paths start at the folder of the channel file."""

    name: Name = Field(description="Short name of the channel, used in logs and metrics.")
    format: Picture = Picture()
    catalog: Path = Field(description="Folder with catalog.yaml, rundown.yaml and the pictures.")
    scenes: Path = Field(Path("scenes"), description="Folder with the scene files.")
    scene: str = Field("studio-vertical", description="Name of the scene that the show begins with.")
    avatar: Avatar = Avatar()
    voice: Voice = Voice()
    audience: Audience = Audience()
    operator: Operator = Operator()
    encoding: Encoding = Encoding()
    outputs: list[Annotated[RtmpTarget | WhipTarget | Recording, Field(discriminator="kind")]] = Field(
        default_factory=list
    )
    obs: Obs | None = Field(None, description="An OBS that the channel steers, and goes out through.")
    compliance: Compliance = Compliance()
    marking: Marking = Marking()
    monitor: Monitor = Monitor()
    alarms: Telling = Telling()
    journal: Journaling = Journaling()
    http: Http = Http()
    ladder: bool = Field(
        True, description="Make the picture cheaper while the machine is too slow; off keeps it as it is."
    )
    cache: Path = Field(Path(".cache"), description="Folder for spoken lines that are kept.")
    label: Annotated[str, AfterValidator(label_words)] | None = Field(
        None, min_length=2, max_length=40, description="Text of the AI label on the picture."
    )

    _folder: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _names_differ(self) -> Channel:
        names = [each.name for each in self.outputs]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two outputs are named '{name}'; give each its own name")
            if name in TAKEN:
                raise ValueError(f"no output can be called '{name}', as a part of the channel is; give it another name")
        paths = [each.path for each in self.outputs if isinstance(each, Recording)]
        for path in paths:
            if paths.count(path) > 1:
                raise ValueError(f"two recordings go to '{path}'; give each its own path")
        return self

    @property
    def media(self) -> Format:
        return Format(self.format.width, self.format.height, self.format.fps)

    def at_port(self, port: int) -> Channel:
        """The same channel with its page at another port."""
        return self.model_copy(update={"http": self.http.model_copy(update={"port": port})})

    def path(self, relative: Path) -> Path:
        """A path of the channel file, made absolute from the file's folder."""
        return self._folder / relative


def load(path: Path) -> Channel:
    """Read a channel file. Raises Problems with everything that is wrong in it, each with its line."""
    channel = document.read(path, Channel)
    channel._folder = path.resolve().parent
    return channel


def stream_keys(channel: Channel, path: Path, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The stream key or token of each target by its name, and other secrets by where they belong.

    The webhook's secret is under `WEBHOOK`, the journal's key under `JOURNAL`, the certificate's under `MARKING`,
    the password of OBS under `OBS`, those of a chat under `CHAT` with its name, such as "chat/tube/key", of a shop
    under `COMMERCE`.

    They come from the environment. Raises Problems for those that are not set.
    """
    wanted: list[tuple[str, str | None, str, tuple[str | int, ...]]] = [
        (WEBHOOK, channel.alarms.secret_env, "the secret of the webhook", ("alarms", "secret_env")),
        (JOURNAL, channel.journal.key_env, "the key of the journal", ("journal", "key_env")),
        (MARKING, channel.marking.key_env, "the key of the certificate", ("marking", "key_env")),
    ]
    for index, output in enumerate(channel.outputs):
        if isinstance(output, RtmpTarget):
            what = f"the stream key of '{output.name}'"
            wanted.append((output.name, output.key_env, what, ("outputs", index, "key_env")))
        if isinstance(output, WhipTarget):
            what = f"the token of '{output.name}'"
            wanted.append((output.name, output.token_env, what, ("outputs", index, "token_env")))
    if channel.obs:
        wanted.append((OBS, channel.obs.password_env, "the password of OBS", ("obs", "password_env")))
        if channel.obs.stream:
            what = "the stream key of OBS"
            wanted.append((OBS_STREAM, channel.obs.stream.key_env, what, ("obs", "stream", "key_env")))
    for index, chat in enumerate(channel.audience.chats):
        for name, env in chat.secrets.items():
            what = f"the {name} of the chat '{chat.name}'"
            wanted.append((f"{CHAT}{chat.name}/{name}", env, what, ("audience", "chats", index, f"{name}_env")))
    commerce = channel.operator.commerce
    for of, names in ("own", commerce.secret_env), ("shopify", commerce.shopify.secret_env if commerce.shopify else []):
        within = ("operator", "commerce", *((of,) if of == "shopify" else ()), "secret_env")
        wanted += [(f"{COMMERCE}{of}/{n}", each, "a secret of the shop", within) for n, each in enumerate(names)]
    keys, problems = {}, []
    for key, variable, what, place in wanted:
        if variable is None:
            continue
        if value := environment.get(variable):
            keys[key] = value
        else:
            said = f"the environment variable named here, with {what}, is not set"
            problems.append(document.problem_at(path, place, said))
    if problems:
        raise Problems(problems)
    return keys


__all__ = ["Channel", "Keep", "Problem", "Problems", "Recording", "RtmpTarget", "WhipTarget", "load", "stream_keys"]
