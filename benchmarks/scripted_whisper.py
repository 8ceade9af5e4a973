"""A Whisper of any size that always says the same: real files, real work, invented weights.

Its files are those that CTranslate2's converter makes of OpenAI's models, so that loading, encoding, detecting the
language and decoding are what they are with real weights; only the words are not from the sound. How: the attention and
the feed-forward parts of the decoder add nothing, and each position holds the embedding of the token to be said there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

LANGUAGES = (
    "en", "zh", "de", "es", "ru", "ko", "fr", "ja", "pt", "tr", "pl", "ca", "nl", "ar", "sv", "it", "id", "hi", "fi",
    "vi", "he", "uk", "el", "ms", "cs", "ro", "da", "hu", "ta", "no", "th", "ur", "hr", "bg", "lt", "la", "mi", "ml",
    "cy", "sk", "te", "fa", "lv", "bn", "sr", "az", "sl", "kn", "et", "mk", "br", "eu", "is", "hy", "ne", "mn", "bs",
    "kk", "sq", "sw", "gl", "mr", "pa", "si", "km", "sn", "yo", "so", "af", "oc", "ka", "be", "tg", "sd", "gu", "am",
    "yi", "lo", "uz", "fo", "ht", "ps", "tk", "nn", "mt", "sa", "lb", "my", "bo", "tl", "mg", "as", "tt", "haw", "ln",
    "ha", "ba", "jw", "su",
)  # fmt: skip
STAMPS, MELS, SOUNDS, PLACES = 1501, 80, 1500, 448


class Size(NamedTuple):
    """The shape of a model: as those of openai/whisper-*."""

    width: int
    layers: int
    heads: int
    text: int = 50_257  # tokens of text in the vocabulary


TINY, BASE, SMALL = Size(384, 4, 6), Size(512, 6, 8), Size(768, 12, 12)
TOY = Size(64, 1, 2, 300)


def build(folder: Path, words: str, size: Size = TOY, language: str = "en", silence: bool = False) -> Path:
    """The folder of a model that says `words` in `language` whatever it hears; `silence`: and that nobody speaks.

    Takes a second for a toy; one of the size of "small" takes half a minute and 2 GB of memory.
    """
    from ctranslate2.specs import WhisperSpec

    into = folder / "model"
    into.mkdir(parents=True)
    tokenizer = _tokenizer(words, size.text)
    first = "<|nospeech|>" if silence else f"<|{language}|>"
    told = [first, "!", "!", *(f"Ġ{word}" for word in words.split()), "<|endoftext|>"]
    tokens = sorted(tokenizer.get_vocab().items(), key=lambda each: each[1])
    spec = WhisperSpec(size.layers, size.heads, size.layers, size.heads)
    _Weights(size.width).fill(spec, len(tokens), [tokenizer.token_to_id(token) for token in told])
    spec.register_vocabulary([token for token, _ in tokens])
    spec.config.lang_ids = [tokenizer.token_to_id(f"<|{each}|>") for each in LANGUAGES]
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.alignment_heads = [(size.layers - 1, 0)]
    spec.validate()
    spec.optimize("int8")
    spec.save(str(into))
    tokenizer.save(str(into / "tokenizer.json"))
    (into / "preprocessor_config.json").write_text(json.dumps({"feature_size": MELS, "sampling_rate": 16_000}))
    return into


def _tokenizer(words: str, size: int) -> Tokenizer:
    """Each of these words is one token, as frequent words are in real vocabularies."""
    known = [*sorted(pre_tokenizers.ByteLevel.alphabet()), *dict.fromkeys(f"Ġ{word}" for word in words.split())]
    unused = [f"ĠĠ{n}" for n in range(size - len(known) - 1)]
    every = [*known, *unused, ""]  # by the empty one CTranslate2 knows that a model has more languages than English
    tokenizer = Tokenizer(models.BPE(vocab={token: n for n, token in enumerate(every)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    spoken = [f"<|{language}|>" for language in LANGUAGES]
    tasks = ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    marks = ["<|endoftext|>", "<|startoftranscript|>", *spoken, *tasks]
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in marks])
    tokenizer.add_tokens([AddedToken(f"<|{n * 0.02:.2f}|>", special=False) for n in range(STAMPS)])
    return tokenizer


class _Weights:
    """Fills the shape of a model with small random weights, and its decoder with what it is to say."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._random = np.random.default_rng(0)

    def fill(self, spec: Any, tokens: int, told: list[int]) -> None:
        """told: the token that follows at each position, the last one for ever."""
        width, encoder, decoder = self._width, spec.encoder, spec.decoder
        for conv, shape in ((encoder.conv1, (width, MELS, 3)), (encoder.conv2, (width, width, 3))):
            conv.weight, conv.bias = self._noise(*shape), np.zeros(width, np.float32)
        encoder.position_encodings.encodings = self._noise(SOUNDS, width)
        for layer in encoder.layer:
            self._attention(layer.self_attention)
            self._forward(layer.ffn)
        for layer in decoder.layer:
            self._attention(layer.self_attention, silent=True)
            self._attention(layer.attention, silent=True)
            self._forward(layer.ffn, silent=True)
        for part in (encoder, decoder):
            self._norm(part.layer_norm)
        embeddings = self._noise(tokens, width)
        embeddings *= 2 / np.linalg.norm(embeddings, axis=1, keepdims=True)
        places = [told[min(place, len(told) - 1)] for place in range(PLACES)]
        decoder.embeddings.weight = decoder.projection.weight = embeddings
        decoder.position_encodings.encodings = 8 * embeddings[places]

    def _attention(self, part: Any, silent: bool = False) -> None:
        self._norm(part.layer_norm)
        shares = (3, 1) if len(part.linear) == 2 else (1, 2, 1)  # queries, keys and values; what comes out
        for linear, share in zip(part.linear, shares, strict=True):
            self._linear(linear, share * self._width, self._width)
        if silent:
            part.linear[-1].weight[:] = 0

    def _forward(self, part: Any, silent: bool = False) -> None:
        self._norm(part.layer_norm)
        self._linear(part.linear_0, 4 * self._width, self._width)
        self._linear(part.linear_1, self._width, 4 * self._width)
        if silent:
            part.linear_1.weight[:] = 0

    def _linear(self, part: Any, out: int, into: int) -> None:
        part.weight, part.bias = self._noise(out, into), np.zeros(out, np.float32)

    def _norm(self, part: Any) -> None:
        part.gamma, part.beta = np.ones(self._width, np.float32), np.zeros(self._width, np.float32)

    def _noise(self, *shape: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        return self._random.standard_normal(shape, np.float32) * np.float32(0.02)
