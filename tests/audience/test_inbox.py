"""The inbox: who is answered next, with whom, and what becomes of everybody else."""

from __future__ import annotations

import pytest

from host_engine.audience import inbox as of_inbox
from host_engine.audience.inbox import AGAIN, AGAIN_SAME, Inbox
from host_engine.audience.message import Message, Viewer
from host_engine.audience.waiting import KEPT
from host_engine.channel_file.asking import Limits


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def inbox(clock):
    return Inbox(Limits(), clock)


def message(text, viewer="", *, source="page", buyer=False, kind="question", product=None, language=None):
    viewer = viewer or f"viewer of {text}"
    return Message(text, Viewer(viewer, viewer.title(), buyer), source, 0.0, kind, language, product)


def ask(inbox, text, viewer="", on_air=None, **more):
    return inbox.offer(message(text, viewer, **more), on_air)


def texts(inbox, on_air=None):
    found = []
    while cluster := inbox.next(on_air):
        found.append(cluster.first.text)
        inbox.answered(cluster)
    return found


def test_what_was_asked_first_is_answered_first(inbox, clock):
    for text in ("how much is the teapot", "is it vegan", "do you ship to Spain"):
        assert ask(inbox, text).state == "taken"
        clock.now += 1
    assert texts(inbox) == ["how much is the teapot", "is it vegan", "do you ship to Spain"]
    assert inbox.next() is None


def test_forty_people_who_ask_one_thing_get_one_answer(inbox, clock):
    wordings = [
        "How much is the teapot?",
        "how much is the tea-pot",
        "hi! how much is the teapot",
        "HOW MUCH IS TEAPOT??",
    ]
    wordings.append("how much is the teapto, thanks")
    states = [ask(inbox, wordings[k % len(wordings)], f"v{k}").state for k in range(40)]
    assert states.count("taken") == 1
    cluster = inbox.next()
    assert len(cluster.messages) >= 40
    assert cluster.names[:3] == ("V0", "V1", "V2")
    inbox.answered(cluster)
    assert inbox.status()["answered"] == 1
    assert inbox.status()["joined"] == len(cluster.messages) - 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("do you have size 38", "do you have size 39"),
        ("is it available in red", "is it available in blue"),
        ("how much is the serum", "how much is the cream"),
        ("does it come with sugar", "does it come without sugar"),
        ("is it vegan", "is it not vegan"),
        ("is the large one in stock", "is the small one in stock"),
        ("gibt es die in schwarz", "gibt es die in weiß"),
        ("有黑色吗", "有白色吗"),
        ("do you ship to Austria", "do you ship to Australia"),
    ],
)
def test_what_differs_in_a_word_that_matters_is_asked_twice(inbox, one, other):
    assert ask(inbox, one).state == ask(inbox, other).state == "taken"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("do you have size 38?", "Hello, do you have size 38"),
        ("is the kettle dishwasher safe", "is the kettle dishwaser safe"),
        ("was kostet die Teekanne", "was kostet die teekanne bitte"),
        ("quanto costa la teiera", "ciao, quanto costa la tiera?"),
        ("这个茶壶多少钱", "请问这个茶壶多少钱?"),
    ],
)
def test_the_same_in_other_letters_is_joined(inbox, one, other):
    assert ask(inbox, one).state == "taken"
    assert ask(inbox, other).state == "joined"


def test_how_much_is_it_means_the_product_on_air(inbox):
    assert ask(inbox, "how much is it", "a", on_air="teapot").state == "taken"
    assert ask(inbox, "how much is it", "b", on_air="kettle").state == "taken"
    assert ask(inbox, "how much is it", "c", on_air="kettle", product="teapot").state == "joined"


def test_a_buyer_comes_before_a_passer_by_but_not_before_everybody_for_ever(inbox, clock):
    ask(inbox, "is it vegan")
    clock.now += 5
    ask(inbox, "how much is the teapot", buyer=True)
    assert texts(inbox) == ["how much is the teapot", "is it vegan"]
    clock.now += AGAIN_SAME
    ask(inbox, "do you ship to Spain")
    for k in range(20):
        clock.now += 8
        ask(inbox, f"is number {k} in stock", buyer=True)
        cluster = inbox.next()
        inbox.answered(cluster)
        if cluster.first.text == "do you ship to Spain":
            break
    else:
        pytest.fail("a passer-by was never answered")


def test_what_is_asked_about_the_product_on_air_comes_first(inbox, clock):
    ask(inbox, "how heavy is the kettle", on_air="teapot", product="kettle")
    clock.now += 5
    ask(inbox, "how heavy is it", on_air="teapot")
    assert inbox.next("teapot").first.text == "how heavy is it"


def test_what_more_people_ask_comes_first(inbox, clock):
    ask(inbox, "is it vegan")
    clock.now += 10
    for k in range(8):
        ask(inbox, "do you ship to Spain", f"v{k}")
    assert texts(inbox) == ["do you ship to Spain", "is it vegan"]


def test_one_viewer_may_ask_so_much_a_minute(inbox, clock):
    states = [ask(inbox, f"is number {k} in stock", "one").state for k in range(6)]
    assert states == ["taken"] * 3 + ["refused"] * 3
    receipt = ask(inbox, "is number 7 in stock", "one", language="de")
    assert receipt.reason == "rate"
    assert receipt.said.startswith("Du hast")
    assert ask(inbox, "is number 8 in stock", "other").state == "taken"
    clock.now += 10
    assert ask(inbox, "is number 9 in stock", "one").state == "taken"
    assert ask(inbox, "is number 10 in stock", "one", source="twitch").state == "taken"


def test_asking_twice_does_not_help(inbox, clock):
    assert ask(inbox, "is it vegan", "one").state == "taken"
    receipt = ask(inbox, "Is it vegan?", "one")
    assert (receipt.state, receipt.reason) == ("refused", "duplicate")
    assert "on its way" in receipt.said
    inbox.answered(inbox.next())
    clock.now += 1
    assert ask(inbox, "is it vegan", "two").reason == "answered"
    clock.now += AGAIN
    assert ask(inbox, "is it vegan", "one").reason == "answered"
    assert ask(inbox, "is it vegan", "two").state == "taken"


def test_a_new_catalog_may_be_asked_the_same_again(inbox):
    ask(inbox, "how much is the teapot", "one")
    inbox.answered(inbox.next())
    inbox.renewed()
    assert ask(inbox, "how much is the teapot", "one").state == "taken"


def test_what_waits_too_long_expires(clock):
    ends = []
    inbox = Inbox(Limits(patience=60), clock, ended=lambda *end: ends.append(end))
    asked = message("is it vegan")
    inbox.offer(asked)
    clock.now += 61
    assert inbox.next() is None
    assert ends == [(asked, "expired", "")]


def test_what_is_still_asked_does_not_expire(clock):
    inbox = Inbox(Limits(patience=60), clock)
    for k in range(5):
        assert ask(inbox, "is it vegan", f"v{k}").state != "refused"
        clock.now += 50
    assert len(inbox.next().messages) == 5


def test_when_it_is_full_the_least_worth_is_given_up(clock):
    ends = []
    inbox = Inbox(Limits(waiting=3), clock, ended=lambda message, how, why: ends.append((message.text, how, why)))
    for text in ("is it vegan", "do you ship to Spain", "how heavy is it"):
        ask(inbox, text)
        clock.now += 1
    receipt = ask(inbox, "where is it made")
    assert (receipt.state, receipt.reason) == ("refused", "full")
    assert ask(inbox, "what colours are there", buyer=True).state == "taken"
    assert ends == [("where is it made", "refused", "full"), ("how heavy is it", "refused", "full")]
    assert len(inbox) == 3
    assert ask(inbox, "is it vegan", "another").state == "joined"


def test_greetings_are_answered_together_and_a_few_a_minute(clock):
    inbox = Inbox(Limits(greetings=2), clock)
    for k in range(30):
        assert ask(inbox, "hi", f"v{k}", kind="greeting").state == ("joined" if k else "taken")
    assert ask(inbox, "thanks", "x", kind="thanks").state == "taken"
    ask(inbox, "is it vegan")
    assert inbox.next().first.text == "is it vegan"
    first = inbox.next()
    assert first.first.kind == "greeting"
    assert len(first.messages) == 30
    assert inbox.next() is None
    clock.now += 30
    assert inbox.next().first.kind == "thanks"


def test_no_greetings_are_answered_where_none_are_wanted(clock):
    inbox = Inbox(Limits(greetings=0), clock)
    ask(inbox, "hi", kind="greeting")
    clock.now += 100
    assert inbox.next() is None


def test_a_greeting_does_not_starve(inbox, clock):
    ask(inbox, "hi", kind="greeting")
    for k in range(20):
        clock.now += 15
        ask(inbox, f"is number {k} in stock")
        cluster = inbox.next()
        inbox.answered(cluster)
        if cluster.first.kind == "greeting":
            return
    pytest.fail("nobody was greeted")


def test_what_means_the_same_is_answered_together(clock):
    asked = []

    def near(one, other):
        asked.append((one, other))
        return 0.95 if {"price", "cost"} & set(one.split()) and {"price", "cost"} & set(other.split()) else 0.1

    inbox = Inbox(Limits(), clock, near)
    for text in ("what does the teapot cost", "price of the teapot", "is it vegan", "cost of 2 teapots"):
        ask(inbox, text)
    cluster = inbox.next()
    assert [each.text for each in cluster.messages] == ["what does the teapot cost", "price of the teapot"]
    assert ("what does the teapot cost", "cost of 2 teapots") not in asked  # numbers differ
    assert len(inbox) == 2


def test_a_comparison_that_fails_is_left_alone(clock, caplog):
    inbox = Inbox(Limits(), clock, near=lambda one, other: 1 / 0)
    ask(inbox, "is it vegan")
    ask(inbox, "how heavy is it")
    assert len(inbox.next().messages) == 1
    assert "cannot be compared" in caplog.text
    assert len(inbox.next().messages) == 1


def test_a_listener_that_fails_is_left_alone(clock, caplog):
    inbox = Inbox(Limits(), clock, ended=lambda *end: 1 / 0)
    ask(inbox, "is it vegan", "one")
    assert ask(inbox, "is it vegan", "one").state == "refused"
    assert "told any longer" in caplog.text
    inbox.answered(inbox.next())


def test_a_vetoed_question_is_counted_as_such(inbox):
    ask(inbox, "is it vegan", "one")
    cluster = inbox.next()
    inbox.dropped(cluster, "vetoed")
    inbox.dropped(cluster, "vetoed")
    inbox.answered(cluster)
    assert inbox.status()["refused"] == {"vetoed": 1}
    assert inbox.status()["answered"] == 0


def test_what_the_firewall_refuses_is_counted_here_too(inbox):
    receipt = inbox.refuse(message("fuck", "one", language="fr"), "abuse")
    assert receipt.said.startswith("Restons")
    assert inbox.status()["refused"] == {"abuse": 1}
    assert inbox.status()["heard"] == 1


def test_a_question_handed_out_and_forgotten_is_not_lost_silently(inbox, clock):
    ask(inbox, "is it vegan")
    cluster = inbox.next()
    assert inbox.status()["in_hand"] == 1
    clock.now += max(of_inbox.IN_HAND, 4 * Limits().patience) + 2
    assert inbox.status()["in_hand"] == 0
    assert inbox.status()["expired"] == 1
    inbox.answered(cluster)
    assert inbox.status()["answered"] == 0


def test_the_status_tells_how_long_viewers_wait(inbox, clock):
    ask(inbox, "is it vegan")
    clock.now += 4
    assert inbox.status()["oldest_s"] == 4
    inbox.answered(inbox.next())
    assert inbox.status()["waited_s"] == {"count": 1, "p50": 4.0, "p95": 4.0, "p100": 4.0}


def test_a_crowd_in_one_question_is_bounded(clock):
    inbox = Inbox(Limits(), clock)
    for k in range(500):
        assert ask(inbox, "is it vegan", f"v{k}").state != "refused"
    assert inbox.status()["largest"] == 500
    cluster = inbox.next()
    assert len(cluster.messages) == KEPT
    inbox.answered(cluster)
    assert inbox.status()["joined"] == 499


def test_what_has_no_words_is_refused(inbox):
    assert ask(inbox, "?!").reason == "empty"
    assert ask(inbox, "").reason == "empty"


def test_one_address_with_many_names_keeps_nobody_else_out(clock):
    inbox = Inbox(Limits(waiting=10), clock)
    for n in range(40):
        clock.now += 0.1
        taken = Message(
            f"do you ship to island number {n}", Viewer(f"name {n}"), "api", clock.now, origin="203.0.113.9"
        )
        inbox.offer(taken)
    assert len(inbox) == 10
    clock.now += 1
    for n, text in enumerate(("is the teapot in stock", "how heavy is the kettle")):
        honest = Message(text, Viewer(f"honest {n}"), "api", clock.now, origin=f"198.51.100.{n}")
        assert inbox.offer(honest).state == "taken"
    waiting = [each.first.text for each in inbox.waiting()]
    assert "is the teapot in stock" in waiting
    assert "how heavy is the kettle" in waiting
    assert len(inbox) == 10


def test_room_is_made_among_addresses_until_each_has_its_share(clock):
    inbox = Inbox(Limits(waiting=9), clock)
    for n in range(60):
        clock.now += 0.1
        origin = "abc"[n % 3] if n > 20 else "a"
        inbox.offer(
            Message(f"does article {n * 7919} fit drawer {n}", Viewer(f"v{n}"), "api", clock.now, origin=origin)
        )
    origins = [each.first.origin for each in inbox.waiting()]
    assert {each: origins.count(each) for each in "abc"} == {"a": 3, "b": 3, "c": 3}
