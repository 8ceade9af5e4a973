"""HTML, entities, formulas and hidden signs become words that can be said."""

from __future__ import annotations

import time

import pytest

from host_engine.feeds.plain_words import name, words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<p>Soft &amp; warm</p><p>Light</p>", "Soft & warm. Light."),
        ("&lt;p&gt;Twice&nbsp;escaped&lt;/p&gt;", "Twice escaped."),
        ("<ul><li>One</li><li>Two</li></ul>", "One. Two."),
        ("Line<br/>break", "Line. break"),
        ("a < b and c > d", "a < b and c > d"),
        ("<script>alert(1)</script>Tea<style>p{}</style>", "Tea"),
        ("T\u00adea\u200b \ud83d \U0001f375 time \u202e!", "Tea time!"),
        ("| Soft | Light || Blue |", "Soft, Light, Blue"),
        ("one\r\ntwo\tthree\x00\x07", "one two three"),
        ("{title} and {price}", "(title) and (price)"),
        ("20 °C", "20 °C"),
        ("Kaffee &#x26; Tee &euml;", "Kaffee & Tee ë"),
    ],
)
def test_words(written: str, meant: str) -> None:
    assert words(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('=HYPERLINK("http://evil.example","Tea Towel")', "Tea Towel"),
        ('=HYPERLINK("http://evil.example")', "http://evil.example"),
        ("=1+1", "1+1"),
        ("@SUM(A1:A9)", "SUM(A1:A9)"),
        ("'=cmd", "cmd"),
        ("-20 °C Freezer", "-20 °C Freezer"),
        ("+1 Set", "+1 Set"),
        ("== = Tea", "Tea"),
    ],
)
def test_formulas_are_text(written: str, meant: str) -> None:
    assert name(written) == meant


def test_a_command_in_a_title_is_none_any_more() -> None:
    said = name("+cmd|' /C calc'!A0")
    assert said[0] not in "=+-@"
    assert "|" not in said


def test_long_texts_end_with_a_sentence_or_a_word() -> None:
    assert words("One two three. Four five six.", 20) == "One two three."
    assert words("One. Two three four five six.", 20) == "One. Two three four"
    assert words("A sentence of words. " * 100, 60) == "A sentence of words. A sentence of words."
    assert len(name("word " * 100)) <= 150
    assert not name("word " * 100).endswith("wor")


def test_no_text_takes_long() -> None:
    began = time.monotonic()
    for hostile in ("<" * 100_000, "<script>" * 20_000, "&" * 100_000, "<a " * 50_000, "=" * 100_000, " ." * 60_000):
        words(hostile)
        name(hostile)
    assert time.monotonic() - began < 10
