"""Wav2Lip at work: folding changes nothing, bfloat16 and batches little, and what it is given reaches it."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
import torch

from host_engine.neural.wav2lip.load import blank, ready
from host_engine.neural.wav2lip.network import Wav2Lip, fold
from host_engine.neural.wav2lip.plan import WAV2LIP_96, WAV2LIP_256
from host_engine.neural.wav2lip.wav2lip import Pads, Wav2LipNet

torch.set_num_threads(1)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def network() -> Wav2Lip:
    return blank(WAV2LIP_96)


def net(network: Wav2Lip, dtype=torch.float32, **options) -> Wav2LipNet:
    return Wav2LipNet(ready(deepcopy(network)), WAV2LIP_96, CPU, dtype, **options)


@pytest.fixture(scope="module")
def exact(network) -> Wav2LipNet:
    return net(network)


@pytest.fixture(scope="module")
def fast(network) -> Wav2LipNet:
    return net(network, torch.bfloat16)


@pytest.fixture(scope="module")
def inputs() -> tuple[np.ndarray, torch.Tensor]:
    rng = np.random.default_rng(3)
    faces = rng.integers(0, 256, (3, 12, 12, 3), np.uint8).repeat(8, 1).repeat(8, 2)
    return faces, torch.from_numpy(rng.normal(-1, 2, (3, 80, 16)).astype(np.float16))


@pytest.fixture(scope="module")
def made(exact, inputs) -> torch.Tensor:
    """What the network makes of the inputs in float32."""
    faces, heard = inputs
    return exact.move(torch.from_numpy(exact.study(faces)), heard)


def test_folding_changes_nothing(network):
    torch.manual_seed(1)
    faces, heard = torch.rand(1, 6, 96, 96), torch.randn(1, 1, 80, 16)
    with torch.inference_mode():
        folded = fold(deepcopy(network))
        assert not [module for module in folded.modules() if isinstance(module, torch.nn.BatchNorm2d)]
        meant = network(heard, faces)
        torch.testing.assert_close(folded(heard, faces), meant, atol=2e-5, rtol=0)
    assert meant.std() > 0.02


def test_the_face_goes_in_as_bgr_with_its_lower_half_hidden_first(network, inputs, made):
    faces, heard = inputs
    bgr = torch.from_numpy(faces[:1, ..., ::-1].copy()).permute(0, 3, 1, 2) / 255
    hidden = bgr.clone()
    hidden[:, :, 48:] = 0
    with torch.inference_mode():
        meant = network(heard[:1, None].float(), torch.cat((hidden, bgr), 1)).flip(1)
    torch.testing.assert_close(made[:1], meant, atol=5e-5, rtol=0)


def test_what_is_kept_of_a_face_may_be_what_the_encoder_sees(network, inputs, made):
    faces, heard = inputs
    cached = net(network, cached=True)
    kept = cached.study(faces)
    assert kept.shape == (3, *cached.kept)
    assert kept.dtype == np.float16
    assert kept.nbytes / 3 < 600_000
    assert (cached.move(torch.from_numpy(kept), heard) - made).abs().mean() * 255 < 0.2
    assert cached.study(faces[:0]).shape == (0, *cached.kept)


def test_bfloat16_agrees_with_float32(fast, inputs, made):
    faces, heard = inputs
    assert (fast.move(torch.from_numpy(fast.study(faces)), heard).float() - made).abs().mean() * 255 <= 2


@pytest.mark.parametrize("which", ["exact", "fast"])
def test_a_frame_alone_is_the_frame_in_a_batch(which, inputs, request):
    faces, heard = inputs
    ours = request.getfixturevalue(which)
    kept = torch.from_numpy(ours.study(faces))
    together = ours.move(kept, heard).float()
    alone = torch.cat([ours.move(kept[k : k + 1], heard[k : k + 1]).float() for k in range(2)])
    assert (together[:2] - alone).abs().mean() * 255 <= 1
    assert (together[0] - together[1]).abs().mean() * 255 > 2  # else nothing was compared


def test_no_gradient_is_kept(made):
    assert made.is_inference()
    assert not made.requires_grad


def test_it_hears_each_frame_of_the_sound(network, exact):
    ours = exact
    sound = np.random.default_rng(0).normal(0, 0.1, 16_001).astype(np.float32)
    heard = ours.hear(sound, 25)
    assert heard.shape == (26, *ours.window)
    assert heard.dtype == np.float16
    assert np.abs(heard).max() <= 4
    np.testing.assert_array_equal(net(network, mel_offset_frames=-1).hear(sound, 25)[1:20], heard[:19])


def test_the_crop_is_the_padded_box(network, exact):
    box, points = np.array([100.7, 50.2, 300.9, 320.4], np.float32), np.zeros((5, 2), np.float32)
    assert exact.crop(box, points) == (100, 50, 300, 330)
    near_the_edge = np.array([3.0, 4.0, 90.0, 100.0], np.float32)
    assert net(network, pads=Pads(20, 5, 10, 0)).crop(near_the_edge, points) == (0, 0, 90, 105)


def test_256_pixels_go_in_and_come_out():
    large = Wav2LipNet(ready(Wav2Lip(WAV2LIP_256).eval()), WAV2LIP_256, CPU, torch.bfloat16)
    faces = np.random.default_rng(0).integers(0, 256, (1, 256, 256, 3), np.uint8)
    made = large.move(torch.from_numpy(large.study(faces)), torch.zeros(1, 80, 16))
    assert made.shape == (1, 3, 256, 256)
    assert large.name == "wav2lip-256"
    assert (
        np.prod(Wav2LipNet(ready(Wav2Lip(WAV2LIP_256)), WAV2LIP_256, CPU, torch.float16, cached=True).kept) * 2 < 4.2e6
    )
