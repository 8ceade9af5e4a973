import pytest

from host_engine.audience.ears.guards import plain, refusal, repeated
from host_engine.audience.ears.heard import Heard


@pytest.mark.parametrize(
    ("text", "spoken", "about", "why"),
    [
        ("How much is the Sencha?", 1.5, {}, ""),
        ("¿Cuánto cuesta la tetera?", 1.5, {}, ""),
        ("这个多少钱", 1.0, {}, ""),
        ("No, no, no, what is the price?", 2.0, {}, ""),
        ("", 1.0, {}, "silence"),
        (" ... ", 1.0, {}, "silence"),
        ("How much is it?", 1.0, {"no_speech": 0.95}, "silence"),
        ("How much is it?", 1.0, {"no_speech": 0.7, "logprob": -1.3}, "silence"),
        ("How much is it?", 1.0, {"no_speech": 0.7, "logprob": -0.3}, ""),
        ("How much", 0.1, {}, "too-short"),
        ("I", 1.0, {}, "too-short"),
        ("Thanks for watching!", 2.0, {}, "noise"),
        ("Thank you for watching. Please subscribe.", 2.0, {}, "noise"),
        ("Untertitel der Amara.org-Community", 2.0, {}, "noise"),
        ("Untertitel im Auftrag des ZDF, 2017", 2.0, {}, "noise"),
        ("Sous-titres réalisés par la communauté d'Amara.org", 2.0, {}, "noise"),
        ("字幕由 Amara.org 社区提供", 2.0, {}, "noise"),
        ("♪ ♪ la la", 2.0, {}, "noise"),
        ("[Applause]", 2.0, {}, "noise"),
        ("How much is it? How much is it? How much is it? How much is it?", 5.0, {}, "repeated"),
        ("how how how how how", 2.0, {}, "repeated"),
        ("谢谢谢谢谢谢谢谢谢谢", 2.0, {}, "repeated"),
        ("Is it blue or red?", 2.0, {"compression": 2.6}, "repeated"),
        ("Is it blue or red?", 2.0, {"logprob": -1.4}, "unsure"),
        ("is it blue or red", 2.0, {"sure": 0.2}, "unsure"),
    ],
)
def test_what_is_no_question_is_refused_for_its_reason(text, spoken, about, why):
    assert refusal(Heard(text, **about), spoken) == why


def test_the_end_of_films_is_known_whatever_its_signs():
    assert plain("Sous-titrage ST' 501") in ("sous titrage st 501",)
    assert plain("Untertitel der Amara.org-Community") == "untertitel der amaraorg community"


def test_people_may_repeat_themselves_a_little():
    assert not repeated("very very good tea very good")
    assert not repeated("do you have tea do you have coffee")
    assert repeated("do you have tea do you have tea do you have tea")


def test_a_long_text_is_judged_quickly():
    assert refusal(Heard("a" * 100_000), 2.0) in ("", "repeated", "unsure")
