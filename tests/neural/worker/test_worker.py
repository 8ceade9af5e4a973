"""Every order is answered: with lips, or with `Missed`, whatever the network or the card does."""

import random
import threading
import time
from concurrent.futures import Future

import numpy as np
import pytest
import torch
from fake_lips import FakeCard, Switch, TinyNet, order, resident

from host_engine.neural.net import NetError
from host_engine.neural.order import Lips, Missed
from host_engine.neural.worker import worker as worker_module
from host_engine.neural.worker.memory import growth, not_flat
from host_engine.neural.worker.worker import Worker

CUDA = torch.device("cuda", 0)  # by name only


class Workshop:
    """Workers over fake networks, all closed at the end; what they tell of trouble."""

    def __init__(self):
        self.nets, self.told, self._workers = [], {}, []
        self.changed = threading.Condition()
        self.prepare = lambda net: None

    def load(self, device, dtype):
        net = TinyNet(device, dtype)
        self.prepare(net)
        self.nets.append(net)
        return net

    def tell(self, name, text):
        with self.changed:
            self.told.setdefault(name, []).append(text)
            self.changed.notify_all()

    def until_told(self, name, words):
        """Until the trouble has been told in such words."""
        with self.changed:
            told = self.changed.wait_for(lambda: any(text and words in text for text in self.told.get(name, [])), 10)
            assert told, self.told

    def until_well(self, name):
        """Until the trouble, which has been told of or will be, is over."""
        with self.changed:
            well = self.changed.wait_for(lambda: any(self.told.get(name, [])) and self.told[name][-1] is None, 10)
            assert well, self.told

    def worker(self, device="cpu", ready=True, **options) -> Lips:
        worker = Worker(self.load, device, trouble=self.tell, **options)
        self._workers.append(worker)
        if ready:
            assert worker.ready(10)
        return worker

    def on_card(self, card=None, **options):
        """A worker on a fake card, and the processor after it."""
        fake = card or FakeCard()
        from host_engine.neural.worker.card import Processor

        made = iter([fake])
        return self.worker(CUDA, card=lambda device: next(made, Processor()), **options), fake

    def close(self):
        for worker in self._workers:
            worker.close()


@pytest.fixture
def workshop():
    workshop = Workshop()
    yield workshop
    workshop.close()


def missed(future: Future, seconds=10.0) -> str:
    with pytest.raises(Missed) as error:
        future.result(seconds)
    return str(error.value)


def test_orders_of_many_channels_come_back_as_pictures(workshop):
    worker = workshop.worker()
    avatars = [worker.settle(resident(str(n), seed=n)) for n in range(3)]
    futures = [worker.order(order(avatars[n % 3], channel=str(n), frame=n % 5)) for n in range(30)]
    assert all(future.result(10).shape == (40, 30, 3) for future in futures)
    status = worker.status()
    assert status["orders"] == status["done"] == 30
    assert sum(status["missed"].values()) == 0
    assert sum(status["batches"].values()) >= 30 / 4
    assert (status["rung"], status["why"], status["net"]) == ("eager", None, "tiny")
    assert status["queue"] == {"waiting": 0, "age_ms": 0.0}
    assert status["batch_ms"] > 0


def test_orders_that_wait_together_make_one_batch(workshop):
    switch, card = Switch(), FakeCard()
    card.took = 1.0
    worker, _ = workshop.on_card(card)
    avatar = worker.settle(resident())
    workshop.nets[0].trouble = switch
    switch.hold()
    first = worker.order(order(avatar, "z"))
    assert switch.reached.wait(10)
    futures = [worker.order(order(avatar, str(n))) for n in range(8)]
    switch.let_go()
    for future in [first, *futures]:
        future.result(10)
    assert workshop.nets[0].batches[-1] == 8
    assert worker.status()["batches"] == {"1": 1, "8": 1}
    assert worker.status()["rung"] == "graphs"


def test_the_same_avatar_is_kept_once_and_goes_when_nobody_needs_it(workshop):
    worker = workshop.worker()
    one, again, other = worker.settle(resident()), worker.settle(resident()), worker.settle(resident(seed=8))
    assert one == again != other
    worker.leave(one)
    worker.order(order(one)).result(10)
    worker.leave(one)
    assert "there is no avatar" in missed(worker.order(order(one)))
    worker.order(order(other)).result(10)
    worker.leave(99)


def test_what_cannot_be_done_is_refused_in_a_sentence(workshop):
    worker = workshop.worker()
    avatar = worker.settle(resident())
    assert "there is no frame 5" in missed(worker.order(order(avatar, frame=5)))
    assert "there is no frame -1" in missed(worker.order(order(avatar, frame=-1)))
    assert "there is no avatar 17" in missed(worker.order(order(17)))
    wrong = order(avatar)._replace(window=np.zeros((2, 2), np.float16))
    assert "what is heard is (2, 2), tiny needs (4, 3)" in missed(worker.order(wrong))
    flat = order(avatar, under=np.zeros((4, 4), np.uint8))
    assert "must be (h, w, 3)" in missed(worker.order(flat))
    worker.order(order(avatar)).result(10)
    assert worker.status()["missed"]["refused"] == 5
    with pytest.raises(NetError, match="was studied as"):
        worker.settle(resident()._replace(kept=np.zeros((5, 3, 9, 9), np.uint8)))
    assert worker.status()["avatars"] == ["mia"]


def test_what_is_too_late_costs_no_batch(workshop):
    worker = workshop.worker()
    avatar = worker.settle(resident())
    worker.order(order(avatar)).result(10)
    before = len(workshop.nets[0].batches)
    assert "deadline" in missed(worker.order(order(avatar, within=-0.001)))
    assert len(workshop.nets[0].batches) == before
    assert worker.status()["missed"]["hopeless"] == 1


def test_a_picture_that_comes_after_its_deadline_is_missed(workshop):
    worker = workshop.worker()
    avatar = worker.settle(resident())
    workshop.nets[0].trouble = lambda batch: time.sleep(0.06)
    assert "too late" in missed(worker.order(order(avatar, within=0.05)))
    assert worker.status()["missed"]["late"] == 1


def test_a_network_that_has_become_slow_is_not_asked_in_vain_but_tried_again(workshop):
    worker = workshop.worker()
    avatar = worker.settle(resident())
    workshop.nets[0].trouble = lambda batch: time.sleep(0.06)
    for _ in range(8):
        worker.order(order(avatar)).result(10)
    before = len(workshop.nets[0].batches)
    assert "deadline" in missed(worker.order(order(avatar, within=0.03)))
    assert len(workshop.nets[0].batches) == before
    workshop.nets[0].trouble = lambda batch: None
    with worker.desk._changed:
        worker.desk._tried -= 60  # as after a minute
    worker.order(order(avatar, within=0.03)).result(10)


def test_a_face_that_is_no_number_is_missed_alone(workshop):
    worker, _ = workshop.on_card()
    avatar = worker.settle(resident())
    workshop.nets[0].broken = True
    futures = [worker.order(order(avatar, heard=9.0 if n == 2 else 0.0)) for n in range(4)]
    assert "not a number" in missed(futures[2])
    assert all(futures[n].result(10).shape == (40, 30, 3) for n in (0, 1, 3))
    assert worker.status()["missed"]["broken"] == 1


def test_a_batch_that_fails_is_missed_and_the_next_is_made(workshop):
    worker = workshop.worker()
    avatar = worker.settle(resident())
    errors = [ValueError("a bad day")]
    workshop.nets[0].trouble = lambda batch: raising(errors)
    assert "a bad day" in missed(worker.order(order(avatar)))
    worker.order(order(avatar)).result(10)
    assert worker.status()["missed"]["failed"] == 1
    assert len(workshop.nets) == 1


def raising(errors):
    if errors:
        raise errors.pop(0)


def test_out_of_memory_means_smaller_batches_and_no_order_is_lost(workshop):
    card = FakeCard()
    card.took = 1.0
    worker, _ = workshop.on_card(card, buckets=(1, 2, 4, 8))
    avatar = worker.settle(resident())
    switch = Switch()
    net = workshop.nets[0]
    net.trouble = switch
    switch.hold()
    first = worker.order(order(avatar, "z"))
    assert switch.reached.wait(10)
    futures = [worker.order(order(avatar, str(n))) for n in range(8)]
    full = [8]

    def trouble(batch):
        if batch in full:
            full.clear()
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    net.trouble = trouble
    switch.let_go()
    for future in [first, *futures]:
        future.result(10)
    status = worker.status()
    assert status["buckets"] == [1, 2, 4]
    assert status["rung"] == "small batches"
    assert "no room for larger batches of lips: 4 at most" in workshop.told["lips/room"][0]
    assert sum(status["missed"].values()) == 0


def test_without_room_for_the_smallest_batch_avatars_must_go_then_the_processor_works(workshop):
    worker, _ = workshop.on_card(buckets=(1,))
    small, large = worker.settle(resident("small", frames=2)), worker.settle(resident("large", frames=9))
    errors = [torch.OutOfMemoryError("CUDA out of memory")]
    workshop.nets[0].trouble = lambda batch: raising(errors)
    worker.order(order(small)).result(10)
    assert worker.status()["left_out"] == {"large": "the card has no room for the avatar large"}
    assert "no room for the avatar large" in missed(worker.order(order(large)))
    errors.append(torch.OutOfMemoryError("CUDA out of memory"))
    missed(worker.order(order(small)))
    workshop.until_well("lips/away")
    worker.order(order(small)).result(10)
    worker.order(order(large)).result(10)
    status = worker.status()
    assert status["rung"] == "processor"
    assert "the card has no room, lips are made by the processor" in status["why"]


def test_an_avatar_for_which_there_is_no_room_waits_until_another_leaves(workshop):
    card = FakeCard()
    worker, _ = workshop.on_card(card, buckets=(1, 2))
    first = worker.settle(resident("first"))
    worker.order(order(first)).result(10)
    full = [True]

    def placing():
        if full:
            raise torch.OutOfMemoryError("CUDA out of memory")

    card.placing = placing
    second = worker.settle(resident("second"))
    workshop.until_told("lips/room", "avatar second")
    assert "no room for the avatar second" in missed(worker.order(order(second)))
    worker.order(order(first)).result(10)
    full.clear()
    worker.leave(first)
    deadline = time.monotonic() + 10
    while worker.status()["left_out"] or second not in worker._bench.runner.blocks:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    worker.order(order(second)).result(10)
    assert worker.status()["why"] is not None  # batches stay small until the worker starts anew


def test_trouble_with_room_is_over_when_all_have_found_some(workshop):
    card = FakeCard()
    worker, _ = workshop.on_card(card, buckets=(1,))
    first = worker.settle(resident("first"))
    card.placing = lambda: raising([torch.OutOfMemoryError("CUDA out of memory")])
    worker.settle(resident("second"))
    workshop.until_told("lips/room", "avatar second")
    card.placing = lambda: None
    worker.leave(first)
    workshop.until_well("lips/room")
    assert worker.status()["why"] is None


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: device-side assert triggered\nmore"),
        RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
        getattr(torch, "AcceleratorError", RuntimeError)("CUDA error: unspecified launch failure"),
    ],
)
def test_a_card_that_is_lost_is_replaced_by_the_processor(workshop, error):
    worker, _ = workshop.on_card()
    avatar = worker.settle(resident())
    worker.order(order(avatar)).result(10)
    errors = [error]
    workshop.nets[0].trouble = lambda batch: raising(errors)
    assert "the card is lost" in missed(worker.order(order(avatar)))
    workshop.until_well("lips/away")
    worker.order(order(avatar)).result(10)
    assert worker.status()["rung"] == "processor"
    assert "the card is lost, lips are made by the processor until this process starts anew" in worker.status()["why"]
    assert "the card is lost" in workshop.told["lips/processor"][0]
    assert len(workshop.nets) == 2


def test_a_batch_that_hangs_is_given_up_and_another_bench_works_on(workshop):
    switch = Switch()
    worker = workshop.worker(hang=0.2)
    avatar = worker.settle(resident())
    workshop.nets[0].trouble = switch
    switch.hold()
    hung = [worker.order(order(avatar, str(n), within=60)) for n in range(3)]
    assert all("has not come back" in missed(each) for each in hung)
    workshop.until_well("lips/away")
    worker.order(order(avatar)).result(10)
    assert len(workshop.nets) == 2
    switch.let_go()  # the one that hung comes back, and nobody cares
    worker.order(order(avatar)).result(10)
    assert worker.status()["missed"]["failed"] == 3


def test_a_network_that_fails_again_and_again_is_loaded_anew_after_longer_and_longer_rests(workshop):
    def prepare(net):
        if not workshop.nets:
            net.trouble = lambda batch: raising([ValueError("always")] if batch else [])

    workshop.prepare = prepare
    worker = workshop.worker(ready=False)
    workshop.until_told("lips/away", "always")
    assert worker.ready(10)
    avatar = worker.settle(resident())
    worker.order(order(avatar)).result(10)
    assert worker.status()["why"] is None


def test_a_network_that_cannot_be_loaded_says_why_and_every_order_is_missed_at_once(workshop):
    def load(device, dtype):
        raise NetError("musetalk/unet.pth: there is no such file; download it")

    worker = Worker(load, "cpu", trouble=workshop.tell)
    workshop._workers.append(worker)
    workshop.until_told("lips/away", "download it")
    avatar = worker.settle(resident())
    assert "there is no such file" in missed(worker.order(order(avatar)))
    assert worker.status()["rung"] == "away"
    assert "download it" in worker.status()["why"]


def test_orders_wait_for_a_worker_that_gets_ready_until_their_deadlines(workshop):
    switch = Switch()
    switch.hold()
    workshop.prepare = lambda net: switch()
    worker = workshop.worker(ready=False)
    avatar = worker.settle(resident())
    patient, hurried = worker.order(order(avatar)), worker.order(order(avatar, within=0.01))
    assert "not ready" in missed(hurried)
    assert worker.status()["rung"] == "getting ready"
    switch.let_go()
    patient.result(10)


def test_a_worker_that_is_closed_answers_everything(workshop, monkeypatch):
    monkeypatch.setattr(worker_module, "CLOSING", 0.2)
    switch = Switch()
    worker = workshop.worker()
    avatar = worker.settle(resident())
    workshop.nets[0].trouble = switch
    switch.hold()
    futures = [worker.order(order(avatar, str(n))) for n in range(6)]
    closing = threading.Thread(target=worker.close)
    closing.start()
    assert any("closed" in missed(future) for future in futures[1:])
    switch.let_go()
    closing.join(10)
    assert all(future.done() for future in futures)
    assert "closed" in missed(worker.order(order(avatar)))


def test_a_channel_may_give_an_order_up(workshop):
    switch = Switch()
    worker = workshop.worker()
    avatar = worker.settle(resident())
    workshop.nets[0].trouble = switch
    switch.hold()
    first = worker.order(order(avatar))
    assert switch.reached.wait(10)
    second = worker.order(order(avatar))
    assert second.cancel()
    third = worker.order(order(avatar))
    switch.let_go()
    first.result(10)
    third.result(10)


def test_nothing_else_runs_than_what_was_asked_while_two_batches_are_under_way(workshop):
    worker, card = workshop.on_card()
    avatar = worker.settle(resident())
    worker.order(order(avatar)).result(10)
    before = len(workshop.nets[0].batches)
    card.held = True
    card.told.clear()
    futures = [worker.order(order(avatar, str(n), heard=n)) for n in range(3)]
    deadline = time.monotonic() + 10
    while len(workshop.nets[0].batches) == before:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    assert not any(future.done() for future in futures)
    card.held = False
    for future in futures:
        future.result(10)
    assert not [call for call in card.told if call[0] == "finish"]  # the loop asks, it does not wait


def test_memory_is_flat_or_a_sentence_says_how_much_it_grew():
    filling = [n << 20 for n in range(10)]
    assert not_flat([*filling, *[10 << 20] * 40]) is None
    assert growth([10 << 20] * 8) == 0
    assert not_flat([n << 20 for n in range(40)]) == "memory grew by 20.0 MiB after it had settled, 1.0 MiB are allowed"
    with pytest.raises(ValueError, match="take 8 or more"):
        growth([1, 2])


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_goes_wrong_every_order_is_answered_once(workshop, monkeypatch, seed):
    monkeypatch.setattr(worker_module, "FIRST", 0.02)
    chance = random.Random(seed)
    faults = [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("CUDA error: an illegal memory access was encountered"),
        ValueError("a bad day"),
    ]

    def trouble(batch):
        luck = chance.random()
        if luck < 0.03:
            raise chance.choice(faults)
        if luck < 0.035:
            time.sleep(0.3)  # longer than it may

    def prepare(net):
        net.broken, net.trouble = True, trouble

    workshop.prepare = prepare
    worker, _ = workshop.on_card(hang=0.1, ready=False)
    futures = []

    def channel(name):
        own, end = random.Random(name), time.monotonic() + 1.0
        avatar = worker.settle(resident(name))
        while time.monotonic() < end:
            heard, within = own.choice([0, 9]), own.choice([0.002, 0.05, 0.5])
            futures.append(
                worker.order(order(avatar, name, own.randrange(6), heard, (own.randrange(1, 70), 9), within))
            )
            if own.random() < 0.05:
                worker.leave(avatar)
                avatar = worker.settle(resident(name))
            threading.Event().wait(own.random() / 100)

    channels = [threading.Thread(target=channel, args=[name]) for name in "abcd"]
    for each in channels:
        each.start()
    for each in channels:
        each.join()
    assert all(isinstance(future.exception(10), Missed | None) for future in futures)
    status = worker.status()
    assert status["orders"] == len(futures) == status["done"] + sum(status["missed"].values())
