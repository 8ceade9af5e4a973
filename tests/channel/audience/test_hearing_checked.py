"""Ears that cannot be meant are refused with a sentence that names those that can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from host_engine.channel.audience.hearing_checked import check_hearing
from host_engine.channel_file import config
from host_engine.document import Problems

HEAD = "name: tea\ncatalog: catalog\noutputs: []\n"
Wrote = Callable[[str], Path]


@pytest.fixture
def wrote(tmp_path: Path) -> Wrote:
    def write(ears: str) -> Path:
        path = tmp_path / "channel.yaml"
        path.write_text(f"{HEAD}audience:\n  ears: {ears}\n", encoding="utf-8")
        return path

    return write


def said(path: Path) -> list[str]:
    """What is wrong with the ears, wherever it is found."""
    try:
        return [str(each) for each in check_hearing(config.load(path), path, {"HOME": str(path.parent)})]
    except Problems as found:
        return [str(each) for each in found.problems]


@pytest.mark.parametrize("use", ["auto", "none", "pocketsphinx", "whisper:small", "whisper:Systran/fw-base"])
def test_ears_that_may_be_there_pass(wrote: Wrote, use: str) -> None:
    assert said(wrote(f"{{use: '{use}', language: de-AT}}")) == []


def test_a_model_that_nobody_has_is_refused(wrote: Wrote) -> None:
    (problem,) = said(wrote("{use: whisper:gigantic}"))
    assert "channel.yaml:5:" in problem
    assert "no Whisper model 'gigantic'" in problem
    assert "large-v3" in problem
    (slip,) = said(wrote("{use: whisper:smal}"))
    assert "did you mean whisper:small?" in slip


def test_a_folder_that_is_no_model_is_refused(wrote: Wrote, tmp_path: Path) -> None:
    (problem,) = said(wrote("{use: whisper:./ours}"))
    assert "there is no such folder" in problem
    (tmp_path / "ours").mkdir()
    (problem,) = said(wrote("{use: whisper:ours}"))
    assert "model.bin and config.json and tokenizer.json are missing" in problem


def test_a_model_of_the_own_folder_is_known_by_its_name(wrote: Wrote, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "whisper-ours"
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (folder / name).write_text("{}")
    assert said(wrote("{use: whisper:ours}")) == []


@pytest.mark.parametrize("language", ["klingon", "english", "de_AT", "xx", "''"])
def test_a_language_that_ears_do_not_know_is_refused(wrote: Wrote, language: str) -> None:
    (problem,) = said(wrote(f"{{language: {language}}}"))
    assert "channel.yaml:5:" in problem
    assert "detected" in problem
    assert " de," in problem
