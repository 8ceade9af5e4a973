"""The hosts, drawn in code: `draw_host` bakes one of them in one outfit, at any size."""

from __future__ import annotations

from host_engine.host.artwork import Artwork
from host_engine.host.drawing.arms import GESTURES
from host_engine.host.drawing.bake import bake
from host_engine.host.drawing.figure import FIGURES
from host_engine.host.drawing.palettes import PALETTES

HOSTS: dict[str, tuple[str, ...]] = {name: tuple(palettes) for name, palettes in PALETTES.items()}

__all__ = ["GESTURES", "HOSTS", "draw_host"]


def draw_host(name: str, palette: str, height: int) -> Artwork:
    """The host drawn `height` pixels tall, four fifths as wide. Raises ValueError if it is not one of HOSTS."""
    if name not in HOSTS:
        raise ValueError(f"no host {name!r}: there are {', '.join(HOSTS)}")
    if palette not in HOSTS[name]:
        raise ValueError(f"{name} has no palette {palette!r}: there are {', '.join(HOSTS[name])}")
    if height < 64:
        raise ValueError(f"a host of {height} pixels is too small to draw; 64 is the least")
    return bake(FIGURES[name], PALETTES[name][palette], name, palette, height)
