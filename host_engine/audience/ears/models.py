"""Which Whisper models are on this machine, and which of them is the best that it can use in time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

MODELS = "HOST_ENGINE_MODELS"  # environment: a further folder of models
FOLDER = "models"  # beside the channel file
NEEDED = ("model.bin", "config.json", "tokenizer.json")
SWIFT = 700_000_000  # bytes of a model.bin that a processor can use in time: "small" has 484 MB, "medium" 1.5 GB
NAMES = ("tiny", "base", "small", "medium", "large", "turbo", "distil")


class Model(NamedTuple):
    """A model as CTranslate2 reads it."""

    name: str  # such as "small" or "tiny.en"
    path: Path
    bytes: int
    english: bool  # it knows no other language


class Shelf(NamedTuple):
    """What was found: what can be used, and sentences about what cannot."""

    models: tuple[Model, ...]
    useless: tuple[str, ...]


def look(folder: Path, environ: Mapping[str, str] = os.environ) -> Shelf:
    """The models in `models` of a folder, in the folder of HOST_ENGINE_MODELS and in the cache of Hugging Face."""
    found: list[Model] = []
    useless: list[str] = []
    for path in _candidates(folder, environ):
        missing = lacks(path)
        if missing:
            useless.append(f"{path}: {missing}")
        elif path not in [each.path for each in found]:
            found.append(describe(path))
    return Shelf(tuple(found), tuple(useless))


def lacks(path: Path) -> str:
    """What speaks against using a folder as a model, in words; "" when nothing does."""
    if not path.is_dir():
        return "there is no such folder"
    missing = [name for name in NEEDED if not (path / name).is_file()]
    if not missing:
        return ""
    if "model.bin" in missing and [*path.glob("*.safetensors"), *path.glob("pytorch_model*"), *path.glob("*.pt")]:
        return "it is not in CTranslate2's format; convert it with ct2-transformers-converter --quantization int8"
    return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"


def describe(path: Path) -> Model:
    """The model in a folder that has all it needs."""
    name = _name(path)
    return Model(name, path, (path / "model.bin").stat().st_size, name.endswith(".en") or _english(path))


def best(models: tuple[Model, ...], language: str | None, gpu: bool) -> tuple[Model | None, str]:
    """The one for viewers of this language, and why: the largest that is quick enough here."""
    other = language is not None and language.split("-")[0] != "en"
    speaks = [each for each in models if not (each.english and other)]
    swift = [each for each in speaks if gpu or each.bytes <= SWIFT]
    if not swift:
        return None, _none(models, speaks)
    chosen = max(swift, key=lambda each: (not each.english or not other, each.bytes))
    slower = ", ".join(each.name for each in speaks if each not in swift)
    why = f"the best of {len(models)} here" if len(models) > 1 else "the one that is here"
    return chosen, f"{why}{f'; {slower} would take too long on a processor' if slower else ''}"


def _none(models: tuple[Model, ...], speaks: list[Model]) -> str:
    if speaks:
        return f"{', '.join(each.name for each in speaks)} would take too long on a processor"
    if models:
        return f"{', '.join(each.name for each in models)} knows English only"
    return "no Whisper model is on this machine"


def _candidates(folder: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    for shelf in (folder / FOLDER, Path(environ[MODELS]) if environ.get(MODELS) else None):
        if shelf and shelf.is_dir():
            yield from sorted(each for each in [shelf, *shelf.iterdir()] if _modellike(each))
    for repository in sorted(_hub(environ).glob("models--*whisper*")):
        snapshots = repository / "snapshots"
        if not snapshots.is_dir():
            continue
        newest = sorted(snapshots.iterdir(), key=lambda each: each.stat().st_mtime)
        yield next((each for each in reversed(newest) if not lacks(each)), newest[-1] if newest else snapshots)


def _modellike(path: Path) -> bool:
    return path.is_dir() and any((path / name).exists() for name in (*NEEDED[:2], "model.safetensors"))


def _hub(environ: Mapping[str, str]) -> Path:
    """The cache of Hugging Face, where it is by its own rules."""
    if environ.get("HF_HUB_CACHE"):
        return Path(environ["HF_HUB_CACHE"])
    cache = Path(environ.get("XDG_CACHE_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".cache")
    return Path(environ.get("HF_HOME") or cache / "huggingface") / "hub"


def _name(path: Path) -> str:
    """ "small" for .../models--Systran--faster-whisper-small/snapshots/123 and for models/whisper-small."""
    parts = [part for part in reversed(path.parts) if any(known in part for known in NAMES)]
    said = parts[0] if parts else path.name
    for before in ("faster-whisper-", "faster-distil-whisper-", "whisper-", "whisper_"):
        _, found, tail = said.rpartition(before)
        if found:
            return f"distil-{tail}" if "distil" in before else tail
    return said


def _english(path: Path) -> bool:
    """Whether it has no tokens for other languages."""
    try:
        known = json.loads((path / "config.json").read_text(encoding="utf-8")).get("lang_ids")
    except (OSError, ValueError, AttributeError):
        return False
    return isinstance(known, list) and len(known) == 1
