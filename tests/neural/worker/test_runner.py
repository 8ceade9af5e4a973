"""A batch from its orders to its pictures: lanes, slots, graphs, and what it never does."""

import threading
import time

import numpy as np
import pytest
import torch
from fake_lips import SIDE, FakeCard, TinyNet, order, resident

from host_engine.neural.order import Resident
from host_engine.neural.worker.card import Processor, choose_device, choose_dtype
from host_engine.neural.worker.runner import Runner
from host_engine.neural.worker.warm import warm


@pytest.fixture(params=["processor", "card"])
def card(request):
    return Processor() if request.param == "processor" else FakeCard()


def runner_on(card, net=None, buckets=(1, 2, 4, 8), **options):
    runner = Runner(net or TinyNet(), buckets=buckets, card=card, **options)
    runner.keep(0, resident())
    runner.prepare()
    return runner


def expected(net, avatar, frame, heard, size, under=7):
    kept = torch.from_numpy(avatar.kept[frame : frame + 1])
    with torch.inference_mode():
        face = net.move(kept, torch.full((1, *net.window), heard, dtype=torch.float16))
    face = torch.nn.functional.interpolate(face.float().clamp(0, 1) * 255, size, mode="bilinear")[0]
    return face.permute(1, 2, 0).numpy()


def run(runner, orders):
    flight = runner.launch(orders)
    flight.finish()
    return flight.pictures()


def test_each_order_gets_the_lips_of_its_own_avatar_frame_sound_and_size(card):
    net = TinyNet()
    runner = runner_on(card, net)
    avatars = {0: resident(), 1: resident("leo", frames=3, seed=9), 2: resident("eva", frames=2, seed=5)}
    for number, avatar in avatars.items():
        runner.keep(number, avatar)
    wanted = [
        (1, 2, 0.0, (40, 30)),
        (0, 4, 2.0, (21, 35)),
        (2, 0, 1.0, (64, 64)),
        (0, 1, 0.5, (33, 17)),
        (1, 0, 4, (8, 9)),
    ]
    pictures = run(runner, [order(a, frame=f, heard=h, size=s) for a, f, h, s in wanted])
    for picture, (avatar, frame, heard, size) in zip(pictures, wanted, strict=True):
        assert picture.shape == (*size, 3)
        assert np.abs(picture - expected(net, avatars[avatar], frame, heard, size)).max() <= 2


def test_masks_may_be_one_for_all_frames_or_one_a_frame(card):
    runner = runner_on(card)
    masks = np.zeros((5, SIDE, SIDE), np.uint8)
    masks[3] = 255
    runner.keep(1, resident("masked", masks=masks))
    hidden, seen = run(runner, [order(1, frame=2), order(1, frame=3)])
    assert (hidden == 7).all()
    assert (seen != 7).any()


def test_a_batch_of_any_size_makes_the_same_pictures(card):
    runner = runner_on(card)
    orders = [order(0, frame=n % 5, heard=n / 3) for n in range(8)]
    together = run(runner, orders)
    for n, each in enumerate(orders):
        assert np.abs(run(runner, [each])[0].astype(int) - together[n]).max() <= 1


def test_graphs_are_replayed_for_whole_buckets_and_without_them_batches_are_as_large_as_they_are():
    net = TinyNet()
    runner = runner_on(FakeCard(), net)
    run(runner, [order(0)] * 3)
    assert net.batches[-1] == 4
    net = TinyNet()
    run(runner_on(Processor(), net), [order(0)] * 3)
    assert net.batches[-1] == 3
    net = TinyNet()
    run(runner_on(FakeCard(), net, graphs=False), [order(0)] * 3)
    assert net.batches[-1] == 3


def test_a_bucket_that_cannot_be_captured_runs_eagerly_and_says_so():
    card = FakeCard()

    def once():
        if not card.captured:
            raise RuntimeError("CUDA error: operation not permitted when stream is capturing\nand more")

    card.capturing = once
    net = TinyNet()
    runner = runner_on(card, net, buckets=(1, 2))
    assert runner.steps.eager is None or "could not be captured" in runner.steps.eager
    card.capturing = lambda: None
    assert "operation not permitted" in (runner.steps.eager or "")
    assert run(runner, [order(0), order(0)])[0] is not None


def test_a_network_is_compiled_behind_the_show_and_goes_on_uncompiled_where_that_fails(monkeypatch):
    compiled, entered, leave = [], threading.Event(), threading.Event()

    def compiling(move, mode, dynamic):
        assert (mode, dynamic) == ("max-autotune-no-cudagraphs", False)
        entered.set()
        assert leave.wait(10)
        return lambda kept, windows: compiled.append(len(kept)) or move(kept, windows)

    monkeypatch.setattr(torch, "compile", compiling)
    runner = runner_on(FakeCard(), buckets=(1, 2), compiles=True)
    assert entered.wait(10)
    assert runner.steps.compiled == "under way"
    first = run(runner, [order(0, heard=1)])[0]  # it does not wait for that
    assert not compiled
    leave.set()
    until(lambda: runner.steps.compiled == "yes")
    assert np.array_equal(run(runner, [order(0, heard=1)])[0], first)
    assert compiled == [2, 1, 1]
    monkeypatch.setattr(torch, "compile", lambda *args, **kwargs: 1 / 0)
    failed = runner_on(FakeCard(), buckets=(1, 2), compiles=True)
    until(lambda: failed.steps.compiled == "it failed: division by zero")
    assert np.array_equal(run(failed, [order(0, heard=1)])[0], first)
    assert runner_on(Processor(), compiles=True).steps.compiled == "no"


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_the_lanes_of_two_batches_overlap_and_wait_only_for_what_they_need():
    card = FakeCard()
    runner = runner_on(card)
    card.told.clear()
    first, second = runner.launch([order(0)]), runner.launch([order(0)])
    names = [" ".join(call[:2]) for call in card.told]
    batch = [
        "on up",
        "mark up",
        "after work",
        "on work",
        "mark work",
        "mark work",
        "after down",
        "on down",
        "mark down",
    ]
    assert names == batch * 2
    marks = {lane: [call[2] for call in card.told if call[:2] == ("mark", lane)] for lane in ("up", "work", "down")}
    waits = {lane: [call[2] for call in card.told if call[:2] == ("after", lane)] for lane in ("up", "work", "down")}
    assert waits["up"] == []  # what goes up for the second batch waits for nothing of the first
    assert waits["work"] == marks["up"]
    assert waits["down"] == marks["work"][1::2]
    assert first.done()
    assert second.done()
    assert not [call for call in card.told if call[0] == "finish"]


def test_the_memory_of_a_batch_is_not_touched_while_it_is_under_way():
    card = FakeCard()
    runner = runner_on(card)
    first = runner.launch([order(0, heard=0.0)])
    second = runner.launch([order(0, heard=3.0, size=(60, 60))])
    alone = run(runner_on(FakeCard()), [order(0, heard=0.0)])[0]
    assert np.array_equal(first.pictures()[0], alone)
    assert second.pictures()[0].shape == (60, 60, 3)


def test_the_loop_neither_reads_a_value_nor_waits_for_the_card(monkeypatch, card):
    runner = runner_on(card)

    def never(*args, **kwargs):
        raise AssertionError("the loop waits for the card")

    for name in ("item", "cpu", "tolist", "__bool__", "__float__", "__int__", "nonzero"):
        monkeypatch.setattr(torch.Tensor, name, never)
    monkeypatch.setattr(torch.cuda, "synchronize", never)
    monkeypatch.setattr(torch.cuda.Stream, "synchronize", never)
    monkeypatch.setattr(torch.cuda.Event, "synchronize", never)
    monkeypatch.setattr(type(card), "finish", never)
    flight = runner.launch([order(0), order(0, size=(31, 44))])
    assert flight.done()
    assert len(flight.pictures()) == 2


def test_a_face_that_is_not_finite_is_none_and_the_others_are_fine(card):
    net = TinyNet()
    runner = runner_on(card, net)
    net.broken = True
    good, bad, better = run(runner, [order(0), order(0, heard=9), order(0)])
    assert bad is None
    assert np.array_equal(good, better)


def test_a_smaller_runner_makes_the_same_pictures(card):
    runner = runner_on(card)
    before = run(runner, [order(0, heard=1)])[0]
    assert runner.shrink()
    assert runner.buckets == (1, 2, 4)
    assert np.array_equal(run(runner, [order(0, heard=1)])[0], before)
    assert runner.shrink()
    assert runner.shrink()
    assert not runner.shrink()


@pytest.mark.parametrize("colour", ["i420", "nv12"])
def test_pictures_may_come_in_the_colours_of_the_encoder(card, colour):
    rgb = run(runner_on(card), [order(0, size=(40, 30)), order(0, size=(20, 44))])
    other = run(runner_on(card, colour=colour), [order(0, size=(40, 30)), order(0, size=(20, 44))])
    from host_engine.neural.worker.yuv import to_i420, to_nv12

    for picture, made in zip(rgb, other, strict=True):
        converted = (to_i420 if colour == "i420" else to_nv12)(torch.from_numpy(picture)[None])[0].numpy()
        assert np.array_equal(made, converted)


def test_a_benchmark_runs_one_batch_from_beginning_to_end(card):
    net = TinyNet()
    runner = Runner(net, net.device, net.dtype, (1, 2, 4), True, card)
    runner.keep(0, resident())
    windows = np.zeros((3, *net.window), np.float16)
    pictures = runner.run([0, 4, 2], windows, [np.zeros((16, 16, 3), np.uint8)] * 3)
    assert [each.shape for each in pictures] == [(16, 16, 3)] * 3
    net.broken = True
    windows[1] = 9
    with pytest.raises(ValueError, match="1 of 3 pictures are not finite"):
        runner.run([0, 4, 2], windows, [np.zeros((16, 16, 3), np.uint8)] * 3)


def test_warming_up_measures_every_bucket_of_a_card_and_the_first_of_a_processor():
    card = FakeCard()
    pace = warm(Runner(TinyNet(), buckets=(1, 2, 4), card=card))
    assert list(pace.known()) == [1, 2, 4]
    assert card.captured == 3
    assert list(warm(Runner(TinyNet(), buckets=(1, 2, 4), card=Processor())).known()) == [1]


def test_what_does_not_fit_is_refused_in_a_sentence():
    net = TinyNet()
    with pytest.raises(ValueError, match="tiny is on cpu, not on cuda"):
        Runner(net, torch.device("cuda"))
    with pytest.raises(ValueError, match=r"tiny computes in torch\.float32"):
        Runner(net, dtype=torch.bfloat16)
    runner = Runner(net, card=Processor())
    good = resident()
    with pytest.raises(
        ValueError, match=r"the avatar mia was studied as \(5, 3, 16, 32\), tiny needs \(frames, 3, 32, 32\)"
    ):
        runner.keep(0, Resident("mia", good.kept[:, :, :16], good.masks))
    with pytest.raises(ValueError, match="needs 1 or 5 of 32x32"):
        runner.keep(0, Resident("mia", good.kept, np.zeros((2, SIDE, SIDE), np.uint8)))


def test_devices_and_types_are_chosen_by_what_the_machine_has(tmp_path):
    from host_engine.neural.worker import card as cards

    assert choose_device("cpu").type == "cpu"
    with pytest.raises(ValueError, match="no device 'toaster'"):
        choose_device("toaster")
    with pytest.raises(ValueError, match="this machine has no card cuda:63"):
        choose_device("cuda:63")
    assert choose_dtype(torch.device("cpu")) in (torch.bfloat16, torch.float32)
    for flags, wanted in (("fpu avx512_bf16 amx_bf16", True), ("fpu avx2", False)):
        (tmp_path / "cpuinfo").write_text(f"processor: 0\nflags\t\t: {flags}\n")
        assert cards._multiplies_bfloat16(tmp_path / "cpuinfo") is wanted
    assert not cards._multiplies_bfloat16(tmp_path / "nowhere")
