"""Checkpoints of others: every form that people have is read; what is damaged, foreign or holds code is told."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from host_engine.neural import weights
from host_engine.neural.checkpoint_origin import recognise
from host_engine.neural.net import NetError


def network() -> nn.Sequential:
    torch.manual_seed(5)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Linear(4, 2))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "net.pth"
    torch.save(network().state_dict(), path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(NetError) as caught:
        weights.read(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def misfit(tensors: dict[str, torch.Tensor]) -> str:
    with pytest.raises(NetError) as caught:
        weights.fit(network(), tensors, Path("some.pth"), "the test's network")
    assert str(caught.value).startswith("some.pth: ")
    return str(caught.value)


WRAPPED = [
    lambda state: state,
    lambda state: {"state_dict": state, "epoch": 3},
    lambda state: {"model": state, "step": torch.tensor(3)},
    lambda state: {"model_state_dict": {f"module.{name}": value for name, value in state.items()}},
    lambda state: {f"module._orig_mod.{name}": value for name, value in state.items()},
    lambda state: {name: value.half() if value.is_floating_point() else value for name, value in state.items()},
]


@pytest.mark.parametrize("wrap", WRAPPED)
@pytest.mark.parametrize("old", [False, True])
def test_every_wrapping_is_read(tmp_path: Path, wrap, old: bool) -> None:
    state = network().state_dict()
    torch.save(wrap(state), tmp_path / "net.pt", _use_new_zipfile_serialization=not old)
    read = weights.read(tmp_path / "net.pt")
    assert set(read) == set(state)
    other = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Linear(4, 2))
    weights.fit(other, read, tmp_path / "net.pt")
    for name, value in other.state_dict().items():
        assert value.dtype == state[name].dtype
        torch.testing.assert_close(value, state[name], atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("name", ["net.safetensors", "net.pth"])
def test_safetensors_are_told_by_their_content_and_do_not_lie_in_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save_file({f"module.{key}": value for key, value in network().state_dict().items()}, path)
    read = weights.read(path)
    path.write_bytes(b"")  # a tensor mapped from the file would end this process
    torch.testing.assert_close(read["0.weight"], network().state_dict()["0.weight"])


def test_a_module_without_memory_is_filled(saved: Path) -> None:
    with torch.device("meta"):
        hollow = network()
    weights.fit(hollow, weights.read(saved), saved)
    assert not any(value.is_meta for value in hollow.state_dict().values())
    torch.testing.assert_close(hollow(torch.ones(1, 3, 6, 6)), network()(torch.ones(1, 3, 6, 6)))


class Evil:
    def __init__(self, touched: Path) -> None:
        self._touched = touched

    def __reduce__(self) -> tuple[object, tuple[str]]:
        import os

        return os.system, (f"touch {self._touched}",)


@pytest.mark.parametrize("old", [False, True])
def test_code_is_named_and_never_run(tmp_path: Path, old: bool) -> None:
    path = tmp_path / "net.pth"
    torch.save(
        {"weight": torch.ones(2), "more": Evil(tmp_path / "touched")}, path, _use_new_zipfile_serialization=not old
    )
    assert "holds code (posix.system)" in refusal(path)
    torch.save(network(), path, _use_new_zipfile_serialization=not old)
    assert "holds code (torch.nn.modules.container.Sequential)" in refusal(path)
    assert not (tmp_path / "touched").exists()


@pytest.mark.filterwarnings("ignore:.*TorchScript")
def test_a_program_of_torchscript_is_told(tmp_path: Path) -> None:
    torch.jit.script(nn.Linear(2, 2)).save(str(tmp_path / "net.pt"))
    assert "TorchScript" in refusal(tmp_path / "net.pt")


@pytest.mark.parametrize("form", ["zip", "legacy", "safetensors"])
def test_a_file_cut_anywhere_or_with_a_wrong_byte_is_told_and_nothing_else_happens(tmp_path: Path, form: str) -> None:
    path = tmp_path / "net.bin"
    if form == "safetensors":
        save_file(network().state_dict(), path)
    else:
        torch.save(network().state_dict(), path, _use_new_zipfile_serialization=form == "zip")
    whole, chance = path.read_bytes(), random.Random(7)
    for cut in [20, 60, len(whole) - 1, *chance.sample(range(9, len(whole)), 30)]:
        path.write_bytes(whole[:cut])
        said = refusal(path)
        half_a_name = form == "legacy" and "holds code" in said  # cut within the name of what makes tensors
        assert half_a_name or "truncated or damaged" in said or "not a checkpoint" in said
    for _ in range(60):
        spoiled = bytearray(whole)
        spoiled[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(spoiled))
        with contextlib.suppress(NetError):  # a wrong bit within a number cannot be seen
            weights.fit(network(), weights.read(path), path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1234\nsize 3400074\n", "git lfs pull"),
        (b"\n<!DOCTYPE html><html>Quota exceeded</html>", "is a web page"),
        (b"Entry not found", "is not a checkpoint"),
    ],
)
def test_what_downloads_leave_behind_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "unet.pth"
    path.write_bytes(content)
    assert said in refusal(path)


def test_nothing_there_a_folder_or_no_tensors_is_told(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "none.pth")
    assert "cannot be read" in refusal(tmp_path)
    torch.save([torch.ones(2)], tmp_path / "list.pth")
    assert "holds a list" in refusal(tmp_path / "list.pth")
    torch.save({"epoch": 3}, tmp_path / "epoch.pth")
    assert "holds no tensors" in refusal(tmp_path / "epoch.pth")


def test_what_does_not_fit_is_named_with_its_shape() -> None:
    state = network().state_dict()
    said = misfit({**state, "2.weight": torch.ones(2, 5)})
    assert "1 differ (first 2.weight is (2, 5), not (2, 4))" in said
    assert "may be of another model" in said
    said = misfit(
        {name: value for name, value in state.items() if not name.startswith("1.")} | {"extra": torch.ones(1)}
    )
    assert "does not fit the test's network: 5 of its 9 tensors are missing (first 1.weight (4,), 1.bias (4,)" in said
    assert "1 are not of it (first extra (1,))" in said
    assert "2.bias is (2,) of int8" in misfit({**state, "2.bias": torch.ones(2, dtype=torch.int8)})
    assert "0.bias holds values that are no numbers" in misfit({**state, "0.bias": torch.full((4,), torch.nan)})


def test_a_known_model_in_the_wrong_place_is_called_by_its_name() -> None:
    said = misfit({"face_encoder_blocks.0.0.conv_block.0.weight": torch.ones(16, 6, 7, 7)})
    assert said.endswith("This is probably Wav2Lip-96.")
    heard = "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight"
    assert recognise({heard: (320, 384), "conv_in.weight": (320, 8, 3, 3)}) == "MuseTalk's UNet"
    assert "takes 4 channels and hears 768" in str(recognise({heard: (320, 768), "conv_in.weight": (320, 4, 3, 3)}))
    assert recognise({"weight": (1,)}) is None


def test_a_fingerprint_follows_the_content_and_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.pth"
    path.write_bytes(b"one")
    (tmp_path / "notes.txt").write_text("not of the model")
    first, folder = weights.fingerprint(path), weights.fingerprint(tmp_path)
    assert len(first) == 16 == len(folder)
    (tmp_path / "notes.txt").write_text("something else")
    with monkeypatch.context() as context:
        context.setattr("hashlib.file_digest", None)
        assert (weights.fingerprint(path), weights.fingerprint(tmp_path)) == (first, folder)
    path.write_bytes(b"other")
    assert weights.fingerprint(path) != first
    assert weights.fingerprint(tmp_path) != folder
    with pytest.raises(NetError, match="cannot be read"):
        weights.fingerprint(tmp_path / "none.pth")
