"""SyncNet's judgement: the network of the public file, its ears, and the arithmetic of LSE-D and LSE-C."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.fft
import torch

from host_engine.neural.net import NetError
from host_engine.quality.cepstra import bands, cepstra
from host_engine.quality.face_square import shown, squares
from host_engine.quality.lse import judged, lse
from host_engine.quality.syncnet import SyncNet, load_syncnet

torch.set_num_threads(1)


def test_the_network_has_the_names_and_sizes_of_the_public_file():
    with torch.device("meta"):
        network = SyncNet()
    names = network.state_dict()
    assert sum(p.numel() for p in network.parameters()) / 1e6 == pytest.approx(13.6, abs=0.1)
    assert tuple(names["netcnnaud.18.weight"].shape) == (512, 256, 5, 4)
    assert tuple(names["netcnnlip.0.weight"].shape) == (96, 3, 5, 7, 7)
    assert tuple(names["netcnnlip.18.weight"].shape) == (512, 256, 1, 6, 6)
    assert tuple(names["netfclip.3.weight"].shape) == (1024, 512)


def test_a_file_loads_and_another_is_refused(tmp_path):
    torch.manual_seed(0)
    network = SyncNet()
    torch.save(network.state_dict(), tmp_path / "syncnet_v2.model")
    loaded = load_syncnet(tmp_path / "syncnet_v2.model")
    assert torch.equal(loaded.netfcaud[0].weight, network.netfcaud[0].weight)
    torch.save({"netcnnaud.0.weight": torch.zeros(1)}, tmp_path / "other.model")
    with pytest.raises(NetError, match="SyncNet v2"):
        load_syncnet(tmp_path / "other.model")


def points(count: int, seed: int) -> torch.Tensor:
    return torch.randn(count, 1024, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("late", [-7, 0, 4])
def test_the_shift_is_found_and_its_sign_is_syncnets(late):
    seen = points(80, 1)
    heard = torch.roll(seen, late, 0) + 0.3 * points(80, 2)
    found = judged(seen, heard)
    assert found.frames == -late
    assert found.distance < 20
    assert found.confidence > 20


def test_what_has_nothing_to_do_with_each_other_has_no_confidence():
    found = judged(points(80, 1), points(80, 3))
    assert found.confidence < 12
    assert found.distance > 30


def test_the_arithmetic_is_the_published_one():
    """A loop over frames and shifts, as it was published, in numpy."""
    seen, heard = points(20, 4).numpy(), points(20, 5).numpy()
    padded = np.pad(heard, ((15, 15), (0, 0)))
    away = np.array([[np.linalg.norm(seen[k] - padded[k + s] + 1e-6) for s in range(31)] for k in range(20)]).mean(0)
    found = judged(torch.from_numpy(seen), torch.from_numpy(heard))
    assert found.distance == pytest.approx(away.min(), rel=1e-4)
    assert found.confidence == pytest.approx(np.median(away) - away.min(), rel=1e-3)
    assert found.frames == 15 - away.argmin()


def test_a_clip_is_judged_from_pictures_and_sound():
    torch.manual_seed(1)
    rng = np.random.default_rng(0)
    faces = rng.integers(0, 256, (27, 224, 224, 3), np.uint8)
    found = lse(SyncNet(), faces, rng.normal(0, 0.1, 16_000 * 27 // 25).astype(np.float32))
    assert np.isfinite(found.distance)
    assert found.confidence >= 0
    assert abs(found.frames) <= 15
    with pytest.raises(ValueError, match="at least a second"):
        lse(SyncNet(), faces[:20], np.zeros(16_000, np.float32))


def test_cepstra_are_those_of_python_speech_features():
    """The first column's worth of its mfcc() for a tone, worked out step by step with scipy."""
    t = np.arange(8000) / 16_000
    sound = (0.4 * np.sin(2 * np.pi * 440 * t) + 0.1 * np.sin(2 * np.pi * 2500 * t)).astype(np.float32)
    found = cepstra(sound)
    assert found.shape == (13, 49)
    whole = np.rint(sound.astype(np.float64) * 32768)
    emphasised = np.append(whole[0], whole[1:] - 0.97 * whole[:-1])[160 * 7 : 160 * 7 + 400]
    power = np.abs(np.fft.rfft(emphasised, 512)) ** 2 / 512
    cosines = scipy.fft.dct(np.log(bands() @ power), type=2, norm="ortho")[:13]
    lifted = cosines * (1 + 11 * np.sin(np.pi * np.arange(13) / 22))
    np.testing.assert_allclose(found[1:, 7], lifted[1:], rtol=1e-9)
    assert found[0, 7] == pytest.approx(np.log(power.sum()))


def test_cepstra_of_silence_and_of_next_to_nothing_are_numbers():
    assert np.isfinite(cepstra(np.zeros(1600, np.float32))).all()
    assert cepstra(np.zeros(10, np.float32)).shape == (13, 1)


def test_what_syncnet_is_shown_follows_the_face_and_may_reach_past_the_picture():
    boxes = np.tile(np.array([10, 10, 60, 70], np.float32), (20, 1))
    boxes[10] += 300  # one frame in which something else was taken for the face
    places = squares(boxes)
    assert places[10] == places[0] == (35, 40, 30)
    frame = np.full((90, 90, 3), 7, np.uint8)
    part = shown(frame, places[0])
    assert part.shape == (224, 224, 3)
    assert part[0, 0].tolist() == [110] * 3  # left of the picture
    assert part[112, 112].tolist() == [7] * 3
