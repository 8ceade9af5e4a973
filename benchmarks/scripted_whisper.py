"""A Whisper of any size that always says the same: real files, real work, invented weights.

Built by transformers and converted by CTranslate2 as real models are, so that loading, encoding, detecting the language
and decoding are what they are with real weights; only the words are not from the sound. How: the attention and the
feed-forward parts of the decoder add nothing, and the embedding of each position is that of the token to be said there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

LANGUAGES = (
    "en", "zh", "de", "es", "ru", "ko", "fr", "ja", "pt", "tr", "pl", "ca", "nl", "ar", "sv", "it", "id", "hi", "fi",
    "vi", "he", "uk", "el", "ms", "cs", "ro", "da", "hu", "ta", "no", "th", "ur", "hr", "bg", "lt", "la", "mi", "ml",
    "cy", "sk", "te", "fa", "lv", "bn", "sr", "az", "sl", "kn", "et", "mk", "br", "eu", "is", "hy", "ne", "mn", "bs",
    "kk", "sq", "sw", "gl", "mr", "pa", "si", "km", "sn", "yo", "so", "af", "oc", "ka", "be", "tg", "sd", "gu", "am",
    "yi", "lo", "uz", "fo", "ht", "ps", "tk", "nn", "mt", "sa", "lb", "my", "bo", "tl", "mg", "as", "tt", "haw", "ln",
    "ha", "ba", "jw", "su",
)  # fmt: skip
STAMPS = 1501


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

    Takes 2 s for a toy and a minute for one of the size of "small", and as much memory as that.
    """
    from host_engine.neural.torchaudio_cpu import import_torchaudio

    import_torchaudio()  # transformers looks for it, and a broken one would end this
    from ctranslate2.converters import TransformersConverter

    plain = folder / "transformers"
    plain.mkdir(parents=True)
    tokenizer = _tokenizer(words, size.text)
    tokenizer.save(str(plain / "tokenizer.json"))
    (plain / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "WhisperTokenizer"}))
    (plain / "preprocessor_config.json").write_text(json.dumps({"feature_size": 80, "sampling_rate": 16_000}))
    _model(tokenizer, words, size, language, silence).save_pretrained(str(plain))
    into = folder / "model"
    copied = ["tokenizer.json", "preprocessor_config.json"]
    TransformersConverter(str(plain), copy_files=copied).convert(str(into), quantization="int8", force=True)
    return into


def _tokenizer(words: str, size: int) -> Tokenizer:
    """Each of these words is one token, as frequent words are in real vocabularies."""
    known = [*sorted(pre_tokenizers.ByteLevel.alphabet()), *dict.fromkeys(f"Ġ{word}" for word in words.split())]
    unused = [f"ĠĠ{n}" for n in range(size - len(known) - 1)]
    every = [*known, *unused, ""]  # by the empty one CTranslate2 knows that a model has more languages than English
    vocabulary = {token: n for n, token in enumerate(every)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    spoken = [f"<|{language}|>" for language in LANGUAGES]
    tasks = ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    marks = ["<|endoftext|>", "<|startoftranscript|>", *spoken, *tasks]
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in marks])
    tokenizer.add_tokens([AddedToken(f"<|{n * 0.02:.2f}|>", special=False) for n in range(STAMPS)])
    return tokenizer


def _model(tokenizer: Tokenizer, words: str, size: Size, language: str, silence: bool) -> Any:
    import torch
    from transformers import GenerationConfig, WhisperConfig, WhisperForConditionalGeneration

    count = tokenizer.get_vocab_size()
    config = WhisperConfig(
        vocab_size=count,
        d_model=size.width,
        encoder_layers=size.layers,
        decoder_layers=size.layers,
        encoder_attention_heads=size.heads,
        decoder_attention_heads=size.heads,
        encoder_ffn_dim=4 * size.width,
        decoder_ffn_dim=4 * size.width,
    )
    torch.manual_seed(0)
    model = WhisperForConditionalGeneration(config)
    ids = {f"<|{each}|>": tokenizer.token_to_id(f"<|{each}|>") for each in LANGUAGES}
    model.generation_config = GenerationConfig(suppress_tokens=[], begin_suppress_tokens=[], lang_to_id=ids)
    first = "<|nospeech|>" if silence else f"<|{language}|>"
    told = [tokenizer.token_to_id(f"Ġ{word}") for word in words.split()]
    said = [tokenizer.token_to_id(first), 0, 0, *told]
    with torch.no_grad():
        _script(model.model.decoder, [*said, tokenizer.token_to_id("<|endoftext|>")])
    return model


def _script(decoder: Any, said: list[int]) -> None:
    """Make the decoder say these tokens, the one at place n behind the n-th token it is given."""
    import torch

    for layer in decoder.layers:
        for part in (layer.self_attn.out_proj, layer.encoder_attn.out_proj, layer.fc2):
            part.weight.zero_()
            part.bias.zero_()
    embeddings = decoder.embed_tokens.weight
    embeddings.copy_(2 * torch.nn.functional.normalize(torch.randn_like(embeddings), dim=1))
    places = decoder.embed_positions.weight
    places.zero_()
    for place in range(len(places)):
        places[place] = 8 * embeddings[said[min(place, len(said) - 1)]]
