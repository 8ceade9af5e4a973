"""The marks that machines read, and who signs for recordings: a part of the channel file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from host_engine.channel_file.sending import Secret


class Marking(BaseModel):
    """Every stream and file says of itself that an AI made it; this says who lets it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    producer: str | None = Field(
        None,
        min_length=2,
        max_length=100,
        description="Name or registered code of who is answerable for the content (ContentProducer of GB 45438-2025);"
        " by default the channel's name.",
    )
    sign: bool = Field(True, description="Sign finished MP4 recordings with C2PA.")
    certificate: Path | None = Field(
        None, description="PEM file with the certificate that signs, then those between it and its root."
    )
    key: Path | None = Field(None, description="PEM file with the private key of the certificate.")
    key_env: Secret = Field(None, description="Name of the environment variable that holds the private key, as PEM.")
    timestamps: str | None = Field(
        None, description="http(s) address of a time-stamping authority (RFC 3161): signatures outlive the certificate."
    )

    @field_validator("timestamps")
    @classmethod
    def _http(cls, url: str | None) -> str | None:
        parts = urlsplit(url or "http://none")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.password:
            raise ValueError("write an address such as http://timestamp.example.com")
        return url

    @model_validator(mode="after")
    def _whole(self) -> Marking:
        if self.certificate is None and (self.key or self.key_env):
            raise ValueError("there is a key and no certificate; write both, or neither for one that is made here")
        if self.certificate is not None and (self.key is None) == (self.key_env is None):
            raise ValueError("a certificate needs its private key: either key, a file, or key_env")
        return self
