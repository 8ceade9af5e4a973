"""What the channel file says of a chat, as the chat source reads it."""

from __future__ import annotations

import ssl
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """The settings of one chat; each kind adds its own fields. What the file says is text until it is read here.

    `key` is the value of the environment variable that `key_env` names, `NAME` that of each `NAME_env`; "" where the
    file names none. A field with `repr=False` is a secret: it comes from a variable, never from the file. `folder` is
    where relative paths of the channel file start.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    key: str = Field("", repr=False)
    folder: Path = Path()


class Certificates(Settings):
    """The settings of a chat that is heard through TLS."""

    ca: Path | None = Field(None, description="Certificates to trust besides the system's.")

    def context(self) -> ssl.SSLContext:
        """Takes some 20 ms. Raises ValueError where the file of certificates cannot be read."""
        context = ssl.create_default_context()
        if self.ca:
            path = self.folder / self.ca
            try:
                context.load_verify_locations(path)
            except OSError as error:
                reason = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
                raise ValueError(f"the certificates of {path} cannot be read: {reason}") from None
        return context
