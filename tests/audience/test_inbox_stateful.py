"""Whatever comes in whatever order: every message ends in exactly one way, and all is bounded."""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from host_engine.audience.inbox import MOST_IN_HAND, REMEMBERED, Inbox
from host_engine.audience.message import Message, Viewer
from host_engine.channel_file.asking import Limits

WAITING = 5
TEXTS = st.sampled_from(
    [
        "how much is the teapot",
        "How much is the teapot?",
        "how much is the teapto",
        "what does the teapot cost",
        "is it vegan",
        "is it not vegan",
        "do you have size 38",
        "do you have size 39",
        "有黑色吗",
        "hi",
        "",
        "???",
        "x" * 500,
    ]
) | st.text(max_size=12)
PRODUCTS = st.sampled_from([None, "teapot", "kettle"])
SECONDS = st.sampled_from([0.0, 0.1, 1.0, 10.0, 61.0, 700.0, -5.0])


class OfAnInbox(RuleBasedStateMachine):
    clusters = Bundle("clusters")

    def __init__(self):
        super().__init__()
        self.now = 0.0
        self.offered: dict[str, Message] = {}
        self.ends: dict[str, str] = {}
        self.twice: list[str] = []
        limits = Limits(each=30, waiting=WAITING, patience=60, greetings=4)
        self.inbox = Inbox(limits, lambda: self.now, self.near, self.ended)

    def near(self, one: str, other: str) -> float:
        return 1.0 if len(one) == len(other) else 0.0

    def ended(self, message: Message, how: str, why: str) -> None:
        if message.id in self.ends:
            self.twice.append(message.id)
        self.ends[message.id] = how
        assert (how == "refused") == bool(why)

    @rule(seconds=SECONDS)
    def time_passes(self, seconds):
        self.now += seconds

    @rule(
        text=TEXTS,
        viewer=st.sampled_from(["", "a", "b", "c"]),
        buyer=st.booleans(),
        kind=st.sampled_from(["question", "question", "question", "greeting", "thanks", "follow"]),
        product=PRODUCTS,
        on_air=PRODUCTS,
    )
    def somebody_writes(self, text, viewer, buyer, kind, product, on_air):
        message = Message(text, Viewer(viewer, viewer, buyer), "page", self.now, kind, None, product)
        self.offered[message.id] = message
        receipt = self.inbox.offer(message, on_air)
        assert receipt.id == message.id
        assert (receipt.state == "refused") == bool(receipt.reason) == bool(receipt.said)
        assert (receipt.state == "refused") == (self.ends.get(message.id) == "refused")

    @rule(target=clusters, on_air=PRODUCTS)
    def the_host_takes_the_next(self, on_air):
        cluster = self.inbox.next(on_air)
        for message in cluster.messages if cluster else ():
            assert message.id not in self.ends
        return cluster

    @rule(cluster=clusters)
    def it_is_answered(self, cluster):
        if cluster:
            self.inbox.answered(cluster)

    @rule(cluster=consumes(clusters))
    def it_is_vetoed(self, cluster):
        if cluster:
            self.inbox.dropped(cluster, "vetoed")

    @rule()
    def the_catalog_changes(self):
        self.inbox.renewed()

    @invariant()
    def nothing_is_lost_and_nothing_ends_twice(self):
        status = self.inbox.status()
        ends = Counter(self.ends.values())
        assert not self.twice
        assert status["heard"] == len(self.offered)
        assert {how: status[how] for how in ("answered", "joined", "expired")} == {
            how: ends[how] for how in ("answered", "joined", "expired")
        }
        assert sum(status["refused"].values()) == ends["refused"]
        held = status["messages_waiting"] + status["messages_in_hand"]
        assert len(self.ends) + held == len(self.offered)

    @invariant()
    def all_is_bounded(self):
        inbox = self.inbox
        assert len(inbox) <= WAITING
        assert len(inbox._in_hand) <= MOST_IN_HAND + 1
        assert len(inbox._answers) <= REMEMBERED
        assert sum(map(len, inbox._texts.values())) <= len(inbox)
        assert len(inbox._exact) == len(inbox)

    @invariant()
    def what_waits_can_be_listed(self):
        listed = self.inbox.waiting()
        assert len(listed) == len(self.inbox)
        assert all(message.id not in self.ends for cluster in listed for message in cluster.messages)


TestInbox = OfAnInbox.TestCase
TestInbox.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
