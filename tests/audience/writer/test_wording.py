"""What of a model's stream may be said."""

import pytest

from host_engine.audience.answer import WriterError
from host_engine.audience.writer.tongue import other_language
from host_engine.audience.writer.wording import MOST_SENTENCES, MOST_SIGNS, Wording


def said(*pieces, language="en", ended="stop", forbids=lambda text: ()):
    wording = Wording(language, "Mira", forbids)
    found = [sentence for piece in pieces for sentence in wording.feed(piece)]
    return [*found, *wording.end(ended)]


def test_markup_labels_and_emoji_go():
    assert said("Mira: **It is £34.00.** 🫖 It holds <b>four</b> cups") == ["It is £34.00.", "It holds four cups."]
    assert said('"It is £34.00.') == ["It is £34.00."]


def test_the_start_of_a_sentence_is_not_said_where_the_model_was_cut_off():
    assert said("It is £34.00. It costs no", ended="length") == ["It is £34.00."]
    with pytest.raises(WriterError, match="said nothing"):
        said("It costs no", ended="length")


def test_repetition_ends_the_answer():
    assert said("It is nice. It is nice. It is round.") == ["It is nice."]
    assert said("It is nice. Very very very very very nice. Yes.") == ["It is nice."]
    assert said("It is nice. We have tea, we have tea, we have tea, we have tea.") == ["It is nice."]
    assert said("很好。好茶好茶好茶好茶好茶。", language="zh") == ["很好。"]
    assert said("这是一把好茶壶。这是一把好茶壶。", language="zh") == ["这是一把好茶壶。"]
    with pytest.raises(WriterError, match="said nothing"):
        said("haaaaaaaaaaaaaaaaaaa")


def test_an_answer_has_an_end():
    numbered = [f"This is sentence {number}. " for number in range(100)]
    assert len(said(*numbered)) == MOST_SENTENCES
    long = [" ".join(f"word{n}" for n in range(number, number + 30)) + ". " for number in range(9)]
    assert sum(map(len, said(*long))) <= MOST_SIGNS


def test_thoughts_that_were_said_already_are_an_error():
    with pytest.raises(WriterError, match="thought aloud"):
        said("The viewer wants a price. It is here. ", "So.</think>It is £34.00.")
    assert said("The viewer wants a price</think>It is £34.00.") == ["It is £34.00."]


def test_what_is_never_said_is_an_error():
    with pytest.raises(WriterError, match="never said: cheap"):
        said("It is nice. It is cheap.", forbids=lambda text: ("cheap",) if "cheap" in text else ())


@pytest.mark.parametrize(
    ("text", "language", "other"),
    [
        ("Die Kanne ist aus Ton und kostet nicht viel.", "en", "de"),
        ("It is made of clay and it is not dear.", "de", "en"),
        ("Elle est en grès et elle ne coûte pas cher.", "es", "fr"),
        ("La tetera es de gres y no cuesta mucho, pero es para ti.", "it", "es"),
        ("La teiera è di gres e non costa molto, ma è per te.", "es", "it"),
        ("这款茶壶是陶制的。", "en", "cjk"),
        ("Чайник из глины, он стоит недорого.", "en", "cyrillic"),
        ("It is made of clay and it is fine.", "zh", "latin"),
        ("Harrow Stoneware Teapot, 34.00 GBP.", "de", ""),
        ("Harrow Stoneware Teapot 34英镑，这款茶壶是陶制的，很好看。", "zh", ""),
        ("Die Kanne ist aus Ton und kostet nicht viel.", "de", ""),
        ("La teiera è di gres e non costa molto.", "it", ""),
        ("La tetera es de gres y no cuesta mucho.", "es", ""),
        ("La théière est en grès et elle ne coûte pas cher.", "fr", ""),
        ("Yes.", "de", ""),
    ],
)
def test_another_language_is_noticed(text, language, other):
    assert other_language(text, language) == other
