"""Nothing is on air that nobody approved, and what was approved is checked once more."""

from __future__ import annotations

from pathlib import Path

import pytest
from scriptwriting.scripts import RUNDOWN, house, shop, step
from typer.testing import CliRunner

from host_engine.commands.checking import check_paths, warnings_of
from host_engine.commands.cli import app
from host_engine.commands.script_writing import approve_script, write_script
from host_engine.document import Problems


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog's folder with a draft in it."""
    catalog, brief = shop(tmp_path, "must_say: [We post every order within two working days.]")
    write_script(catalog, brief, house(), catalog / "rundown.draft.yaml", step)
    return catalog


def test_a_draft_changes_nothing(folder: Path) -> None:
    assert (folder / "rundown.yaml").read_text() == RUNDOWN
    with pytest.raises(ValueError, match="may be on air"):
        write_script(folder, folder.parent / "brief.yaml", house(), folder / "rundown.yaml", step)


def test_an_approved_draft_is_the_rundown_and_the_old_one_is_kept(folder: Path) -> None:
    done = approve_script(folder / "rundown.draft.yaml", folder, house(), None, lambda segment: segment.id != "assam")
    written = done.path.read_text()
    assert (done.left_out, done.kept) == (("assam",), 4)
    assert "Approved by" in written
    assert "DRAFT" not in written
    assert "--approve" not in written
    assert "Assam" not in written
    assert "# Harrow Teapot" in written  # remarks stay
    assert done.before is not None
    assert done.before.read_text() == RUNDOWN
    assert [each.kept for each in done.proofs] == [True]
    assert check_paths([folder]) == []
    assert warnings_of([folder]) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("It costs {price}.", "It costs 9 pounds.", "rundown.draft.yaml:"),
        ("{title}", "{titel}", "did you mean"),
        ("- We post every order within two working days.", "- Nothing.", "the brief is not kept"),
        ("product: pot", "product: pott", "no product 'pott'"),
        ("segments:", "segmente:", "segmente"),
        ("brief.yaml", "gone.yaml", "is gone"),
    ],
)
def test_an_edited_draft_is_checked_once_more(folder: Path, old: str, new: str, sentence: str) -> None:
    draft = folder / "rundown.draft.yaml"
    draft.write_text(draft.read_text().replace(old, new))
    with pytest.raises(Problems, match=sentence):
        approve_script(draft, folder, house(), None, lambda segment: True)
    assert (folder / "rundown.yaml").read_text() == RUNDOWN
    assert sorted(each.suffix for each in folder.iterdir()) == [".md", ".yaml", ".yaml", ".yaml"]


def test_nobody_approves_an_empty_show(folder: Path) -> None:
    with pytest.raises(Problems, match="no segment is left"):
        approve_script(folder / "rundown.draft.yaml", folder, house(), None, lambda segment: False)


def test_the_command_writes_asks_and_approves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shop(tmp_path, "must_say: [It arrives tomorrow.]")

    def run(*arguments: str, typed: str = "") -> tuple[int, str]:
        found = CliRunner().invoke(app, ["write", *arguments], input=typed, env={"COLUMNS": "300"})
        return found.exit_code, found.stderr

    status, said = run("--catalog", "tea", "--brief", "brief.yaml")
    assert status == 3
    assert "not kept It arrives tomorrow." in said
    (tmp_path / "brief.yaml").write_text("{}")
    assert run("--catalog", "tea", "--brief", "brief.yaml", "--products", "pot, assam")[0] == 0
    draft = "tea/rundown.draft.yaml"
    status, said = run("--approve", draft, "--to", "tea", "--ask", typed="y\nn\ny\ny\n")
    assert (status, "Left out: pot." in said) == (0, True)
    assert run("--catalog", "tea")[0] == 1
    assert run("--approve", draft)[0] == 1
    assert run("--approve", "nothing.yaml", "--to", "tea")[0] == 1
