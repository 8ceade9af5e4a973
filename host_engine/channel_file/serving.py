"""Where the viewer page and the API are served, and what may come from one address: a part of the channel file."""

from __future__ import annotations

import ipaddress
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Http(BaseModel):
    """Where the viewer page and the status are served."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field("127.0.0.1", description="Address to listen on; 0.0.0.0 for every interface.")
    port: int = Field(8080, ge=0, le=65_535, description="0 takes any free port.")
    viewers: int = Field(50, ge=0, le=10_000, description="At most this many WebRTC viewers at once.")
    requests: float = Field(200.0, ge=0, description="Requests a second from one address; 0 sets no limit.")
    connections: int = Field(200, ge=0, description="Connections at once from one address; 0 sets no limit.")
    flv: Literal["nobody", "this machine", "anybody"] = Field(
        "this machine", description="Who may fetch the programme as FLV at /live.flv, as OBS and players do."
    )
    proxies: list[str] = Field(
        default_factory=list,
        description="Proxies whose X-Forwarded-For is believed, such as 127.0.0.1 or 10.0.0.0/8; by default none.",
    )

    @field_validator("proxies")
    @classmethod
    def _addresses(cls, proxies: list[str]) -> list[str]:
        for each in proxies:
            try:
                ipaddress.ip_network(each, strict=False)
            except ValueError:
                raise ValueError(f"'{each}' is no address such as 127.0.0.1 or 10.0.0.0/8") from None
        return proxies
