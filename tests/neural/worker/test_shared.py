"""One process makes the lips of several others; either side may die at any time."""

import os
import signal
import socket
import stat
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from fake_lips import TinyNet, order, resident
from program import ROOT, Program

from host_engine.neural.net import NetError
from host_engine.neural.order import Missed
from host_engine.neural.worker import shared, wire
from host_engine.neural.worker.client import SharedLips
from host_engine.neural.worker.nets import Wanted, loader
from host_engine.neural.worker.server import Server
from host_engine.neural.worker.wire import Kind, WireError
from host_engine.neural.worker.worker import Worker

TINY = Wanted.of("tiny", "weights")

SERVER = """
    import logging, sys
    from pathlib import Path
    from fake_lips import TinyNet
    from host_engine.neural.worker.server import Server
    from host_engine.neural.worker.worker import Worker

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")

    def hire(wanted):
        print("hired for", wanted.kind, file=sys.stderr, flush=True)
        return Worker(lambda device, dtype: TinyNet(device, dtype), "cpu")

    server = Server(Path(sys.argv[1]), hire)
    print("listening", file=sys.stderr, flush=True)
    server.serve()
"""

CHANNEL = """
    import sys, time
    from pathlib import Path
    import numpy as np
    from host_engine.neural.order import Missed, Order, Resident
    from host_engine.neural.worker.client import SharedLips
    from host_engine.neural.worker.nets import Wanted

    lips = SharedLips(Path(sys.argv[1]), Wanted.of("tiny", "weights"))
    avatar = lips.settle(Resident(sys.argv[2], np.zeros((5, 3, 32, 32), np.uint8), np.zeros((1, 32, 32), np.uint8)))
    assert "torch" not in sys.modules
    window, under = np.zeros((4, 3), np.float16), np.zeros((40, 30, 3), np.uint8)
    made, well = 0, False
    while True:
        try:
            order = Order(sys.argv[2], avatar, made % 5, window, under, time.monotonic() + 5)
            assert lips.order(order).result(10).shape == (40, 30, 3)
            made, well = made + 1, True
            if made % 20 == 0:
                print(f"made {made}.", file=sys.stderr, flush=True)
        except Missed as error:
            if well:
                print(f"missed: {error}", file=sys.stderr, flush=True)
            well = False
        time.sleep(0.002)
"""


class Programs:
    """Processes of a test, all ended at its end."""

    def __init__(self, folder):
        self.path = folder / "lips.sock"
        self._folder, self._all = folder, []

    def start(self, code, *arguments):
        folder = self._folder / str(len(self._all))
        folder.mkdir()
        program = Program(folder, code, str(self.path), *arguments, PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'tests'}")
        self._all.append(program)
        return program

    def server(self):
        server = self.start(SERVER)
        server.says("listening", 60)
        return server

    def close(self):
        for program in self._all:
            program.process.kill()
            program.process.wait()


@pytest.fixture
def programs(tmp_path):
    programs = Programs(tmp_path)
    yield programs
    programs.close()


@pytest.fixture
def house(tmp_path):
    """A server in this process, and its workers; clients that are closed at the end."""

    class House:
        path = tmp_path / "lips.sock"
        workers, nets, clients = [], [], []

        def hire(self, wanted):
            if wanted.kind == "nonsense":
                raise NetError("there is no network 'nonsense'")

            def load(device, dtype):
                self.nets.append(TinyNet(device, dtype))
                return self.nets[-1]

            self.workers.append(Worker(load, "cpu"))
            return self.workers[-1]

        def open(self):
            self.server = Server(self.path, self.hire)
            threading.Thread(target=self.server.serve, daemon=True).start()

        def client(self, wanted=TINY):
            client = SharedLips(self.path, wanted)
            self.clients.append(client)
            assert client.ready(10)
            return client

    house = House()
    house.workers, house.nets, house.clients = [], [], []
    house.open()
    yield house
    for client in house.clients:
        client.close()
    house.server.close()


def until(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def missed(future):
    with pytest.raises(Missed) as error:
        future.result(10)
    return str(error.value)


def test_two_channel_processes_share_a_worker_that_is_killed_and_comes_back(programs):
    server = programs.server()
    channels = [programs.start(CHANNEL, name) for name in ("mia", "leo")]
    for channel in channels:
        channel.says("made 20.", 60)
    assert server.said.count("hired for tiny") == 1
    server.send(signal.SIGKILL)
    for channel in channels:
        channel.says("missed: the shared worker")
    before = [channel.said.count("made") for channel in channels]
    again = programs.server()
    for channel, made in zip(channels, before, strict=True):
        until(lambda channel=channel, made=made: channel.said.count("made") > made + 1, 60)
    channels[0].send(signal.SIGKILL)
    again.says("has gone")
    made = channels[1].said.count("made")
    until(lambda: channels[1].said.count("made") > made)


def test_pictures_are_those_of_a_worker_in_the_same_process(house):
    client, alone = house.client(), Worker(lambda device, dtype: TinyNet(device, dtype), "cpu")
    here, there = alone.settle(resident()), client.settle(resident())
    for size in ((40, 30), (200, 180), (33, 17)):
        wanted = alone.order(order(here, frame=2, heard=1, size=size)).result(10)
        assert np.array_equal(client.order(order(there, frame=2, heard=1, size=size)).result(10), wanted)
    alone.close()


def test_many_orders_under_way_each_get_their_own_picture(house):
    client = house.client()
    avatar = client.settle(resident())
    futures = [client.order(order(avatar, str(n % 7), frame=n % 5, heard=n % 4, size=(30 + n, 40))) for n in range(40)]
    pictures = [future.result(10) for future in futures]
    assert [picture.shape for picture in pictures] == [(30 + n, 40, 3) for n in range(40)]
    until(lambda: client.status().get("done") == 40)
    status = client.status()
    assert status["here"] | {"worker": 0} == {
        "path": str(house.path),
        "connected": True,
        "worker": 0,
        "orders": 40,
        "done": 40,
        "missed": 0,
        "waiting": 0,
    }
    assert status["net"] == "tiny"


def test_equal_networks_are_loaded_once_and_others_beside_them(house):
    first, second = house.client(), house.client()
    other = house.client(Wanted.of("tiny", "other"))
    for client in (first, second, other):
        client.order(order(client.settle(resident()))).result(10)
    assert len(house.nets) == 2
    assert len(house.server.status()) == 2
    assert house.workers[0].status()["avatars"] == ["mia"]


def test_a_channel_that_goes_frees_its_avatars_and_one_that_leaves_too(house):
    first, second = house.client(), house.client()
    both, own = resident("both"), resident("own", seed=3)
    avatar = first.settle(both)
    first.settle(own)
    second.settle(both)
    assert sorted(house.workers[0].status()["avatars"]) == ["both", "own"]
    first.close()
    until(lambda: house.workers[0].status()["avatars"] == ["both"])
    second.leave(avatar)
    until(lambda: house.workers[0].status()["avatars"] == [])


def test_while_no_worker_is_there_every_order_is_missed_at_once_and_settling_does_not_wait(tmp_path):
    client = SharedLips(tmp_path / "nobody.sock", TINY)
    begun = time.monotonic()
    avatar = client.settle(resident())
    assert "nobody.sock" in missed(client.order(order(avatar)))
    assert time.monotonic() - begun < 1
    assert client.status()["rung"] == "away"
    client.close()


def test_avatars_are_settled_again_by_themselves_when_the_worker_is_back(house):
    client = house.client()
    avatar = client.settle(resident())
    client.order(order(avatar)).result(10)
    house.server.close()
    until(lambda: not client.status()["here"]["connected"])
    assert "shared worker" in missed(client.order(order(avatar)))
    house.open()
    assert client.ready(10)
    until(lambda: _works(client, avatar))


def _works(client, avatar):
    try:
        return client.order(order(avatar)).result(10) is not None
    except Missed:
        return False


def test_a_worker_that_stands_still_costs_the_orders_no_more_than_their_deadlines(programs):
    server = programs.server()
    client = SharedLips(programs.path, TINY)
    assert client.ready(20)
    avatar = client.settle(resident())
    until(lambda: _works(client, avatar))
    server.send(signal.SIGSTOP)
    state = Path(f"/proc/{server.process.pid}/stat")
    until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T")
    assert "did not answer in time" in missed(client.order(order(avatar, within=0.1)))
    server.send(signal.SIGCONT)
    until(lambda: _works(client, avatar))
    client.close()


def test_a_network_or_an_avatar_that_cannot_be_is_refused_in_a_sentence(house):
    client = house.client()
    assert house.workers[0].ready(10)
    with pytest.raises(NetError, match="was studied as"):
        client.settle(resident()._replace(kept=np.zeros((5, 3, 9, 9), np.uint8)))
    client.order(order(client.settle(resident()))).result(10)
    wrong = SharedLips(house.path, Wanted.of("nonsense"))
    until(lambda: "there is no network 'nonsense'" in wrong.status().get("why", ""))
    wrong.close()
    with pytest.raises(NetError, match="choose musetalk, wav2lip, small"):
        loader(Wanted.of("nonsense"))
    with pytest.raises(NetError, match="musetalk comes without weights"):
        loader(Wanted.of("musetalk"))


def test_the_network_that_ships_is_loaded_by_its_name_alone():
    net = loader(Wanted.of("small"))(torch.device("cpu"), torch.float32)
    assert net.name == "small"


def test_an_order_that_cannot_be_done_is_missed_and_the_channel_stays(house):
    client = house.client()
    avatar = client.settle(resident())
    assert "no frame 77" in missed(client.order(order(avatar, frame=77)))
    assert "not settled" in missed(client.order(order(5)))
    assert "must be (h, w, 3)" in missed(client.order(order(avatar, under=np.zeros((4, 4), np.uint8))))
    client.order(order(avatar)).result(10)


def test_only_this_user_may_open_the_socket_and_only_one_worker_listens(house):
    assert stat.S_IMODE(house.path.stat().st_mode) == 0o600
    with pytest.raises(ValueError, match="another worker listens here already"):
        Server(house.path, house.hire)
    file = house.path.with_name("file")
    file.touch()
    with pytest.raises(ValueError, match="a file of another kind"):
        Server(file, house.hire)
    assert file.exists()


def greeted(path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    line.settimeout(10)
    line.connect(str(path))
    wire.send(line, wire.said(Kind.HELLO, version=wire.VERSION, net=TINY._asdict()))
    assert wire.receive(line)[0][0] == Kind.WELCOME
    return line


@pytest.mark.parametrize(
    "packet",
    [
        b"\x08cut short",
        b"\x04not json",
        b"\x63what?",
        wire.said(Kind.LEAVE, avatar="mia"),
        wire.said(Kind.SETTLED, avatar=1),
        wire.said(Kind.HELLO),
    ],
)
def test_a_channel_that_talks_nonsense_is_sent_away_and_nobody_else_suffers(house, packet):
    client, line = house.client(), greeted(house.path)
    wire.send(line, packet)
    answers = [wire.receive(line)[0] for _ in range(2)]
    assert answers[0][0] == Kind.REFUSED
    assert answers[1] == b""
    client.order(order(client.settle(resident()))).result(10)
    line.close()


def test_an_order_cannot_reach_past_its_memory(house):
    client = house.client()
    client.order(order(client.settle(resident()))).result(10)  # so that the network is there
    line = greeted(house.path)
    avatar = resident()
    memory = shared.share([avatar.kept, avatar.masks])
    shapes = {"kept": ["uint8", avatar.kept.shape], "masks": avatar.masks.shape}
    wire.send(line, wire.said(Kind.SETTLE, avatar=0, name="mia", **shapes), memory)
    assert wire.receive(line)[0][0] == Kind.SETTLED
    pool = shared.make(4096)
    wire.send(line, wire.said(Kind.POOL, pool=1, bytes=4096), pool)
    os.close(pool)
    os.close(memory)
    wire.send(line, wire.asked(wire.Asked(1, 0, 0, 1, 64, 500, 500, (4, 3), time.monotonic() + 9, "a")))
    assert b"reaches past its memory" in wire.receive(line)[0]
    line.close()


def test_memory_that_could_shrink_or_is_too_small_is_not_touched(tmp_path):
    unsealed = os.memfd_create("loose", os.MFD_ALLOW_SEALING)
    os.ftruncate(unsealed, 64)
    with pytest.raises(WireError, match="it must be sealed"):
        shared.seen(unsealed, 64)
    with pytest.raises(WireError, match="smaller than 128 bytes"):
        shared.seen(shared.make(64), 128)
    with (tmp_path / "file").open("wb") as file, pytest.raises(WireError, match="not shared memory"):
        shared.seen(os.dup(file.fileno()), 1)


def test_descriptors_are_neither_lost_nor_kept(house):
    def opened():
        return len(os.listdir("/proc/self/fd"))

    client = house.client()
    avatar = client.settle(resident())
    client.order(order(avatar)).result(10)
    before = opened()
    for seed in range(1, 6):
        number = client.settle(resident(str(seed), seed=seed))
        client.order(order(number)).result(10)
        client.leave(number)
    until(lambda: house.workers[0].status()["avatars"] == ["mia"])
    assert opened() <= before + 10  # each view of memory holds one of the mapping until it is collected


def test_answers_and_orders_survive_the_wire():
    asked = wire.Asked(7, 1, 2, 3, 64, 300, 200, (50, 384), 12.5, "ünïcode")
    assert wire.read_asked(wire.asked(asked)) == asked
    assert wire.read_answer(wire.answer(Kind.MISSED, 2**40, "zu spät")) == (2**40, "zu spät")
    with pytest.raises(WireError):
        wire.read_answer(b"\x09")


def test_a_line_that_is_closed_owes_what_it_was_asked(house):
    client = house.client()
    avatar = client.settle(resident())
    house.workers[0].order(order(0)).result(10)
    release = threading.Event()
    house.nets[0].trouble = lambda batch: release.wait(10)
    future = client.order(order(avatar, within=60))
    client.close()
    assert "the channel ends" in missed(future)
    release.set()
