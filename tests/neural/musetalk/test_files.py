"""MuseTalk's public files in every form that people have them in; and what is said of files that are not right."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from host_engine.neural.musetalk import load, write_blank
from host_engine.neural.musetalk.blank import TINY
from host_engine.neural.musetalk.musetalk import MuseTalk
from host_engine.neural.net import NetError

Tensors = dict[str, torch.Tensor]
UNET = "musetalkV15/unet.pth"
VAE = "sd-vae/diffusion_pytorch_model.bin"
WHISPER = "whisper/pytorch_model.bin"
TAESD = "taesd/diffusion_pytorch_model.bin"


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("public")
    write_blank(folder)
    return folder


@pytest.fixture(scope="module")
def net(public: Path) -> MuseTalk:
    return load(public)


@pytest.fixture
def folder(public: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(public, tmp_path / "models"))


def tensors(path: Path) -> Tensors:
    return dict(torch.load(path, weights_only=True))


def change(path: Path, how: Callable[[Tensors], object]) -> None:
    torch.save(how(tensors(path)), path)


def held(net: MuseTalk) -> Tensors:
    """Every weight of the network, by the part it is in."""
    parts = {**net.modules, "ears": net._ears._encoder}
    return {f"{part}.{name}": value for part in parts for name, value in parts[part].state_dict().items()}


def assert_same(one: MuseTalk, other: MuseTalk, apart: float = 0) -> None:
    first, second = held(one), held(other)
    assert len(first) > 150
    assert set(first) == set(second)
    for name, value in first.items():
        torch.testing.assert_close(value, second[name], atol=apart, rtol=apart, msg=name)


def refusal(folder: Path, **options: str) -> str:
    with pytest.raises(NetError) as caught:
        load(folder, **options)
    return str(caught.value)


def test_the_public_vae_has_the_old_names(public: Path) -> None:
    names = set(tensors(public / VAE))
    assert "decoder.mid_block.attentions.0.query.weight" in names
    assert "encoder.mid_block.attentions.0.proj_attn.bias" in names
    assert not any("to_q" in name for name in names)


def test_prefixes_wrappings_and_safetensors_are_the_same_network(net: MuseTalk, folder: Path) -> None:
    change(folder / UNET, lambda held: {"state_dict": {f"module.{name}": value for name, value in held.items()}})
    save_file(tensors(folder / VAE), folder / "sd-vae" / "diffusion_pytorch_model.safetensors")
    (folder / VAE).unlink()
    bare = {name.removeprefix("model."): value for name, value in tensors(folder / WHISPER).items()}
    save_file(bare, folder / "whisper" / "model.safetensors")
    (folder / WHISPER).unlink()
    assert_same(load(folder), net)


def test_new_names_and_matrices_as_convolutions_are_read(public: Path, net: MuseTalk, folder: Path) -> None:
    new = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}

    def renamed(held: Tensors) -> Tensors:
        for old, now in new.items():
            held = {name.replace(f"attentions.0.{old}.", f"attentions.0.{now}."): held[name] for name in held}
        return held

    change(folder / VAE, renamed)
    assert_same(load(folder), net)

    def widened(held: Tensors) -> Tensors:
        return {n: v[:, :, None, None] if "attentions.0" in n and v.dim() == 2 else v for n, v in held.items()}

    shutil.copy(public / VAE, folder / VAE)
    change(folder / VAE, widened)
    assert_same(load(folder), net)


def test_files_of_half_precision_are_welcome(public: Path, folder: Path) -> None:
    for name in (UNET, VAE, WHISPER, TAESD):
        change(folder / name, lambda held: {key: value.half() for key, value in held.items()})
    for decoder in ("sd-vae", "taesd"):
        assert_same(load(folder, decoder=decoder), load(public, decoder=decoder), apart=2e-3)


def test_the_small_decoder_is_read_as_its_makers_name_it(public: Path, folder: Path) -> None:
    held = tensors(folder / TAESD)
    split = {name.removeprefix("decoder.layers.").partition(".")[::2]: value for name, value in held.items()}
    raw = {f"{int(number) + 1}.{rest}": value for (number, rest), value in split.items()}
    assert "1.weight" in raw
    torch.save(raw, folder / "taesd" / "taesd_decoder.pth")
    (folder / TAESD).unlink()
    assert_same(load(folder, decoder="taesd"), load(public, decoder="taesd"))


def test_the_encoder_of_the_small_decoder_may_be_there_too(public: Path, folder: Path) -> None:
    change(folder / TAESD, lambda held: {**held, "encoder.layers.0.weight": torch.ones(8, 3, 3, 3)})
    assert_same(load(folder, decoder="taesd"), load(public, decoder="taesd"))


def test_for_hearing_and_studying_the_large_files_are_not_read(net: MuseTalk, folder: Path) -> None:
    shutil.rmtree(folder / "musetalkV15")
    shutil.rmtree(folder / "taesd")
    quiet = load(folder, decoder="taesd", moves=False)
    samples, faces = np.ones(8000, np.float32), np.full((1, 256, 256, 3), 99, np.uint8)
    np.testing.assert_array_equal(quiet.hear(samples, 25), net.hear(samples, 25))
    np.testing.assert_array_equal(quiet.study(faces), net.study(faces))
    assert (quiet.window, quiet.kept) == (net.window, net.kept)
    assert list(quiet.modules) == ["eyes"]
    with pytest.raises(NetError, match="not to move lips"):
        quiet.move(torch.zeros(1, 8, 32, 32), torch.zeros(1, 50, 24))


def test_a_whisper_of_another_size_is_told(folder: Path) -> None:
    write_blank(folder, TINY._replace(whisper={**TINY.whisper, "d_model": 32}))
    assert "UNet hears 24 values a step and this Whisper gives 32" in refusal(folder)


def test_a_missing_part_is_named_with_where_it_comes_from(folder: Path) -> None:
    assert "there is no such folder" in refusal(folder / "none")
    shutil.rmtree(folder / "sd-vae")
    said = refusal(folder)
    assert said == f"{folder}: has no folder sd-vae; its files are those of huggingface.co/stabilityai/sd-vae-ft-mse"
    write_blank(folder)
    (folder / UNET).unlink()
    assert refusal(folder) == f"{folder / 'musetalkV15'}: holds no weights; expected unet.pth or unet.safetensors"
    (folder / "musetalkV15" / "musetalk.json").unlink()
    assert "musetalk.json: is missing" in refusal(folder)
    shutil.rmtree(folder / "taesd")
    assert "has no folder taesd" in refusal(folder, decoder="taesd")


def test_a_wrong_file_is_told_with_its_keys_and_what_it_is(folder: Path) -> None:
    shutil.copy(folder / VAE, folder / UNET)
    said = refusal(folder)
    assert said.startswith(f"{folder / UNET}: does not fit MuseTalk's UNet: ")
    assert "tensors are missing (first conv_in.weight (32, 8, 3, 3)" in said
    assert said.endswith("This is probably a Stable Diffusion VAE.")
    torch.save({"state_dict": {"module.face_encoder_blocks.0.0.conv_block.0.weight": torch.ones(1)}}, folder / UNET)
    assert refusal(folder).endswith("This is probably Wav2Lip-96.")
    write_blank(folder)
    change(folder / UNET, lambda held: {**held, "conv_in.weight": torch.ones(32, 4, 3, 3)})
    assert "1 differ (first conv_in.weight is (32, 4, 3, 3), not (32, 8, 3, 3))" in refusal(folder)
    write_blank(folder)
    shutil.copy(folder / UNET, folder / WHISPER)
    assert f"{folder / WHISPER}: does not fit the encoder of whisper-tiny" in refusal(folder)


@pytest.mark.parametrize("name", [UNET, VAE, WHISPER])
def test_a_truncated_file_is_told(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    assert refusal(folder).startswith(f"{folder / name}: is truncated or damaged")


def test_settings_of_another_model_are_told(folder: Path) -> None:
    settings = folder / "musetalkV15" / "musetalk.json"
    published = settings.read_text()
    settings.write_text(published.replace('"in_channels": 8', '"in_channels": 4'))
    assert refusal(folder) == f"{settings}: in_channels and out_channels must be 8 and 4; this is another model's UNet"
    settings.write_text(published.replace("CrossAttnDownBlock2D", "NoSuchBlock"))
    assert refusal(folder).startswith(f"{settings}: does not describe MuseTalk's UNet: ")
    settings.write_text(published[:-9])
    assert refusal(folder).startswith(f"{settings}: cannot be read as JSON: ")
    settings.write_text("[]")
    assert "holds a list" in refusal(folder)
    settings.write_text(published)
    config = folder / "whisper" / "config.json"
    config.write_text(config.read_text().replace('"d_model": 24', '"d_model": 32'))
    assert "does not fit the encoder of whisper-tiny" in refusal(folder)
