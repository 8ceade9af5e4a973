"""Weights of networks, from files that others made: numbers only, every one of them, each where it belongs."""

from __future__ import annotations

import hashlib
import pickle
import re
import struct
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from host_engine.neural.checkpoint_origin import recognise
from host_engine.neural.net import NetError

Tensors = dict[str, torch.Tensor]

SUFFIXES = (".pth", ".pt", ".bin", ".safetensors")
_WRAPPERS = ("state_dict", "model_state_dict", "model", "params")
_PREFIXES = ("module.", "_orig_mod.")  # of DataParallel and torch.compile
# What the parsers of torch are seen to raise for a damaged file.
_DAMAGE = (
    pickle.UnpicklingError, RuntimeError, ValueError, LookupError, EOFError, OSError, AttributeError, TypeError,
    AssertionError, struct.error, SafetensorError,
)  # fmt: skip


def read(path: Path) -> Tensors:
    """The tensors of a checkpoint by name, on the processor and in the types of the file.

    Takes what torch.save writes (with or without a wrapping {"state_dict": ...} or {"model": ...}) and safetensors,
    told apart by content, not by name; "module." prefixes are taken off. Raises NetError where the file is missing,
    truncated, something else, or holds more than numbers: nothing that a file names is ever run.
    """
    path = Path(path)
    if _is_safetensors(path):
        held: object = _read_safetensors(path)
    else:
        held = _read_torch(path)
    tensors = {
        _bare(name): value.detach()
        for name, value in _unwrapped(held, path).items()
        if isinstance(name, str) and isinstance(value, torch.Tensor)
    }
    if not tensors:
        raise NetError(f"{path}: holds no tensors; a checkpoint is a dictionary of names and tensors")
    return tensors


def fit(module: nn.Module, tensors: Mapping[str, torch.Tensor], path: Path, what: str = "") -> None:
    """Put every tensor into the module, which may lie on the meta device; the module keeps its own types.

    `what` is what the module is called to people. Raises NetError unless names and shapes are exactly the module's.
    """
    wanted = module.state_dict()
    missing = [name for name in wanted if name not in tensors]
    strange = [name for name in tensors if name not in wanted]
    other = [name for name in wanted if name in tensors and not _alike(tensors[name], wanted[name])]
    if missing or strange or other:
        what = what or type(module).__name__
        faults = [
            _listed(missing, f"of its {len(wanted)} tensors are missing", lambda n: f"{n} {_form(wanted[n])}"),
            _listed(strange, "are not of it", lambda n: f"{n} {_form(tensors[n])}"),
            _listed(other, "differ", lambda n: f"{n} is {_form(tensors[n])}, not {_form(wanted[n])}"),
        ]
        guess = recognise({name: tuple(value.shape) for name, value in tensors.items()})
        told = f" This is probably {guess}." if guess else " It may be of another model, or of another size of it."
        raise NetError(f"{path}: does not fit {what}: {'; '.join(filter(None, faults))}.{told}")
    for name, value in tensors.items():
        if value.is_floating_point() and not bool(value.isfinite().all()):
            raise NetError(f"{path}: {name} holds values that are no numbers: the file is damaged, fetch it anew")
    # Assigning spares the copy, and is the only way into a module without memory.
    hollow = any(value.is_meta for value in wanted.values())
    module.load_state_dict({n: v.to(wanted[n].dtype) for n, v in tensors.items()}, assign=hollow)


def fingerprint(path: Path) -> str:
    """16 hexadecimal digits of the SHA-256 of a file, or of all weights and settings in a folder.

    Read once (some 4 s for 3.4 GB), then remembered for as long as size and time of change stay. Raises NetError.
    """
    path = Path(path)
    try:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in (*SUFFIXES, ".json"))
            inside = "".join(f"{p.relative_to(path).as_posix()} {fingerprint(p)}\n" for p in found)
            return hashlib.sha256(inside.encode()).hexdigest()[:16]
        stat = path.stat()
        return _digest(path.resolve(), stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise NetError(f"{path}: cannot be read: {error.strerror or error}") from error


@lru_cache(maxsize=256)
def _digest(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _is_safetensors(path: Path) -> bool:
    """True for safetensors, False for what torch.save writes; NetError for what is neither."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except FileNotFoundError:
        raise NetError(f"{path}: there is no such file") from None
    except OSError as error:
        raise NetError(f"{path}: cannot be read: {error.strerror or error}") from error
    if not head:
        raise NetError(f"{path}: is empty; fetch it anew")
    if head.startswith(b"version https://git-lfs"):
        raise NetError(f"{path}: is only Git LFS's note of where the file lies; fetch the file with `git lfs pull`")
    if head.lstrip()[:1] == b"<":
        raise NetError(f"{path}: is a web page, not a checkpoint: the download failed; fetch it anew")
    if head[8:9] == b"{":
        return True
    if head.startswith((b"PK\x03\x04", b"\x80")):
        return False
    raise NetError(f"{path}: is not a checkpoint: neither torch.save nor safetensors wrote it")


def _read_safetensors(path: Path) -> Tensors:
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            # Copied: a tensor that still lies in the file dies with the process when the file is cut short.
            return {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except _DAMAGE as error:
        raise NetError(f"{path}: is truncated or damaged ({_first_line(error)}); fetch it anew") from error


def _read_torch(path: Path) -> object:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except _DAMAGE as error:
        said = str(error)
        if code := re.search(r"unsupported (?:global: )?GLOBAL (\S+)", said, re.IGNORECASE):
            raise NetError(
                f"{path}: holds code ({code[1]}) besides numbers, and was not opened; "
                "ask its makers for the weights alone (the state_dict, or safetensors)"
            ) from error
        if "TorchScript" in said:
            raise NetError(f"{path}: is a TorchScript program, not a checkpoint, and was not opened") from error
        raise NetError(f"{path}: is truncated or damaged ({_first_line(error)}); fetch it anew") from error


def _unwrapped(held: object, path: Path) -> Mapping[object, object]:
    while isinstance(held, Mapping):
        inner = next((held[key] for key in _WRAPPERS if isinstance(held.get(key), Mapping)), None)
        if inner is None:
            return held
        held = inner
    raise NetError(f"{path}: holds a {type(held).__name__}; a checkpoint is a dictionary of names and tensors")


def _bare(name: str) -> str:
    while name.startswith(_PREFIXES):
        name = name.partition(".")[2]
    return name


def _alike(given: torch.Tensor, wanted: torch.Tensor) -> bool:
    return given.shape == wanted.shape and given.is_floating_point() == wanted.is_floating_point()


def _form(tensor: torch.Tensor) -> str:
    kind = "" if tensor.is_floating_point() else f" of {str(tensor.dtype).removeprefix('torch.')}"
    return f"{tuple(tensor.shape)}{kind}"


def _listed(names: list[str], fault: str, tell: Callable[[str], str]) -> str:
    shown = ", ".join(tell(name) for name in names[:3])
    return f"{len(names)} {fault} (first {shown})" if names else ""


def _first_line(error: BaseException) -> str:
    said = str(error).strip()
    if inner := re.search(r"WeightsUnpickler error: (.+)", said):  # torch's own lines before it are for programmers
        said = inner[1]
    return (said or type(error).__name__).splitlines()[0][:160]
