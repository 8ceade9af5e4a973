"""What the channel must keep to, by law or by a platform's rules: a part of the channel file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Rule = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}/[a-z0-9][a-z0-9-]{0,39}$")]


class Compliance(BaseModel):
    """The policies that hold for this channel, besides those of the platforms that it goes to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    policies: list[str] = Field(default_factory=list, description="Names, such as eu-ai-act; see docs/platforms.md.")
    folder: Path | None = Field(None, description="Folder with policy files of your own.")
    registration: str | None = Field(
        None,
        min_length=2,
        max_length=80,
        pattern=r"\S.*\S",
        description="Number under which the AI host is registered, where one is due; it is shown on the picture.",
    )
    declared: list[Rule] = Field(
        default_factory=list,
        description="What people have done where a policy asks for it, such as youtube-altered-content/setting.",
    )
    human_voice: bool = Field(False, description="Only people speak: no line is said by an AI voice.")
