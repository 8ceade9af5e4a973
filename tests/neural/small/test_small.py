"""The small network: what it promises as a `Net`, its shipped weights, and files that are none of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from host_engine.avatars.jaw import jaw_mask
from host_engine.neural.net import Net, NetError
from host_engine.neural.small import load
from host_engine.neural.small.geometry import crop_of
from host_engine.neural.small.net import SHIPPED, SmallNet, load_blank
from host_engine.neural.small.network import SEAM, SIDE, TOP

POINTS = np.array([[300, 300], [430, 300], [365, 360], [330, 400], [400, 400]], np.float32)
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def shipped() -> SmallNet:
    return load(dtype=torch.float32)


def some(net: SmallNet, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    chance = np.random.default_rng(count)
    faces = chance.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)
    windows = chance.uniform(-1, 1, (count, *net.window)).astype(np.float16)
    return torch.from_numpy(net.study(faces)), torch.from_numpy(windows)


def test_it_is_a_net(shipped: SmallNet) -> None:
    net: Net = shipped
    kept, windows = some(shipped, 3)
    assert kept.shape == (3, *net.kept)
    assert kept.dtype == torch.uint8
    made = net.move(kept, windows)
    assert made.shape == (3, 3, net.side, net.side)
    assert 0 <= float(made.min()) <= float(made.max()) <= 1
    assert not made.requires_grad


def test_nothing_is_painted_above_and_at_the_edges(shipped: SmallNet) -> None:
    kept, windows = some(shipped, 2)
    made, faces = shipped.move(kept, windows), kept.float() / 255
    assert (made - faces).abs()[:, :, : int(SEAM[0] * SIDE)].max() < 1e-6
    edge = torch.cat([made[..., 0], made[..., -1], made[..., -1, :]], -1)
    assert (edge - torch.cat([faces[..., 0], faces[..., -1], faces[..., -1, :]], -1)).abs().max() < 0.12
    assert SEAM[0] > TOP


def test_one_face_is_painted_as_among_many(shipped: SmallNet) -> None:
    kept, windows = some(shipped, 5)
    together = shipped.move(kept, windows)
    alone = torch.cat([shipped.move(kept[k : k + 1], windows[k : k + 1]) for k in range(5)])
    assert (together - alone).abs().max() < 1e-4


def test_half_precision_is_the_same_to_the_eye(shipped: SmallNet) -> None:
    halved = load(dtype=torch.bfloat16)
    kept, windows = some(shipped, 4)
    away = (halved.move(kept, windows) - shipped.move(kept, windows)).abs() * 255
    assert away.mean() <= 2


def test_it_learns_nothing_while_it_moves() -> None:
    net = load_blank(dtype=torch.float32)
    net.move(*some(net, 1))
    assert not torch.is_grad_enabled() or not any(p.requires_grad for p in net._lips.parameters())


def test_the_crop_holds_the_mouth_and_the_jaw_and_is_square() -> None:
    x0, y0, x1, y1 = crop_of(POINTS)
    assert x1 - x0 == y1 - y0 == 220
    mask = jaw_mask(POINTS, (x0, y0, x1, y1), SIDE)
    rows = np.flatnonzero(mask.max(1))
    assert rows[0] / SIDE > TOP
    assert mask[round((400 - y0) / 220 * SIDE), SIDE // 2] == 255


def test_a_turned_head_does_not_shrink_the_crop() -> None:
    turned = POINTS.copy()
    turned[:2, 0] = (340, 390)
    assert crop_of(turned)[2] - crop_of(turned)[0] == 220


def test_the_same_weights_are_small_and_load_strictly(shipped: SmallNet) -> None:
    assert SHIPPED.stat().st_size < 8 * MEGABYTE
    values = load_file(SHIPPED)
    assert {value.dtype for value in values.values()} == {torch.float16}
    assert (SHIPPED.parent / "README.md").is_file()
    assert SHIPPED.with_suffix(".json").is_file()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda values: values.pop("painter.last.bias"), "painter.last.bias"),
        (lambda values: values.update({"face_encoder.weight": torch.zeros(2)}), "face_encoder.weight"),
        (lambda values: values.update({"ear.code.bias": torch.zeros(3)}), "ear.code.bias is (3,), not (16,)"),
        (lambda values: values["painter.last.bias"].fill_(torch.nan), "damaged"),
    ],
)
def test_a_file_that_does_not_fit_is_told_in_a_sentence(spoil, said: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    values = load_file(SHIPPED)
    spoil(values)
    save_file(values, tmp_path / "other.safetensors")
    with pytest.raises(NetError, match=r"other\.safetensors") as told:
        load(tmp_path / "other.safetensors")
    assert said in str(told.value)
