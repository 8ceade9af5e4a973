"""Who appears: the part of the channel file about the host, drawn or filmed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

NOBODY = "none"
LICENCE = (
    "the weights of Wav2Lip may be used for research only, by their makers' licence; whoever may use them all the same "
    "writes license_acknowledged: true"
)


class Avatar(BaseModel):
    """Who appears: a drawn host; or one who was filmed, and the drawn one in her place while she may not be shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field("mira", description="The drawn host: mira or leo; beside footage also none.")
    outfit: str | None = Field(None, description="One of the host's outfits; the first when left out.")
    footage: Path | None = Field(None, description="Folder of an avatar, such as avatars/mira: a host who was filmed.")
    net: Literal["small", "wav2lip", "musetalk", "none"] = Field(
        "small", description="What moves the lips of footage; none: they are only warped."
    )
    weights: Path | None = Field(
        None, description="Of the network: a file, for musetalk a folder. Without it small takes those it comes with."
    )
    decoder: Literal["sd-vae", "taesd"] = Field("sd-vae", description="Of musetalk: taesd is quicker, and softer.")
    device: str = Field(
        "auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$", description="Where the network works: auto, cpu, cuda or cuda:1."
    )
    worker: Path | None = Field(
        None, description="Socket of `host-engine lips`, which makes the lips of all channels of this machine."
    )
    license_acknowledged: bool = Field(False, description="Needed for wav2lip, whose weights are for research only.")
    ahead: int = Field(5, ge=0, le=25, description="Frames that the network has for the lips of a frame.")

    @model_validator(mode="after")
    def _whole(self) -> Avatar:
        if self.footage is None:
            if self.host == NOBODY:
                raise ValueError("there is no host at all: name a drawn host, or the footage of one")
            if self.weights is not None or self.worker is not None:
                raise ValueError("'weights' and 'worker' are for the lips of footage, and none is named")
            return self
        if self.net in ("wav2lip", "musetalk") and self.weights is None:
            raise ValueError(f"'{self.net}' brings no weights of its own: name them under 'weights'")
        if self.net == "wav2lip" and not self.license_acknowledged:
            raise ValueError(LICENCE)
        return self
