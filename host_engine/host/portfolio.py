"""Artwork as plain arrays with a description, and back: kept without any code in the file."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from host_engine.host.artwork import Arm, Artwork, Eye, Layer, MouthColours, Point
from host_engine.host.kept import Arrays, Form

KINDS = {kind.__name__: kind for kind in (Artwork, Layer, Eye, Arm, Point, MouthColours)}
ABOUT = "about"


def packed(artwork: Artwork) -> Arrays:
    """The pictures of the artwork, and under `ABOUT` how they belong together, as JSON."""
    arrays: dict[str, NDArray[Any]] = {}
    about = _described(artwork, arrays)
    return {**arrays, ABOUT: np.frombuffer(json.dumps(about).encode(), np.uint8)}


def unpacked(arrays: Arrays) -> Artwork:
    """The artwork again. Raises ValueError, KeyError or TypeError where these arrays are none."""
    artwork = _made(json.loads(arrays[ABOUT].tobytes()), arrays)
    if not isinstance(artwork, Artwork):
        raise ValueError("this is no artwork")
    return artwork


ARTWORK = Form(packed, unpacked)


def _described(value: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if is_dataclass(value):
        return {type(value).__name__: [_described(getattr(value, field.name), arrays) for field in fields(value)]}
    if isinstance(value, dict):
        return {"dict": {key: _described(each, arrays) for key, each in value.items()}}
    if isinstance(value, tuple):
        name = type(value).__name__ if hasattr(value, "_fields") else "tuple"
        return {name: [_described(each, arrays) for each in value]}
    return value


def _made(value: Any, arrays: Arrays) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, what),) = value.items()
    if kind == "array":
        return arrays[what]
    if kind == "dict":
        return {key: _made(each, arrays) for key, each in what.items()}
    parts = [_made(each, arrays) for each in what]
    return tuple(parts) if kind == "tuple" else KINDS[kind](*parts)
