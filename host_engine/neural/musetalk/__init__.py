"""MuseTalk 1.5: a diffusion UNet run as one step, which paints the lower half of a face to the sound."""

from __future__ import annotations

from host_engine.neural.musetalk.blank import load_blank, write_blank
from host_engine.neural.musetalk.files import Decoder, load

__all__ = ["Decoder", "load", "load_blank", "write_blank"]
