"""The log of the console: what somebody did and what became of it, in sentences, the newest first."""

import pytest

from host_engine.console.happened import LONGEST, happened, listed, sentence
from host_engine.direction.happening import WHAT
from host_engine.direction.happenings import Happenings


def told(what: str, **data):
    return Happenings(lambda: 7, clock=lambda: 12.5).tell(what, **data)


@pytest.mark.parametrize(
    ("what", "data", "said"),
    [
        ("order", {"order": "hold", "by": "anna"}, "anna held the show"),
        ("order", {"order": "say", "by": "anna", "text": "Hello."}, "anna had something said: Hello."),
        ("order", {"order": "say", "id": "say-1", "state": "on air", "text": "Hello."}, "On air: Hello."),
        ("alarm", {"name": "youtube/down", "text": "YouTube is down.", "over": False}, "Alarm: YouTube is down."),
        ("alarm", {"name": "youtube/down", "text": "YouTube is down.", "over": True}, "Over: YouTube is down."),
        ("question", {"state": "asked", "name": "Ben", "text": "How much?"}, "Ben asks: How much?"),
        ("question", {"id": "3f2a", "order": "approve", "who": "anna"}, "anna let an answer be said"),
        ("swap", {"state": "done", "act": "rollback", "name": "tea", "who": "ben"}, "ben rolled back to tea"),
        (
            "swap",
            {"state": "refused", "act": "save", "why": "It has no products."},
            "Not in force: It has no products.",
        ),
        ("recall", {"act": "recall", "products": ("pot", "cup"), "who": "anna"}, "anna recalled pot, cup"),
        (
            "product",
            {"act": "change", "products": ("pot",), "who": "", "why": "webhook"},
            "The shop changed pot (webhook)",
        ),
        (
            "output",
            {"name": "youtube", "state": "waiting", "error": "refused"},
            "Output youtube: trying again: refused",
        ),
        ("order", {"order": "human voice", "on": True, "by": "anna"}, "anna chose who is heard: only people"),
        ("order", {"order": "voice", "use": ["espeak"], "by": "anna"}, "anna chose a voice: espeak"),
        ("order", {"order": "host", "host": "leo", "outfit": "sand", "by": "anna"}, "anna chose a host: leo"),
        (
            "order",
            {"order": "changes of OBS by hand", "by_hand": None, "by": "anna"},
            "anna chose what becomes of changes by hand in OBS: as the files say",
        ),
        (
            "obs",
            {"state": "put right", "detail": "The scene was another. Put right."},
            "The scene was another. Put right.",
        ),
        ("takeover", {"state": "begin", "by": "anna", "kind": "voice"}, "anna took over"),
        ("commerce", {"event": "thanks", "state": "on_air", "detail": "Thank you, Ben."}, "Thank you, Ben."),
    ],
)
def test_what_happened_is_a_sentence(what, data, said):
    assert sentence(told(what, **data)) == said


def test_whatever_comes_is_told_without_harm_and_not_at_length():
    for what in WHAT:
        assert isinstance(sentence(told(what)), str)
        assert isinstance(sentence(told(what, by="anna", name=3, text=None, products=(1,))), str)
        assert isinstance(sentence(told(what, state="odd", order="odd", text="x" * 999)), str)
        assert len(sentence(told(what, state="odd", order="odd", text="x" * 999))) <= LONGEST


def test_the_show_itself_is_not_listed_and_what_somebody_did_is_marked():
    kept = [
        told("line/start", text="Hello."),
        told("product", product="pot", title="Pot"),
        told("alarm", text="Late."),
        told("order", order="hold", by="anna"),
    ]
    assert [listed(each) for each in kept] == [False, False, True, True]
    assert [(each["text"], each["mark"]) for each in happened(kept)] == [
        ("anna held the show", True),
        ("Alarm: Late.", False),
    ]
