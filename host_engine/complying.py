"""What the channel must keep to, by law or by a platform's rules: a part of the channel file."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Compliance(BaseModel):
    """The policies that hold for this channel, besides those of the platforms that it goes to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    policies: list[str] = Field(default_factory=list, description="Names, such as eu-ai-act; see docs/platforms.md.")
    folder: Path | None = Field(None, description="Folder with policy files of your own.")
    registration: str | None = Field(
        None, min_length=2, max_length=80, description="Number under which the AI host is registered, where one is due."
    )
    human_voice: bool = Field(False, description="Only people speak: no line is said by an AI voice.")
