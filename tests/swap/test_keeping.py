"""What is kept beside a channel: names that are no paths, versions, changes, and what to begin with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from shop_on_air import SKIN, SKIN_LINES, TEA, TEA_LINES, shelves, write

from host_engine.document import Problems
from host_engine.show.catalog import load_catalog
from host_engine.swap.catalogs import NotDone
from host_engine.swap.library import Library, Marks, marks
from host_engine.swap.opening import open_in_force
from host_engine.swap.overlay import Overlay, Recalled, read_overlay
from host_engine.swap.store import KEPT, State, Store
from host_engine.swap.version import Version


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shelves(tmp_path)


def version(id: int, what: str = "swap") -> Version:
    return Version(id, what, "tea", "/shop/tea", Marks("a", "b"), "a", "anna", "2026-03-01T00:00:00+00:00")  # type: ignore[arg-type]


def test_catalogs_are_known_by_the_names_of_their_folders_only(folder: Path) -> None:
    (folder / "no catalog").mkdir()
    (folder / "file").write_text("")
    library = Library(folder, folder / "tea")
    assert list(library.folders) == ["skin", "tea"]
    assert library.find("skin") == folder / "skin"
    for name in ("../tea", "tea/", "/", "", ".", "..", "no catalog", str(folder / "tea"), "te\nа"):
        with pytest.raises(NotDone) as refused:
            library.find(name)
        assert refused.value.status == 404
    library.look()
    (tea,) = [each for each in library.listed() if each["name"] == "tea"]
    assert (tea["version"], tea["products"]) == (marks(folder / "tea").catalog, 3)


def test_a_pipe_or_a_device_in_place_of_a_file_is_not_waited_for(folder: Path) -> None:
    (folder / "tea" / "rundown.yaml").unlink()
    os.mkfifo(folder / "tea" / "rundown.yaml")
    (folder / "skin" / "rundown.yaml").unlink()
    (folder / "skin" / "rundown.yaml").symlink_to("/dev/zero")
    assert marks(folder / "tea").rundown == marks(folder / "skin").rundown == ""
    library = Library(folder, folder / "tea")
    library.look()
    assert all(each["version"] for each in library.listed())


def test_the_channels_own_catalog_is_listed_wherever_it_lies(folder: Path, tmp_path_factory) -> None:
    elsewhere = write(tmp_path_factory.mktemp("x") / "own", TEA, TEA_LINES)
    assert list(Library(folder, elsewhere).folders) == ["own", "skin", "tea"]
    assert list(Library(folder / "gone", elsewhere).folders) == ["own"]


def test_what_was_kept_is_read_again_and_what_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    assert store.read().versions == []
    state = State("tea", overlay=Overlay({"pot": Recalled("Pot", "anna", "now")}))
    for id in range(1, 40):
        state.add(version(id))
        state.stack.append(id)
    state.overlay.put("tea", "a", "cup", {"price": "8.00 EUR"})
    store.write(state.copy().written())
    again = store.read()
    assert (again.versions, again.stack, again.next, again.wanted) == (state.versions, state.stack, 40, "tea")
    assert len(again.stack) <= KEPT + 1
    assert again.overlay.written() == state.overlay.written()
    assert again.in_force == state.in_force
    assert again.before == version(38)
    file = tmp_path / "kept" / "in-force.json"
    for wrong in (
        "{",
        "[]",
        '{"versions": 3}',
        '{"wanted": "x", "versions": [], "stack": [7], "seen": ["", ""], "next": 1}',
    ):
        file.write_text(wrong)
        assert store.read().versions == []
        assert not file.exists()
        assert file.with_suffix(".unreadable").read_text() == wrong


def test_changes_belong_to_a_file_and_end_when_it_is_saved(folder: Path) -> None:
    catalog, overlay = load_catalog(folder / "tea"), Overlay()
    overlay.put("tea", "a", "cup", {"price": "8.00 EUR"})
    overlay.put("tea", "a", "pot", {"price": "39.00 EUR", "material": None})
    found = overlay.products("tea", "a", catalog)
    assert {id: str(each.price) for id, each in found.items() if each} == {"cup": "8.00 EUR", "pot": "39.00 EUR"}
    assert overlay.products("tea", "b", catalog) == {}
    assert overlay.products("skin", "a", catalog) == {}
    overlay.put("tea", "a", "cup", {})
    assert list(overlay.products("tea", "a", catalog)) == ["pot"]
    overlay.recalled["pot"] = Recalled("Pot", "anna", "now")
    assert overlay.products("tea", "a", catalog) == {"pot": None}
    serial = overlay.serial
    overlay.put("tea", "a", "sencha", {"price": "14.00 EUR"})
    overlay.saved("tea", "b", serial)  # read before the last change
    assert list(overlay.products("tea", "b", catalog)) == ["sencha", "pot"]
    assert read_overlay(overlay.written()).written() == overlay.written()
    overlay.put("tea", "b", "cup", {"price": "nonsense"})
    assert "cup" not in overlay.products("tea", "b", catalog)


def test_a_channel_begins_with_its_own_catalog_and_says_what_is_wrong_with_it(folder: Path) -> None:
    library, store = Library(folder, folder / "tea"), Store(folder / "kept" / "channel")
    opened = open_in_force(store, library)
    assert (opened.show.catalog.name, opened.note, opened.trouble) == ("tea", "", "")
    assert opened.state.in_force
    write(folder / "tea", TEA.replace("15.00 EUR", "15.00"), TEA_LINES)
    with pytest.raises(Problems, match="no currency"):
        open_in_force(store, library)


def test_the_channel_file_wins_where_it_names_another_catalog_than_before(folder: Path) -> None:
    store = Store(folder / "kept" / "channel")
    first = open_in_force(store, Library(folder, folder / "tea"))
    store.write(first.state.written())
    other = open_in_force(store, Library(folder, folder / "skin"))
    assert other.show.catalog.name == "skin"
    assert "names another catalog" in other.note


def test_where_the_files_in_force_are_broken_their_copy_is_on_air(folder: Path) -> None:
    library, store = Library(folder, folder / "tea"), Store(folder / "kept" / "channel")
    first = open_in_force(store, library)
    store.write(first.state.written())
    store.keep(first.state.stack[-1], store.copied(folder / "tea", "1"))
    write(folder / "tea", TEA.replace("15.00 EUR", "15.00"), TEA_LINES)
    again = open_in_force(store, library)
    assert str(again.show.catalog.product("sencha").price) == "15.00 EUR"
    assert "no currency" in again.trouble
    write(folder / "skin", SKIN, SKIN_LINES)
