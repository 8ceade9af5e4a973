import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from spoken import RATE, recording, speaker, word_errors

from host_engine.audience.ears.guards import refusal
from host_engine.audience.ears.shop_words import ShopWords, Ware, shop_words
from host_engine.audience.ears.sphinx import Sphinx
from host_engine.show.catalog import load_catalog

CATALOGS = Path(__file__).parents[3] / "product_catalogs"
ASKED = (
    "How much is the Sencha green tea?",
    "Can I put the teapot in the dishwasher?",
    "How long does shipping take?",
    "What is the difference between the Assam and the Sencha?",
)
OFF_TOPIC = (
    "The committee will meet on Thursday to discuss the parliamentary elections.",
    "My grandfather used to play the trumpet in a military orchestra.",
    "Yesterday the weather forecast predicted thunderstorms over the mountains.",
)


@pytest.fixture(scope="module")
def ears():
    return Sphinx(shop_words(load_catalog(CATALOGS / "tea")))


def test_questions_about_the_shop_are_understood(ears):
    wrong = wanted = 0
    for voice in ("slt", "rms"):
        say = speaker(voice)
        for text in ASKED:
            said = say(text)
            heard = ears.hear(said)
            assert refusal(heard, len(said) / RATE) == "", (text, heard)
            one = word_errors(text, heard.text)
            wrong, wanted = wrong + one[0], wanted + one[1]
    assert wrong / wanted <= 0.1, f"{wrong} of {wanted} words"


def test_what_is_about_something_else_is_refused(ears):
    say = speaker()
    for text in OFF_TOPIC:
        heard = ears.hear(say(text))
        assert refusal(heard, 3.0) == "unsure", (text, heard)


def test_other_words_after_a_swap_of_the_catalog(ears):
    other = Sphinx(ShopWords("en", "Bike Barn", (Ware("Grizzly Mountain Bicycle", "Grizzly"),)))
    say = speaker()
    assert "bicycle" in other.hear(say("How much is the mountain bicycle?")).text
    assert "sencha" not in other.hear(say("How much is the Sencha?")).text
    other.words(shop_words(load_catalog(CATALOGS / "tea")))
    assert "sencha" in other.hear(say("How much is the Sencha?")).text


def test_silence_and_noise_are_no_words(ears):
    noise = np.random.default_rng(1).normal(0, 0.02, 2 * RATE).astype(np.float32)
    for samples in (np.zeros(RATE, np.float32), noise, np.zeros(10, np.float32)):
        assert refusal(ears.hear(samples), len(samples) / RATE) != ""


def test_a_catalog_in_another_language_can_be_learnt():
    built = Sphinx(shop_words(load_catalog(CATALOGS / "kueche"))).built
    assert built.words > 300
    assert built.unsaid == ()


@pytest.mark.parametrize("name", ["audio_brooklyn_question.wav", "LJ001-0001.flac"])
def test_people_who_talk_of_something_else_are_refused(ears, name):
    samples = recording(name)
    assert refusal(ears.hear(samples), len(samples) / RATE) != ""


def test_no_sound_card_is_needed():
    code = "import sys; sys.modules['sounddevice'] = None; import host_engine.audience.ears.sphinx"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
