"""The network in a channel whose lips are made elsewhere: it hears and studies, and needs no more."""

import shutil
from pathlib import Path

import numpy as np

from host_engine.channel.hosts.crew import hearing
from host_engine.neural.musetalk.blank import write_blank
from host_engine.neural.worker.nets import Wanted


def test_a_channel_that_only_hears_for_musetalk_reads_none_of_what_moves_lips(tmp_path: Path) -> None:
    write_blank(tmp_path)
    shutil.rmtree(tmp_path / "musetalkV15")
    net = hearing(Wanted.of("musetalk", tmp_path, {"decoder": "taesd"}))
    assert net.hear(np.ones(8000, np.float32), 25).shape[1:] == net.window
