"""A large catalog is read in a process of its own, and is the same as if it were read here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from shop_on_air import TEA, TEA_LINES, write

from host_engine.show.script import examine_show
from host_engine.swap import apart


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    more = "".join(
        f"- {{id: cup-{n}, title: Cup {n}, description: A cup., price: {n}.00 EUR}}\n" for n in range(1, 121)
    )
    return write(tmp_path / "tea", TEA + more, TEA_LINES)


def test_it_is_the_same_show(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 1)
    show, problems = apart.examine(folder, None, folder)
    here, _ = examine_show(folder)
    assert show
    assert here
    assert problems == []
    assert show.catalog == here.catalog
    assert show.catalog.product("cup-120") is show.catalog.products[-1]
    assert show.catalog.root == folder
    assert show.rundown.entries == here.rundown.entries
    assert (show.ticker, show.version, show.written) == (here.ticker, here.version, here.written)


def test_problems_come_over_and_scene_names_are_looked_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 1)
    write(folder, TEA.replace("15.00 EUR", "15.00"), TEA_LINES.replace("- id: hello", "- id: hello\n  scene: moon"))
    show, problems = apart.examine(folder, ["studio"], folder)
    assert show is None
    assert [str(each) for each in problems] == [str(each) for each in examine_show(folder, ["studio"])[1]]
    assert len(problems) == 2


def test_a_process_that_ends_too_soon_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 1)
    monkeypatch.setattr(apart.sys, "executable", "/bin/true")
    with pytest.raises(OSError, match="ended too soon"):
        apart.examine(folder, None, folder)


def test_a_channel_that_ended_meanwhile_leaves_no_traceback(folder: Path) -> None:
    command = [sys.executable, "-m", "host_engine.swap.apart", str(folder), str(folder), "null"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stderr
        child.stdout.close()
        assert b"Traceback" not in (said := child.stderr.read()), said
        assert b"BrokenPipe" not in said


def test_small_catalogs_are_read_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart.subprocess, "Popen", None)
    show, _ = apart.examine(folder, None, folder)
    assert show
