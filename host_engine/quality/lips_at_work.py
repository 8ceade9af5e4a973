"""Opens what moves an avatar's lips, as a channel would: warped, or a network in a worker of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from host_engine.avatars.folder import Footage
from host_engine.host.footage import Crew
from host_engine.host.mouth import Mouth
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.quality.rehearse import Layer

if TYPE_CHECKING:
    from host_engine.host.footage_study import Studied
    from host_engine.neural.net import Net
    from host_engine.neural.worker.nets import Wanted
    from host_engine.neural.worker.worker import Worker

LOOK = 0.5  # seconds between two looks at a worker that is getting ready


class AtWork(NamedTuple):
    """What moves the lips. Without a network they are warped."""

    mouth: Mouth
    wanted: Wanted | None = None
    crew: Crew | None = None
    layer: Layer | None = None
    net: Net | None = None
    studied: Studied | None = None


@contextmanager
def at_work(footage: Footage, wanted: Wanted | None, device: str = "auto") -> Iterator[AtWork]:
    """The lips of an avatar for as long as the block lasts; those of no network are warped. Raises NetError."""
    if wanted is None:
        yield AtWork(ViseMouth())
        return
    from host_engine.channel.hosts.crew import mark
    from host_engine.host.footage_study import studied
    from host_engine.host.mouths.neural import NeuralMouth
    from host_engine.neural.order import Resident
    from host_engine.neural.worker.nets import loader
    from host_engine.neural.worker.worker import Worker

    worker = Worker(loader(wanted), device)
    try:
        net = _ready(worker)
        found = studied(footage, net, mark(wanted))
        number = worker.settle(Resident(footage.about.name, found.kept, found.masks))
        crew = Crew(worker, number, found.crops, net.window)
        yield AtWork(NeuralMouth(net, ViseMouth()), wanted, crew, Layer(found.crops, found.masks), net, found)
    finally:
        worker.close()


def _ready(worker: Worker) -> Net:
    from host_engine.neural.net import NetError

    while not worker.ready(LOOK):
        status = worker.status()
        if status["rung"] == "away":
            raise NetError(str(status["why"]))
    if worker.net is None:
        raise NetError("the network was lost while it was made ready")
    return worker.net
