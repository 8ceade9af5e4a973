"""Who may ask, and how questions are answered: the part of the channel file about the audience."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

Review = Literal["auto", "hold", "approve"]
TOPICS = (
    *("about", "absent", "audience", "brand", "buy", "color", "compare", "condition", "contact", "delivery", "detail"),
    *("faq", "farewell", "follow", "gone", "greeting", "highlights", "human", "link", "maker", "match", "material"),
    *("measure", "medical", "name", "next", "note", "now", "payment", "praise", "price", "range", "recommend"),
    *("returns", "sale", "saving", "sell", "shipping", "size", "stock", "tax", "thanks", "unknown"),
    *("warranty", "which"),
)  # kinds of answers, to tell slips of the pen by


_HEARD = (
    "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id "
    "is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si "
    "sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh"
)
HEARD = tuple(_HEARD.split())
"""Codes of the languages that Whisper was taught, by its tokenizer."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _no_secret(name: str | None) -> str | None:
    """The value may be a key that somebody put here, so no sentence repeats it."""
    if name is not None and not re.fullmatch(r"[A-Z][A-Z0-9_]{0,63}", name):
        raise ValueError("write the NAME of an environment variable here, such as CHAT_KEY, not the key itself")
    return name


Secret = Annotated[str | None, AfterValidator(_no_secret)]


class ChatSource(Part):
    """A chat whose questions are answered."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str = Field(description="twitch, youtube, tiktok, feed, or the name of an installed chat source.")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", description="Short name, used in /status and metrics.")
    key_env: Secret = Field(None, description="Name of the environment variable that holds its token or key.")

    @property
    def settings(self) -> dict[str, Any]:
        """What else the file says: the source itself checks it."""
        return dict(self.model_extra or {})

    @property
    def secrets(self) -> dict[str, str]:
        """The variables that its secrets come from: `key_env` names that of "key", `NAME_env` that of "NAME"."""
        named = {"key_env": self.key_env} | self.settings
        return {name[:-4]: value for name, value in named.items() if name.endswith("_env") and value}

    @model_validator(mode="after")
    def _only_names(self) -> ChatSource:
        for name, value in self.settings.items():
            if name.endswith("_env"):
                _no_secret(str(value))
        return self


class Hearing(Part):
    """Questions asked aloud."""

    use: str = Field(
        "auto",
        description="auto, whisper:NAME such as whisper:small, whisper:FOLDER, pocketsphinx, or none.",
    )
    language: str | None = Field(None, description="Of the viewers, such as de; detected when left out.")
    longest: float = Field(20.0, ge=2, le=60, description="Seconds that a question may take; what follows is cut.")
    microphones: int = Field(8, ge=0, le=100, description="At most this many viewers may speak at once.")

    @field_validator("use")
    @classmethod
    def _ears(cls, use: str) -> str:
        if use not in ("auto", "pocketsphinx", "none") and not re.fullmatch(r"whisper:\S.*", use):
            raise ValueError(f"'{use}' are no ears; write auto, whisper:NAME, whisper:FOLDER, pocketsphinx or none")
        return use

    @field_validator("language")
    @classmethod
    def _tongue(cls, language: str | None) -> str | None:
        if language is None:
            return None
        base, region = language.split("-")[0], language[len(language.split("-")[0]) :]
        if base not in HEARD or not re.fullmatch(r"(-[A-Za-z0-9]{2,8})*", region):
            named = f"'{language}' is no language that ears can be set to; write its code"
            raise ValueError(f"{named}, one of {', '.join(HEARD)}, or leave it out to have it detected")
        return language


class Model(Part):
    """A language model that words answers, behind any OpenAI-compatible address."""

    url: str = Field(description="Such as http://127.0.0.1:11434/v1.")
    model: str = Field(min_length=1, description="The model's name there.")
    key_env: Secret = Field(None, description="Name of the environment variable that holds the key.")
    first: float = Field(1.5, gt=0, le=20, description="Seconds for its first sentence; later it is cancelled.")
    whole: float = Field(6.0, gt=0, le=60, description="Seconds for all of it.")

    @field_validator("url")
    @classmethod
    def _http(cls, url: str) -> str:
        """The address may hold a secret that somebody put there, so no sentence repeats it."""
        parts = urlsplit(url)
        if parts.username or parts.password or parts.query:
            raise ValueError("a password does not belong in this file; write the NAME of a variable as key_env")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write an address such as http://HOST:PORT/v1")
        return url


class Reviewing(Part):
    """Who looks at answers before they are said: nobody (auto), who likes within a time (hold), somebody (approve)."""

    mode: Review = Field("auto", description="auto, hold or approve.")
    hold: float = Field(5.0, ge=1, le=120, description="Seconds in which an answer can be vetoed, for hold.")
    topics: dict[str, Review] = Field(default_factory=dict, description="Another mode for a kind of question.")

    @field_validator("topics")
    @classmethod
    def _no_slips(cls, topics: dict[str, Review]) -> dict[str, Review]:
        """A topic that is none would let through what somebody wanted to look at."""
        for topic in topics:
            if topic not in TOPICS:
                meant = get_close_matches(topic, TOPICS, 1, 0.7)
                told = f"did you mean '{meant[0]}'?" if meant else f"there are {', '.join(sorted(TOPICS))}"
                raise ValueError(f"there are no questions of the kind '{topic}'; {told}")
        return topics


class Limits(Part):
    """How much the audience may ask."""

    each: float = Field(6.0, gt=0, description="Messages a minute of one viewer.")
    waiting: int = Field(200, ge=1, le=10_000, description="Questions that may wait for an answer.")
    patience: float = Field(180.0, ge=5, description="Seconds after which a question is no longer answered.")
    greetings: float = Field(4.0, ge=0, description="Greetings, thanks and follows that are answered in a minute.")


class Audience(Part):
    """Viewers ask, in writing or aloud, and the host answers from the catalog."""

    answers: bool = Field(True, description="Whether the host answers at all.")
    page: bool = Field(True, description="Whether viewers can ask on the viewer page.")
    chats: list[ChatSource] = Field(default_factory=list)
    ears: Hearing = Hearing()
    persona: Path | None = Field(None, description="Persona file: how this host talks, and what is never said.")
    lists: list[Path] = Field(
        default_factory=list, description="Your own lists of what is never said, one file a language, as gate/lists/*."
    )
    model: Model | None = None
    review: Reviewing = Reviewing()
    limits: Limits = Limits()
    pause: float = Field(
        4.0, ge=1, description="Seconds of a line still to be said above which an answer comes at its next pause."
    )

    @model_validator(mode="after")
    def _names_differ(self) -> Audience:
        names = [each.name for each in self.chats]
        for name in names:
            if names.count(name) > 1 or name in ("page", "api"):
                raise ValueError(f"a chat cannot be called '{name}', as another one is; give it another name")
        return self
