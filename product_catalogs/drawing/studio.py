"""Photographs a product: its shape and its matter (SkSL) are ray-marched by Skia in a small studio, then saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import skia
from numpy.typing import NDArray

HERE = Path(__file__).parent
SHEET = 1024  # pixels of a label sheet
UNIFORMS = """
uniform float2 size; uniform float2 jitter; uniform float3 eye; uniform float3 target; uniform float zoom;
uniform float3 wall; uniform float3 ground; uniform float horizon; uniform float mirror;
uniform float3 paint; uniform float3 trim; uniform shader label;
"""
JITTERS = ((-0.125, -0.375), (0.375, -0.125), (0.125, 0.375), (-0.375, 0.125))  # a rotated grid
TILE = 4  # pixels; edges are looked for and drawn again in tiles
EDGE = 12  # of 255: a jump between neighbours that is an edge
Colour = tuple[int, int, int]
Expose = Callable[[tuple[float, float], skia.Path | None], NDArray[np.uint8]]


@dataclass(frozen=True)
class World:
    """The colours of a catalog's studio: backdrop above, floor below (sRGB 0..255)."""

    catalog: str
    wall: Colour
    ground: Colour
    mirror: float = 0.35  # how much the floor reflects


@dataclass(frozen=True)
class Shot:
    """One product picture; CATALOG/SOURCE.sksl holds its map(), its matter() and, where glass is in it, its solid()."""

    name: str
    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    zoom: float
    horizon: float = 0.55
    label: Callable[[skia.Canvas], None] | None = None
    source: str = ""  # the name unless several products share a shape
    paint: Colour = (0, 0, 0)  # for shapes that come in several colours
    trim: Colour = (0, 0, 0)


@cache
def _source(name: str) -> str:
    return (HERE / f"{name}.sksl").read_text()


def _program(shot: Shot, catalog: str) -> skia.RuntimeEffect:
    product = _source(f"{catalog}/{shot.source or shot.name}")
    solid = "" if "float solid(" in product else "float solid(float3 p) { return map(p).x; }\n"
    parts = [UNIFORMS, _source("shapes"), _source("materials"), product, solid, _source("studio")]
    return skia.RuntimeEffect.MakeForShader("\n".join(parts))


def _sheet(shot: Shot) -> skia.Shader:
    surface = skia.Surface(SHEET, SHEET)
    if shot.label is not None:
        shot.label(surface.getCanvas())
    image = surface.makeImageSnapshot().withDefaultMipmaps()
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)
    return image.makeShader(skia.TileMode.kDecal, skia.TileMode.kDecal, smooth)


def _expose(shot: Shot, world: World, pixels: int) -> Expose:
    builder = skia.RuntimeShaderBuilder(_program(shot, world.catalog))
    builder.setUniform("size", [float(pixels), float(pixels)])
    for name in ("eye", "target", "paint", "trim"):
        builder.setUniform(name, [float(part) for part in getattr(shot, name)])
    for name in ("wall", "ground"):
        builder.setUniform(name, [part / 255 for part in getattr(world, name)])
    builder.setUniform("zoom", shot.zoom)
    builder.setUniform("horizon", shot.horizon)
    builder.setUniform("mirror", world.mirror)
    builder.setChild("label", _sheet(shot))

    def expose(jitter: tuple[float, float], where: skia.Path | None) -> NDArray[np.uint8]:
        builder.setUniform("jitter", list(jitter))
        picture = np.zeros((pixels, pixels, 4), np.uint8)
        with skia.Surface(picture) as canvas:
            if where is not None:
                canvas.clipPath(where, skia.ClipOp.kIntersect, False)
            canvas.drawPaint(skia.Paint(Shader=builder.makeShader()))
        return picture

    return expose


def _edges(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tiles (rows, columns) in which the picture changes fast: those need more than one sample a pixel."""
    grey = picture[..., :3].astype(np.int16).max(axis=2)
    jump = np.zeros(grey.shape, np.bool_)
    jump[:, 1:] |= abs(np.diff(grey, axis=1)) > EDGE
    jump[1:] |= abs(np.diff(grey, axis=0)) > EDGE
    jump[:, :-1] |= jump[:, 1:]
    jump[:-1] |= jump[1:]
    rows, columns = (n // TILE for n in grey.shape)
    return jump[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE).any(axis=(1, 3))


def photograph(shot: Shot, world: World, pixels: int = 1000) -> NDArray[np.uint8]:
    """The picture, (pixels, pixels, 4) in Skia's own channel order; edges get four more samples."""
    expose = _expose(shot, world, pixels)
    picture = expose((0.0, 0.0), None)
    tiles = _edges(picture)
    where = skia.Path()
    for row, column in np.argwhere(tiles):
        where.addRect(skia.Rect.MakeXYWH(float(column * TILE), float(row * TILE), float(TILE), float(TILE)))
    mask = np.zeros((pixels, pixels), np.bool_)
    inner = tiles.repeat(TILE, axis=0).repeat(TILE, axis=1)
    mask[: inner.shape[0], : inner.shape[1]] = inner
    samples = [expose(jitter, where)[mask].astype(np.uint16) for jitter in JITTERS]
    picture[mask] = (sum(samples) // len(samples)).astype(np.uint8)
    return picture


def develop(shot: Shot, world: World, folder: Path, pixels: int = 1000) -> Path:
    """Photographs the shot and saves it as folder/NAME.jpg."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{shot.name}.jpg"
    image = skia.Image.fromarray(photograph(shot, world, pixels), colorType=skia.kN32_ColorType)
    image.save(str(path), skia.kJPEG, 89)
    return path
