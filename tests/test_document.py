"""Whatever stands in a file, reading it gives the model or sentences with the right lines, never another error."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from host_engine.document import Problems, problem_at, read


class Shelf(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: str
    number: int = 0
    since: date | None = None


class Shop(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    shelves: list[Shelf] = Field(default=[], max_length=3)
    codes: dict[str, str] = {}


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "shop.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(Problems) as caught:
        read(written(folder, text), Shop)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_plain_values_become_what_the_model_wants(tmp_path: Path) -> None:
    text = 'name: 0123\nshelves:\n- {label: no, number: 12, since: 2026-12-24}\n- label: "~"\ncodes: {a: 1.50}\n'
    shop = read(written(tmp_path, text), Shop)
    assert shop.name == "0123"
    assert shop.shelves == [Shelf(label="no", number=12, since=date(2026, 12, 24)), Shelf(label="~")]
    assert shop.codes == {"a": "1.50"}


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = "nmae: Tea\nshelves:\n- label: a\n  number: many\n-\n  lable: b\n- label:\n  since: soon\n"
    assert problems(tmp_path, text) == [
        "shop.yaml:1: 'name' is missing",
        "shop.yaml:1: nmae: there is no field 'nmae' here; did you mean 'name'?",
        "shop.yaml:4: shelves[0].number: 'many' is not a whole number",
        "shop.yaml:6: shelves[1]: 'label' is missing",
        "shop.yaml:6: shelves[1].lable: there is no field 'lable' here; did you mean 'label'?",
        "shop.yaml:7: shelves[2].label: there is nothing here; write a value",
        "shop.yaml:8: shelves[2].since: 'soon' is not a date; write it like 2026-12-24",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name: [a", "shop.yaml:2: "),
        ("name: a\n\tshelves: b\n", "shop.yaml:2: "),
        ("name: a: b\n", "shop.yaml:1: ': ' stands where no field can begin; quote the text"),
        ("name: a\nname: b\n", "shop.yaml:2: 'name' is written twice here, first in line 1"),
        ("name: !!python/object:os.system a\n", "shop.yaml:1: the tag tag:yaml.org,2002:python/object:os.system"),
        ("name: a\n---\nname: b\n", "shop.yaml:2: a second document begins here"),
        ("? [a, b]\n: c\n", "shop.yaml:1: the name of a field must be a word"),
        ("~: a\n", "shop.yaml:1: a field has no name"),
        ("name: *nothing\n", "shop.yaml:1: *nothing stands for nothing"),
        (b"name: a\ncodes: \xff\n", "shop.yaml:2: the file is not UTF-8 text"),
        (b"name: \x00\n", "shop.yaml: the file holds control characters"),
        ("name: " + "[" * 100_000, "shop.yaml:1: values are nested more than 40 deep"),
        ("- " * 100_000, "shop.yaml:1: values are nested more than 40 deep"),
        ("", "shop.yaml:1: 'name' is missing"),
        ("just words", "shop.yaml:1: this must be a group of fields (name: value)"),
        ("name: {a: b}", "shop.yaml:1: name: this must be one text"),
        ("name: a\nshelves: b", "shop.yaml:2: shelves: this must be a list (each entry begins with '- ')"),
        ("&x name: a\nshelves: [*x]", "shop.yaml:2: shelves[0]: this must be a group of fields"),
    ],
)
def test_a_broken_file_gets_a_sentence(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    assert problems(tmp_path, text)[0].startswith(sentence)


def test_an_alias_bomb_is_refused_before_it_is_followed(tmp_path: Path) -> None:
    rows = ["a: &a [" + "x, " * 50 + "x]"]
    rows += [f"{c}: &{c} [" + f"*{b}, " * 50 + f"*{b}]" for b, c in zip("abcdefg", "bcdefgh", strict=True)]
    assert "once aliases are followed" in problems(tmp_path, "\n".join(rows))[0]


def test_a_missing_file_a_folder_and_a_pipe_get_sentences(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(Problems, match="this is a pipe or a device, not a file"):
        read(tmp_path / "pipe.yaml", Shop)
    with pytest.raises(Problems, match=r"nowhere\.yaml: there is no such file"):
        read(tmp_path / "nowhere.yaml", Shop)
    with pytest.raises(Problems, match="this is a folder, not a file"):
        read(tmp_path, Shop)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "shop.yaml").open("wb") as file:
        file.truncate(65_000_000)
    with pytest.raises(Problems, match="the file is 65 MB; at most 64 MB are read"):
        read(tmp_path / "shop.yaml", Shop)


def test_a_place_is_found_for_checks_across_files(tmp_path: Path) -> None:
    path = written(tmp_path, "name: a\nshelves:\n  - label: b\n  - number: 3\n    label: c\n")
    assert problem_at(path, ("shelves", 1, "label"), "too low") == (str(path), 5, "shelves[1].label", "too low")
    assert problem_at(path, ("shelves", 7), "gone").line == 2
    assert problem_at(tmp_path / "no.yaml", ("shelves", 1), "gone").line is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.binary(max_size=200) | st.text("name: shelv-[]{}&*a!,\"'\n\t#|>%", max_size=80).map(str.encode))
def test_nothing_but_problems_is_ever_raised(tmp_path: Path, source: bytes) -> None:
    with suppress(Problems):
        read(written(tmp_path, source), Shop)
