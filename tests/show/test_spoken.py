"""What is said for what is written: nothing is lost on screen, and a voice gets nothing but words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.show.languages import LANGUAGES
from host_engine.show.spoken import Token, tokens

PIECES = (
    "15.00 EUR", "€15", "15,00 €", "$19.90", "CHF 12.50", "-20 %", "100 g", "1,5 l", "10 x 20 cm", "2-3", "1/2", "½",
    "24.12.2026", "31.02.2026", "2026-12-24", "24 December", "24. Dezember", "20:00", "8 pm", "+49 30 1234567",
    "LK-100", "2nd", "2.", "1984", "1,299.50", "1.299,50", "&", "No. 5", "z. B.", "e.g.", "12 €/kg", "😀", "a@b.de",
    "www.shop.example/a-1", "9" * 50, "€", "²", "٣", "Ⅷ", "一",
)  # fmt: skip
TEXTS = (
    st.text(max_size=60)
    | st.text("0123456789.,:;-–/ €$£%xX°CgkmlhAB&+#'½²pauhrt", max_size=40)
    | st.lists(st.sampled_from(PIECES) | st.sampled_from(" .,-/("), max_size=8).map("".join)
)


def said(text: str, language: str = "en", **pronunciations: str) -> str:
    return " ".join(token.said for token in tokens(text, language, pronunciations) if token.said)


@settings(deadline=None, max_examples=600)
@given(
    TEXTS,
    st.sampled_from([*sorted(LANGUAGES), "de-AT", "en-GB", "xx"]),
    st.dictionaries(st.text(max_size=4), st.text(max_size=5), max_size=2),
)
def test_any_text_is_shown_whole_and_said_in_words(text: str, language: str, pronunciations: dict[str, str]) -> None:
    pieces = tokens(text, language, pronunciations)
    assert " ".join(piece.shown for piece in pieces) == " ".join(text.split())
    for piece in pieces:
        kinds = {unicodedata.category(sign) for sign in piece.said}
        assert not kinds & {"Nd", "Nl", "No", "Sc", "So", "Cc", "Cs"}
        assert piece.said == " ".join(piece.said.split())


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "It costs 15.00 EUR.", "It costs fifteen euros."),
        ("en", "Only €19.90!", "Only nineteen euros and ninety cents!"),
        ("en", "$1 or €0.50", "one dollar or fifty cents"),
        ("en", "CHF 12.50 (£3/kg)", "twelve francs and fifty centimes (three pounds per kilogram)"),
        ("en", "¥1,299", "one thousand two hundred and ninety-nine yen"),
        ("en", "save 20 %, or 10–15%", "save twenty percent, or ten to fifteen percent"),
        ("en", "100 g and 1.5 l, 500ml", "one hundred grams and one point five liters, five hundred milliliters"),
        ("en", "10 x 20 cm, -5 °C, 5000 mAh",
         "ten by twenty centimeters, minus five degrees Celsius, five thousand milliamp hours"),
        ("en", "2-3 cups, 1/2 litre, 1½ cups", "two to three cups, one half litre, one and one half cups"),
        ("en", "on 24 December at 20:00", "on the twenty-fourth of December at eight P M"),
        ("en", "December 24, 2026, 8 pm", "December twenty-fourth, twenty twenty-six, eight P M"),
        ("en", "2026-12-24 or 12/24/2026", "the twenty-fourth of December, twenty twenty-six or "
         "the twenty-fourth of December, twenty twenty-six"),
        ("en", "the 2nd since 1984", "the second since nineteen eighty-four"),
        ("en", "item LK-107, no. 5", "item LK one zero seven, number five"),
        ("en", "call +49 30 1234567", "call plus four nine, three zero, one two three four five six seven"),
        ("en", "30-day returns & more", "thirty-day returns and more"),
        ("en", "see https://shop.example.com/tea", "see shop dot example dot com slash tea"),
        ("en", "Good – and cheap 😀!", "Good, and cheap"),
        ("de", "Statt 19,90 € nur 15,00 EUR", "Statt neunzehn Euro neunzig nur fünfzehn Euro"),
        ("de", "1 €, 0,50 €, 1.299,00 €", "ein Euro, fünfzig Cent, eintausendzweihundertneunundneunzig Euro"),
        ("de", "am 24. Dezember um 20:30 Uhr", "am vierundzwanzigsten Dezember um zwanzig Uhr dreißig"),
        ("de", "Der 24. Dezember, die 2. Auflage", "Der vierundzwanzigste Dezember, die zweite Auflage"),
        ("de", "Das sind 15. Danach 1 Tasse, z. B. 1 l",
         "Das sind fünfzehn. Danach eine Tasse, zum Beispiel ein Liter"),
        ("de", "5.000 Stück & 1,5 kg", "fünftausend Stück und eins Komma fünf Kilogramm"),
        ("es", "21,90 € o 1 libra", "veintiún euros con noventa o una libra"),
        ("es", "el 24 de diciembre de 2026", "el veinticuatro de diciembre de dos mil veintiséis"),
        ("fr", "1 299,90 € le 1er mai à 20h30",
         "mille deux cent quatre-vingt-dix-neuf euros quatre-vingt-dix le premier mai à vingt heures trente"),
        ("fr", "20 % et 100 g", "vingt pour cent et cent grammes"),
        ("it", "15,50 € e 100 g", "quindici euro e cinquanta e cento grammi"),
        ("pt", "2 kg", "dois quilogramas"),
        ("nl", "€ 15,90", "vijftien euro negentig"),
    ],
)  # fmt: skip
def test_it_is_said_as_people_say_it(language: str, text: str, words: str) -> None:
    assert said(text, language) == words


def test_pronunciations_come_before_everything_else() -> None:
    found = tokens("Try Leaf & Kettle's sencha, 5G!", "en", {"Leaf & Kettle": "leafan kettle", "Sencha": "senn-cha"})
    assert found == (
        Token("Try", "Try"),
        Token("Leaf & Kettle's", "leafan kettle's"),
        Token("sencha,", "senn-cha,"),
        Token("5G!", "five G!"),
    )


def test_a_price_is_one_piece_with_its_punctuation() -> None:
    assert tokens("(15,00 €).", "de", {}) == (Token("(15,00 €).", "(fünfzehn Euro)."),)
