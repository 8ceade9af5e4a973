"""What operators may do while the channel is on air: a part of the channel file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Operator(Part):
    """How the running show is directed."""

    console: bool = Field(True, description="Serve the operators' console at /console.")
    catalogs: Path | None = Field(
        None, description="Folder whose subfolders are the catalogs to swap to; by default the one the catalog is in."
    )
    watch: bool = Field(True, description="Put catalog and rundown in force anew when their files are saved.")
    border: Literal["sentence", "segment"] = Field(
        "sentence", description="Where a catalog that was saved or swapped comes in force, unless an order says so."
    )
    requests: float = Field(100.0, ge=0, description="Requests a second with one token; 0 sets no limit.")
    session_hours: float = Field(
        12.0, gt=0, le=168, description="Hours after which a browser has to show its token again."
    )
