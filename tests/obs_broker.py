"""The broker of deploy/obs-broker.conf, between the engine and OBS, at a port of its own."""

from __future__ import annotations

import os
import re

from program import ROOT
from rtmp_server import RtmpServer

CONFIGURATION = ROOT / "deploy" / "obs-broker.conf"


class Broker(RtmpServer):
    """What is published to `url` can be read there, a key frame first."""

    def configuration(self) -> str:
        """What nginx is told."""
        text = re.sub(r"listen 127\.0\.0\.1:\d+", f"listen 127.0.0.1:{self.port}", CONFIGURATION.read_text())
        text = text.replace("pid broker.pid", f"pid {self.folder}/nginx.pid")
        text = text.replace("error_log broker.log", f"error_log {self.folder}/error.log")
        return ("user root;\n" if os.geteuid() == 0 else "") + text
