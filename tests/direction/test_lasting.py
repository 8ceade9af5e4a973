"""What operators ordered outlives a restart, whatever becomes of the file in which it is kept."""

from __future__ import annotations

import json
import stat
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
import virtual
from directed_stage import ANNA, Stage, show

from host_engine.direction.kept_file import KeptFile


def restarted(folder: Path, course: Any) -> Stage:
    """`course(stage)` on a show that keeps its orders in the folder, as an earlier one did."""

    async def run() -> Stage:
        stage = Stage(show(folder / "shop"), file=folder / "order.json")
        await course(stage)
        return stage

    return virtual.run(run())


async def nothing(stage: Stage) -> None:
    """The show begins, and nobody orders anything."""


def test_hold_mute_and_scene_are_in_force_again(tmp_path: Path) -> None:
    async def course(stage: Stage) -> None:
        stage.director.hold(ANNA)
        stage.director.mute(True, ANNA)
        stage.director.scene("close-up", ANNA)
        await stage.director.kept()

    restarted(tmp_path, course)

    async def again(stage: Stage) -> None:
        state = stage.director.state()
        assert (state["held"], state["muted"], state["scene"]["by_hand"]) == (True, True, "close-up")
        await stage.play(40)
        assert stage.lines() == ["idle"]
        assert [each.partition(",")[0] for each in stage.director.resumed] == [
            "The channel is muted", "The show is held", "The scene 'close-up' is shown",
        ]  # fmt: skip
        assert all("anna" in each for each in stage.director.resumed)
        stage.director.mute(False, ANNA)
        stage.director.release(ANNA)
        stage.director.scene(None, ANNA)
        await stage.on_air("hello/one")

    restarted(tmp_path, again)
    assert restarted(tmp_path, nothing).director.resumed == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "[" * 100_000, '{"hold": 1, "mute": "yes", "scene": {}}', '{"scene": {}, "named": 7}']
)
def test_a_file_that_holds_no_orders_changes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "direction.json").write_text(text)
    (tmp_path / "order.json").write_text(text)
    stage = restarted(tmp_path, nothing)
    assert stage.director.resumed == []
    assert not stage.director.state()["order_by_hand"]


def test_a_scene_that_is_gone_is_told(tmp_path: Path) -> None:
    kept = {"scene": {"who": "anna", "when": "yesterday"}, "named": "moon"}
    (tmp_path / "direction.json").write_text(json.dumps(kept))
    stage = restarted(tmp_path, nothing)
    assert stage.director.resumed == ["The scene that anna chose at yesterday is not shown: there is no scene 'moon'."]


class Later(Executor):
    """Does its work when it is told to."""

    def __init__(self) -> None:
        self.work: list[Any] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.work.append(lambda: future.set_result(fn(*args, **kwargs)))
        return future


async def test_the_last_that_was_handed_over_stays_whichever_is_written_first(tmp_path: Path) -> None:
    threads = Later()
    file = KeptFile(tmp_path / "deep" / "kept.json", threads)
    for n in (1, 2, 3):
        file.write({"n": n})
    for work in reversed(threads.work):
        work()
    await file.written()
    assert file.read() == {"n": 3}
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


async def test_a_disk_that_hangs_keeps_nobody_waiting_for_long(tmp_path: Path) -> None:
    file = KeptFile(tmp_path / "kept.json", Later())
    file.write({"n": 1})
    await file.written()
    assert file.read() == {}


async def test_a_disk_that_is_away_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "taken").write_text("")
    threads = Later()
    file = KeptFile(tmp_path / "taken" / "kept.json", threads)
    file.write({"n": 1})
    threads.work[0]()
    assert "cannot be kept for a restart" in caplog.text
