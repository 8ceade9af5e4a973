"""The parts that answers are made from: languages, typos, amounts, vectors that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from host_engine.audience.answers.amounts import bound
from host_engine.audience.answers.cues import intents, spoken_for
from host_engine.audience.answers.glossary import concepts, goods
from host_engine.audience.answers.kept_vectors import KeptVectors
from host_engine.audience.answers.lists import listed
from host_engine.audience.answers.reply import shortened
from host_engine.audience.answers.speller import Speller
from host_engine.audience.answers.tongue import LANGUAGES, language_of
from host_engine.audience.answers.words import words
from host_engine.audience.meaning import SIZE, Vectors


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how much is that", "en"),
        ("was kostet das", "de"),
        ("quanto costa questo", "it"),
        ("combien ça coûte", "fr"),
        ("¿cuánto cuesta esto?", "es"),
        ("这个多少钱", "zh"),
        ("Wie teuer ist das Second Flush Set?", "de"),
        ("xyzzy", "de"),
        ("", "de"),
        ("🙂", "de"),
        ("これはいくらですか", "de"),
    ],
)
def test_the_language_is_told_by_small_words_and_script(text: str, language: str) -> None:
    assert language_of(text, "de") == language


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("under 20 euros", (Decimal(20), True, "EUR")),
        ("weniger als 30,50 €", (Decimal("30.50"), True, "EUR")),
        ("meno di 15", (Decimal(15), True, None)),
        ("100元以下", (Decimal(100), True, "CNY")),
        ("more than $50", (Decimal(50), False, "USD")),
        ("something under twenty pounds", (Decimal(20), True, "GBP")),
        ("two cups", None),
        ("does it take 3 minutes", None),
    ],
)
def test_limits_to_the_price_are_read(text: str, found: tuple[Decimal, bool, str | None] | None) -> None:
    limit = bound(text)
    assert (limit and limit[:3]) == found


def test_mistakes_are_put_right_by_known_words_only() -> None:
    speller = Speller(["balm", "price", "dishwasher", "sencha", "kettle"])
    mistaken = "blam prise dish washer senca ketle".split()  # noqa: SIM905
    assert " ".join(speller.right(mistaken)) == "balm price dishwasher sencha kettle"
    assert speller.right(["bald", "rice", "wish", "zebra"], also=["rice"]) == ["bald", "rice", "wish", "zebra"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_kind_and_every_template(language: str) -> None:
    assert set(intents(language)) == set(intents("en")) or language != "en"
    assert {"price", "sale", "stock", "shipping", "returns", "human", "next", "compare"} <= set(intents(language))
    for key, by_language in listed("wording").items():
        assert by_language.get(language), (key, language)
        fields = {tuple(sorted(set(_fields(text)))) for text in (*by_language[language], *by_language["en"])}
        assert len(fields) == 1, (key, fields)


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_speak_for_their_own_kind(language: str) -> None:
    wrong = []
    for kind, intent in intents(language).items():
        for example in intent.like:
            scores = spoken_for(words(example, language), language)
            if max(scores, key=lambda each: scores[each], default=kind) != kind and scores.get(kind, 0) < 1:
                wrong.append((kind, example, scores))
    assert len(wrong) <= 0.15 * sum(len(intent.like) for intent in intents(language).values()), wrong


def test_goods_have_names_in_every_language() -> None:
    for language, word in {"en": "teapot", "de": "teekanne", "it": "teiera", "fr": "theiere", "es": "tetera"}.items():
        assert concepts([word], language) == (frozenset({"§teapot"}),)
    assert "§teapot" in concepts(words("这个茶壶多少钱"), "zh")[0]
    assert "§pan" in concepts(["bratpfanne"], "de")[0]
    assert "§teapot" in goods()


def test_long_texts_are_cut_at_the_end_of_a_sentence() -> None:
    text = "One sentence. " * 40
    assert shortened(text) == "One sentence. One sentence. One sentence."
    assert shortened("no full stop") == "no full stop."


class Counting:
    """Gives every text a vector of its own and counts what it computes."""

    def __init__(self) -> None:
        self.computed: list[str] = []

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self.computed += texts
        made = np.random.default_rng(len(texts)).normal(size=(len(texts), SIZE)).astype(np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_vectors_outlive_the_process_and_damage(tmp_path: Path) -> None:
    texts = [f"question {n}" for n in range(20)]
    first = Counting()
    KeptVectors(first, tmp_path).learn(texts)
    (file,) = tmp_path.iterdir()
    with file.open("ab") as end:
        end.write(b"torn")
    second = Counting()
    kept = KeptVectors(second, tmp_path)
    assert len(kept) == 20
    kept.learn([*texts, "a new one"])
    assert second.computed == ["a new one"]
    assert len(KeptVectors(Counting(), tmp_path)) == 21
    file.write_bytes(bytes(50_000))
    assert len(KeptVectors(Counting(), tmp_path)) == 0


def test_a_folder_that_cannot_be_written_costs_only_the_keeping(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    kept = KeptVectors(Counting(), tmp_path / "taken")
    kept.learn(["a question"])
    assert kept.knows_all(["a question"])


def _fields(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]
