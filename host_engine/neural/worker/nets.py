"""Which network a channel wants, by kind and file, and how it is loaded; a channel itself needs no torch for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from host_engine.neural.net import Net, NetError

if TYPE_CHECKING:
    import torch

    from host_engine.neural.worker.worker import Load

KINDS = {  # where `load(path, device=, dtype=, **options) -> Net` is
    "musetalk": "host_engine.neural.musetalk",
    "wav2lip": "host_engine.neural.wav2lip",
    "small": "host_engine.neural.small",
}
SHIPPED = ("small",)  # those whose weights come with host_engine


class Wanted(NamedTuple):
    """A network by the name of its kind and the file or folder of its weights; equal ones are loaded once."""

    kind: str
    path: str | None = None  # None: what ships with host_engine
    options: str = "{}"  # JSON, its keys sorted

    @classmethod
    def of(cls, kind: str, path: Path | str | None = None, options: Mapping[str, Any] | None = None) -> Wanted:
        return cls(kind, None if path is None else str(Path(path).resolve()), json.dumps(options or {}, sort_keys=True))


def loader(wanted: Wanted) -> Load:
    """What loads it for a device and a type. Raises NetError for a kind that is not known."""
    if wanted.kind not in KINDS:
        raise NetError(f"there is no network {wanted.kind!r}; choose {', '.join(KINDS)}")
    if wanted.path is None and wanted.kind not in SHIPPED:
        raise NetError(f"the network {wanted.kind} comes without weights; say where its files are")

    def load(device: torch.device, dtype: torch.dtype) -> Net:
        module = import_module(KINDS[wanted.kind])
        path = None if wanted.path is None else Path(wanted.path)
        try:
            net: Net = module.load(path, device=device, dtype=dtype, **json.loads(wanted.options))
        except OSError as error:
            raise NetError(f"the network's files cannot be read: {error}") from error
        return net

    return load
