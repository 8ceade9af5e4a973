"""What a question over HTTP consists of, checked."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

LONGEST = 2000  # characters of a question; the firewall may allow fewer

Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$", description="Such as en or de-AT.")]
Name = Annotated[str, Field(max_length=80, description="The viewer's name as it may be shown and said.")]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST, description="The question, in any language.")]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Question(Asked):
    """A question that the host answers on air."""

    text: Text
    viewer: Annotated[Name, Field(min_length=1)]
    language: Language | None = None
    product: Annotated[str, Field(max_length=100, description="Id of the product it is about.")] | None = None


class Inquiry(Asked):
    """A question that is answered in writing, at once."""

    text: Text
    viewer: Name = ""
    language: Language | None = None


class Recorded(Asked):
    """Who speaks in a recording."""

    viewer: Annotated[Name, Field(min_length=1)]
    language: Language | None = None
