"""The files in force are watched: whoever saves them need do nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from until import until

from host_engine.access.who import Who
from host_engine.swap import watching
from host_engine.swap.catalogs import NotDone


class Catalogs:
    """Notes when it is told that files may have been saved, and what they were then."""

    def __init__(self, folder: Path) -> None:
        self.version = SimpleNamespace(folder=str(folder))
        self.seen: list[tuple[str, str]] = []
        self.refuses = False

    async def saved(self, who: Who) -> None:
        folder = Path(self.version.folder)
        self.seen.append(tuple((folder / name).read_text() for name in ("catalog.yaml", "rundown.yaml")))  # type: ignore[arg-type]
        if self.refuses:
            raise NotDone("They are not sound.", 422)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(watching, "QUIET", 0.3)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for file in ("catalog.yaml", "rundown.yaml"):
            (tmp_path / name / file).write_text("0")
    return tmp_path


async def watched(catalogs: Any, folder: Path) -> asyncio.Task[None]:
    """A watch that has noticed a first save: from then on it misses none."""
    task = asyncio.create_task(watching.watch(catalogs))
    n = 0
    while not catalogs.seen:
        n += 1
        (folder / "catalog.yaml").write_text(f"first {n}")
        await asyncio.sleep(0.5)
    await until(lambda: catalogs.seen[-1][0] == f"first {n}")
    return task


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_saves_are_noticed_however_they_are_made_and_read_when_they_are_over(folder: Path) -> None:
    async def scene() -> None:
        catalogs, here = Catalogs(folder / "a"), folder / "a"
        task = await watched(catalogs, here)
        (here / "catalog.yaml").write_text("half")
        (here / "catalog.yaml").write_text("whole")
        (here / ".rundown.tmp").write_text("renamed")
        (here / ".rundown.tmp").rename(here / "rundown.yaml")  # as editors save
        await until(lambda: catalogs.seen[-1] == ("whole", "renamed"))
        assert ("half", "0") not in catalogs.seen
        catalogs.refuses = True
        (here / "catalog.yaml").write_text("bad")
        await until(lambda: catalogs.seen[-1][0] == "bad")
        (here / "catalog.yaml").write_text("good")
        await until(lambda: catalogs.seen[-1][0] == "good")
        await end(task)

    asyncio.run(scene())


def test_the_folder_in_force_is_followed(folder: Path) -> None:
    async def scene() -> None:
        catalogs = Catalogs(folder / "a")
        task = await watched(catalogs, folder / "a")
        catalogs.version = SimpleNamespace(folder=str(folder / "b"))
        n = 0
        while catalogs.seen[-1][1] != f"b {n}":
            n += 1
            (folder / "b" / "rundown.yaml").write_text(f"b {n}")
            await asyncio.sleep(0.7)
        await end(task)

    asyncio.run(asyncio.wait_for(scene(), 30))
