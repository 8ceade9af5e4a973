"""Wav2Lip's files: the public ones' keys and sizes, and the sentence for each that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from host_engine.neural.net import NetError
from host_engine.neural.wav2lip.load import load, load_blank, variant_of
from host_engine.neural.wav2lip.network import Wav2Lip
from host_engine.neural.wav2lip.plan import WAV2LIP_96, WAV2LIP_256, Variant

torch.set_num_threads(1)
UNET = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight"


def empty(variant: Variant) -> Wav2Lip:
    with torch.device("meta"):
        return Wav2Lip(variant)


@pytest.mark.parametrize(("variant", "keys", "millions"), [(WAV2LIP_96, 352, 36.30), (WAV2LIP_256, 380, 53.61)])
def test_keys_and_parameters_are_the_public_ones(variant, keys, millions):
    network = empty(variant)
    names = list(network.state_dict())
    assert len(names) == keys
    assert sum(p.numel() for p in network.parameters()) / 1e6 == pytest.approx(millions, abs=0.005)
    for name in (
        "face_encoder_blocks.1.2.conv_block.1.running_var",
        "audio_encoder.12.conv_block.0.weight",
        "face_decoder_blocks.6.2.conv_block.1.num_batches_tracked",
        "output_block.0.conv_block.0.bias",
        "output_block.1.weight",
    ):
        assert name in names


@pytest.mark.parametrize("variant", [WAV2LIP_96, WAV2LIP_256])
def test_the_size_is_told_by_the_tensors(variant):
    assert variant_of(empty(variant).state_dict(), Path("w.pth")) is variant


@pytest.fixture(scope="module")
def tensors() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return Wav2Lip(WAV2LIP_96).half().state_dict()


def test_public_files_load_in_whatever_wrapping(tensors, tmp_path):
    torch.save(tensors, tmp_path / "plain.pth")
    prefixed = {f"module.{name}": tensor for name, tensor in tensors.items()}
    torch.save({"state_dict": prefixed, "optimizer": None, "global_step": 3}, tmp_path / "gan.pth")
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, tmp_path / "w.safetensors")
    meant = tensors["output_block.1.weight"][[2, 1, 0]].float()  # in RGB
    for name in ("plain.pth", "gan.pth", "w.safetensors"):
        net = load(tmp_path / name, dtype=torch.float32, license_acknowledged=True)
        assert (net.name, net.side, net.dtype) == ("wav2lip-96", 96, torch.float32)
        assert torch.equal(net.modules["network"].output_block[1].weight, meant)
        (tmp_path / name).unlink()


def test_without_the_licence_nothing_is_loaded(tmp_path):
    with pytest.raises(NetError, match=r"research only.*license_acknowledged: true"):
        load(tmp_path / "there-is-no-such-file.pth")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda t: {UNET: torch.zeros(320, 384), "conv_in.weight": torch.zeros(320, 8, 3, 3)},
            "probably MuseTalk's UNet",
        ),
        (lambda t: {**t, "sam.sa.conv1.weight": t["output_block.1.bias"]}, "192 and 384 family"),
        (lambda t: {k: v for k, v in t.items() if "face_encoder_blocks.6" not in k}, "6 encoder blocks"),
        (lambda t: {k: v for k, v in t.items() if k != "output_block.1.bias"}, "output_block.1.bias"),
        (lambda t: {**t, "output_block.1.weight": t["output_block.1.weight"][:2]}, "output_block.1.weight"),
        (lambda t: {"face_decoder_blocks.1.0.conv_block.0.weight": t["output_block.1.bias"]}, "is no Wav2Lip network"),
    ],
    ids=["musetalk", "sam", "fewer blocks", "a key missing", "a wrong size", "a wrong rank"],
)
def test_another_file_is_refused_in_a_sentence(tensors, tmp_path, change, sentence):
    path = tmp_path / "other.pth"
    torch.save(change(tensors), path)
    with pytest.raises(NetError, match=sentence) as refused:
        load(path, license_acknowledged=True)
    assert str(path) in str(refused.value)


def test_a_truncated_file_is_refused_in_a_sentence(tensors, tmp_path):
    path = tmp_path / "half.pth"
    torch.save(tensors, path)
    path.write_bytes(path.read_bytes()[:1_000_000])
    with pytest.raises(NetError, match=r"half\.pth"):
        load(path, license_acknowledged=True)


def test_a_file_that_holds_code_is_refused(tmp_path):
    path = tmp_path / "code.pth"
    torch.save({"state_dict": Path("x"), "print": print}, path)
    with pytest.raises(NetError, match=r"code\.pth"):
        load(path, license_acknowledged=True)


def test_a_blank_one_needs_no_file_and_makes_what_varies_as_a_picture_does():
    net = load_blank(96, dtype=torch.float32)
    generator = torch.Generator().manual_seed(1)
    faces = torch.randint(0, 256, (1, *net.kept), generator=generator, dtype=torch.uint8)
    made = net.move(faces, torch.randn(1, *net.window, generator=generator))
    assert made.shape == (1, 3, 96, 96)
    assert 0.1 < made.std() < 0.3
