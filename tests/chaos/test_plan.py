"""The plan of faults: read, checked against the channel, its mistakes said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_engine.chaos.plan import Plan, Process, Voice, load, load_for
from host_engine.document import Problems

ROOT = Path(__file__).parent.parent.parent
PLANS = sorted((ROOT / "deploy" / "chaos").glob("*.yaml"))


def written(folder: Path, *faults: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text("faults:\n" + "".join(f"  - {fault}\n" for fault in faults))
    return path


def test_a_plan_is_read(tmp_path: Path) -> None:
    plan = load(
        written(
            tmp_path, "{at: 3, for: 2.5, what: voice, how: hangs}", "{every: 60, at: 10, what: process, how: killed}"
        )
    )
    first, second = plan.faults
    assert isinstance(first, Voice)
    assert (first.first, first.seconds, first.every, str(first)) == (3, 2.5, None, "voice hangs for 2.5 s")
    assert isinstance(second, Process)
    assert (second.first, second.seconds, second.every) == (10, None, 60)


@pytest.mark.parametrize(
    ("fault", "where", "words"),
    [
        ("{at: 1, for: 1, what: voice, how: hangss}", "faults[0].how", "did you mean 'hangs'?"),
        ("{at: 1, for: 1, what: voise, how: hangs}", "faults[0].what", "did you mean 'voice'?"),
        ("{at: 1, for: 1, how: hangs}", "faults[0]", "'what' is missing"),
        ("{at: 1, what: voice, how: hangs}", "faults[0]", "for: SECONDS"),
        ("{for: 1, what: voice, how: hangs}", "faults[0]", "at: SECONDS"),
        ("{at: -1, for: 1, what: voice, how: hangs}", "faults[0].at", "too small"),
        ("{at: .nan, for: 1, what: voice, how: hangs}", "faults[0].at", ""),
        ("{at: 1, for: .inf, what: voice, how: hangs}", "faults[0].for", ""),
        ("{every: 5, for: 9, what: voice, how: hangs}", "faults[0]", "cannot come again every 5 s"),
        ("{at: 1, for: 1, what: mouth, how: slow, factr: 3}", "faults[0].factr", "there is no field 'factr'"),
        ("{at: 1, what: clock, for: 1}", "faults[0]", "'by' is missing"),
        ("{at: 1, for: 1, what: output, how: refuses, name: tub}", "faults[0].name", "has no RTMP output 'tub'"),
        ("{at: 1, for: 1, what: disk, how: full, name: tube}", "faults[0].name", "has no file output 'tube'"),
        ("7", "faults[0]", "a group of fields"),
    ],
)
def test_mistakes_are_said_with_their_place(tmp_path: Path, fault: str, where: str, words: str) -> None:
    path = written(tmp_path, fault)
    with pytest.raises(Problems) as found:
        load_for(path, ["tube"], ["archive"])
    (problem,) = found.value.problems
    assert (problem.path, problem.line, problem.where) == (str(path), 2, where)
    assert words in problem.what


def test_every_mistake_at_once_and_an_empty_plan(tmp_path: Path) -> None:
    with pytest.raises(Problems) as found:
        load(written(tmp_path, "{what: voice}", "{at: 1, what: disk, how: full, name: x}", "{}"))
    assert len(found.value.problems) >= 3
    for text in ("", "faults: []\n", "faults: 3\n", "- a\n", "\0"):
        path = tmp_path / "other.yaml"
        path.write_text(text)
        with pytest.raises(Problems):
            load(path)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_the_plans_of_the_project_have_nothing_wrong(path: Path) -> None:
    assert isinstance(load(path), Plan)


def test_there_are_plans_to_begin_with() -> None:
    assert len(PLANS) >= 2
