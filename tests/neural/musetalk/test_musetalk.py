"""MuseTalk's parts are the published networks to the last tensor, and compute what those compute."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch._subclasses import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode

from host_engine.neural.musetalk import architecture, load, load_blank, write_blank
from host_engine.neural.musetalk.blank import TINY, TRUE, fill
from host_engine.neural.musetalk.lips import Lips
from host_engine.neural.musetalk.musetalk import MuseTalk
from host_engine.neural.musetalk.painter import SdPainter, TinyPainter

HERE = Path("settings.json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("musetalk")
    write_blank(folder)
    return folder


@pytest.fixture(scope="module")
def net(folder: Path) -> MuseTalk:
    return load(folder)


def orders(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    chance = torch.Generator().manual_seed(2)
    kept = torch.randn(count, 8, 32, 32, generator=chance).half()
    return kept, torch.randn(count, 50, 24, generator=chance).half()


def moved(net: MuseTalk, kept: torch.Tensor, windows: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return net.move(kept, windows)


def millions(*modules: torch.nn.Module) -> float:
    return round(sum(weight.numel() for module in modules for weight in module.parameters()) / 1e6, 2)


def test_the_true_sizes_are_the_published_ones() -> None:
    unet = architecture.unet(TRUE.unet, HERE)
    assert len(unet.state_dict()) == 686
    assert millions(unet) == 849.95
    vae = architecture.vae(TRUE.vae, HERE)
    assert millions(vae.decoder, vae.post_quant_conv) == 49.49
    assert millions(vae.encoder, vae.quant_conv) == 34.16
    assert millions(architecture.whisper(TRUE.whisper, HERE)) == 8.21
    assert millions(architecture.tiny_decoder(TRUE.taesd, HERE)) == 1.22
    assert vae.config.scaling_factor == 0.18215


def test_the_true_work_is_the_published_one() -> None:
    def gigaflop(part: torch.nn.Module, *shapes: tuple[int, ...]) -> float:
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            part(*(torch.empty(shape, device="meta") for shape in shapes))
        return counter.get_total_flops() / 1e9

    lips = Lips(architecture.unet(TRUE.unet, HERE))
    assert gigaflop(lips, (1, 8, 32, 32), (1, 50, 384)) == pytest.approx(177.82, abs=0.1)  # less what is folded
    painter = SdPainter(architecture.vae(TRUE.vae, HERE))
    assert gigaflop(painter, (1, 4, 32, 32)) == pytest.approx(622.19, abs=0.01)
    tiny = TinyPainter(architecture.tiny_decoder(TRUE.taesd, HERE))
    assert gigaflop(tiny, (1, 4, 32, 32)) == pytest.approx(35.34, abs=0.01)


def test_folding_the_time_and_joining_projections_changes_no_number() -> None:
    unet = architecture.unet(TINY.unet, HERE).to_empty(device="cpu").eval()
    fill(unet, torch.Generator().manual_seed(4))
    latents, heard = (tensor.float() for tensor in orders(2))
    with torch.inference_mode():
        plain = unet(latents, torch.tensor([0]), heard).sample
        elsewhere = unet(latents, torch.tensor([500]), heard).sample
        folded = Lips(unet).eval()(latents, heard)
    assert float((plain - elsewhere).abs().mean()) > 1e-2 * float(plain.abs().mean()), "the time must matter here"
    torch.testing.assert_close(folded, plain, atol=2e-5, rtol=2e-5)


def test_faces_are_those_of_the_plain_pipeline(folder: Path, net: MuseTalk) -> None:
    from diffusers import AutoencoderKL, UNet2DConditionModel

    unet = UNet2DConditionModel(**architecture.settings(folder / "musetalkV15" / "musetalk.json")).eval()
    unet.load_state_dict(torch.load(folder / "musetalkV15" / "unet.pth", weights_only=True))
    vae = AutoencoderKL.from_pretrained(folder / "sd-vae", use_safetensors=False).eval()
    kept, windows = orders(2)
    with torch.inference_mode():
        made = unet(kept.float(), torch.tensor([0]), windows.float()).sample
        plain = (vae.decode(made / vae.config.scaling_factor).sample / 2 + 0.5).clamp(0, 1)
    ours = moved(net, kept, windows)
    assert ours.shape == (2, 3, 256, 256)
    assert ours.dtype == torch.float32
    torch.testing.assert_close(ours, plain, atol=1e-4, rtol=0)
    assert 0.05 < float(ours.std()) < 0.45, "a flat picture would prove nothing"


def test_the_small_decoder_takes_latents_as_the_unet_makes_them(folder: Path) -> None:
    from diffusers import AutoencoderTiny

    tiny = load(folder, decoder="taesd")
    taesd = AutoencoderTiny(**TINY.taesd).eval()
    stored = torch.load(folder / "taesd" / "diffusion_pytorch_model.bin", weights_only=True)
    taesd.decoder.load_state_dict({name.removeprefix("decoder."): value for name, value in stored.items()})
    kept, windows = orders(1)
    with torch.inference_mode():
        made = tiny.modules["lips"](kept.float(), windows.float())
        plain = (taesd.decode(made).sample / 2 + 0.5).clamp(0, 1)
    torch.testing.assert_close(moved(tiny, kept, windows), plain, atol=1e-4, rtol=0)


@pytest.mark.parametrize("decoder", ["sd-vae", "taesd"])
def test_half_precision_is_within_two_levels_and_batches_within_one(folder: Path, decoder: str) -> None:
    kept, windows = orders(3)
    exact, half = (load(folder, decoder=decoder, dtype=dtype) for dtype in (torch.float32, torch.bfloat16))
    golden = moved(exact, kept, windows)
    rounded = moved(half, kept, windows)
    assert float((golden - rounded).abs().mean()) <= 2 / 255
    for net, together in ((exact, golden), (half, rounded)):
        alone = torch.cat([moved(net, kept[i : i + 1], windows[i : i + 1]) for i in range(3)])
        assert float((alone - together).abs().mean()) <= 1 / 255


def test_what_is_studied_is_the_middle_of_what_the_encoder_gives(folder: Path, net: MuseTalk) -> None:
    from diffusers import AutoencoderKL

    faces = np.random.default_rng(1).integers(0, 256, (3, 256, 256, 3), np.uint8)
    kept = net.study(faces)
    assert kept.shape == (3, *net.kept)
    assert kept.dtype == np.float16
    vae = AutoencoderKL.from_pretrained(folder / "sd-vae", use_safetensors=False).eval()
    whole = torch.from_numpy(faces).permute(0, 3, 1, 2).float() / 255
    mask = (torch.arange(256) < 128).float()[:, None]
    with torch.inference_mode():
        latents = [vae.encode((seen - 0.5) / 0.5).latent_dist.mode() * 0.18215 for seen in (whole * mask, whole)]
    np.testing.assert_allclose(kept, torch.cat(latents, dim=1).numpy(), atol=2e-3)
    np.testing.assert_array_equal(net.study(faces), kept)
    assert net.study(faces[:0]).shape == (0, *net.kept)


def test_moving_depends_on_no_value_and_wants_no_gradient(net: MuseTalk) -> None:
    with FakeTensorMode(allow_non_fake_inputs=True):  # refuses whatever would have to look at a value
        made = net.move(torch.empty(4, 8, 32, 32, dtype=torch.float16), torch.empty(4, 50, 24, dtype=torch.float16))
    assert made.shape == (4, 3, 256, 256)
    assert not any(weight.requires_grad for part in net.modules.values() for weight in part.parameters())
    assert not net.move(*orders(1)).requires_grad
    assert not any(part.training for whole in net.modules.values() for part in whole.modules())


def test_what_is_not_a_number_spoils_its_own_frame_only(net: MuseTalk) -> None:
    kept, windows = orders(3)
    windows[1] = torch.nan
    made = moved(net, kept, windows)
    assert bool(made[1].isnan().any())
    assert bool(made[[0, 2]].isfinite().all())


def test_blank_weights_make_finite_pictures_and_are_the_same_each_time() -> None:
    one, two, other = (load_blank(sizes=TINY, seed=seed) for seed in (3, 3, 4))
    assert bool(moved(one, *orders(1)).isfinite().all())
    matrix = "_unet.mid_block.resnets.0.conv1.weight"
    held = [net.modules["lips"].state_dict()[matrix] for net in (one, two, other)]
    assert torch.equal(held[0], held[1])
    assert not torch.equal(held[0], held[2])
