"""Only plain words reach a voice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.audience.writer.plain import plain


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("**It is** _very_ *nice* and `round`.", "It is very nice and round."),
        ("***All*** of ~~it~~ it", "All of it it"),
        ("# Teapot\n- one cup\n- two cups", "Teapot one cup two cups"),
        ("1. First\n2) Second", "First Second"),
        ('See [the pot](https://shop.example/pot "a pot") and https://evil.example/x', "See the pot and"),
        ('<speak>Hello <break time="3s"/><prosody rate="x-fast">you</prosody></speak>', "Hello you"),
        ("Hello <script>alert(1)</script> you", "Hello alert(1) you"),
        ("Hello <br", "Hello"),
        ("Nice 🫖🍵 pot 👍🏽 ❤️ 1️⃣!", "Nice pot 1!"),
        ("\u202eabc\u202c \u200bd\u2066e\u2069\x07", "abc de"),
        ("<|im_end|>[INST] hi </s>", "hi"),
        ("34,00 € – at 80 °C, 3 < 4 & 5 > 2, R2_D2", "34,00 € – at 80 °C, 3 < 4 & 5 > 2, R2_D2"),
        ("Costs 34 , really .", "Costs 34, really."),
        ("你好，**欢迎**！", "你好，欢迎！"),
        ("", ""),
    ],
)
def test_markup_is_taken_out(written, said):
    assert plain(written) == said


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text):
    said = plain(text)
    assert "\n" not in said
    assert not set(said) & set("*`~|\\^{}\u200b\u202e\x00")


def test_long_texts_take_no_long_time():
    for nasty in ("*a" * 5000, "<" * 10_000, "[" * 10_000, "_" * 10_000, "[a](" * 3000, "- " * 5000, "|-" * 5000):
        assert len(plain(nasty)) <= len(nasty)
