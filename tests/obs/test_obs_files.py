"""What is written into the files of an OBS that is not at work: what is needed, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.channel_file.steering import Feed, Obs
from host_engine.media import Format
from host_engine.obs import collection_file, ini_text
from host_engine.obs.collection import Collection, slate_of
from host_engine.obs.feed import feed_source
from host_engine.obs.home import Home, at_work, homes
from host_engine.obs.home_files import KEPT, file_name
from host_engine.obs.profile import FIXED_AUDIO, Setting, Shape
from host_engine.obs.setup_files import Websocket, write

SIZE = (1280, 720)
SHAPE = Shape(Format(1280, 720, 25), 2500)
SERVER = Websocket(4455, "very secret")


def wanted(**feed: Any) -> Collection:
    obs = Obs(feed=Feed(**feed))
    source = feed_source(obs.feed, "http://127.0.0.1:8080", SIZE, 25)
    return Collection("Tea", "Tea", SIZE, ("studio", "be-right-back"), source, slate_of(obs, SIZE, None))


def setting(section: str, key: str, value: str) -> Setting:
    return Setting(section, key, value, "a test")


def sources(home: Home, name: str = "Tea") -> dict[str, dict[str, Any]]:
    collection = json.loads((home.collections / f"{name}.json").read_text())
    return {each["name"]: each for each in collection["sources"]}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "obs-studio")


def test_a_new_home_gets_all_that_obs_starts_with(home: Home) -> None:
    done = write(home, wanted(), SHAPE, SERVER)
    general = ini_text.read(home.general.read_text())
    assert general["General", "FirstRun"] == "true"
    assert general["Basic", "SceneCollection"] == "Tea"
    assert general["Audio", "LowLatencyAudioBuffering"] == "true"
    assert general["OBSWebSocket", "ServerPassword"] == "very secret"
    assert ini_text.read(home.user.read_text())["Basic", "ProfileDir"] == "Tea"
    assert json.loads(home.websocket.read_text())["server_port"] == 4455
    profile = ini_text.read((home.profiles / "Tea" / "basic.ini").read_text())
    assert (profile["Video", "BaseCX"], profile["Video", "FPSNum"]) == ("1280", "25")
    items = sources(home)["studio"]["settings"]["items"]
    assert [item["name"] for item in items] == [
        "Host engine (away)",
        "Host engine",
    ]
    assert "very secret" not in str(done)
    assert "the scene 'studio' is new, with 'Host engine (away)' and 'Host engine'" in [each.said for each in done]


def test_written_twice_nothing_is_done(home: Home) -> None:
    assert write(home, wanted(), SHAPE, SERVER)
    before = {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()}
    assert write(home, wanted(), SHAPE, SERVER) == []
    assert {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()} == before


def test_what_others_wrote_stays_and_is_kept_once(home: Home) -> None:
    home.collections.mkdir(parents=True)
    theirs = {
        "name": "Tea",
        "current_scene": "Mine",
        "scene_order": [{"name": "Mine"}],
        "sources": [{"name": "Mine", "id": "scene", "settings": {"items": []}}, {"name": "Cam", "id": "v4l2_input"}],
        "modules": {"scripts-tool": ["keep me"]},
    }
    path = home.collections / "Tea.json"
    path.write_text(json.dumps(theirs))
    home.general.write_text("[General]\nLanguage=de-DE\n\n[Audio]\nLowLatencyAudioBuffering=false\n")
    write(home, wanted(), SHAPE)
    after = json.loads(path.read_text())
    assert after["modules"] == theirs["modules"]
    assert after["current_scene"] == "Mine"
    assert [each["name"] for each in after["scene_order"]] == ["Mine", "studio", "be-right-back"]
    assert "[General]\nLanguage=de-DE\n" in home.general.read_text()
    assert "LowLatencyAudioBuffering=true" in home.general.read_text()
    assert "FirstRun" not in home.general.read_text()
    assert json.loads(path.with_name(path.name + KEPT).read_text()) == theirs
    write(home, wanted(url="rtmp://127.0.0.1:1999/live"), SHAPE)
    assert json.loads(path.with_name(path.name + KEPT).read_text()) == theirs


def test_an_obs_since_31_has_its_settings_in_another_file_too(home: Home) -> None:
    home.path.mkdir(parents=True)
    home.general.write_text("[General]\n")
    home.user.write_text("[General]\n")
    write(home, wanted(), SHAPE, SERVER)
    for file in (home.general, home.user):
        read = ini_text.read(file.read_text())
        assert (read[FIXED_AUDIO.section, FIXED_AUDIO.key], read["Basic", "Profile"]) == ("true", "Tea")
    assert not home.websocket.exists()


def test_the_feed_is_mended_and_what_was_revived_is_not(home: Home) -> None:
    write(home, wanted(), SHAPE)
    collection = json.loads((home.collections / "Tea.json").read_text())
    feed = next(each for each in collection["sources"] if each["name"] == "Host engine")
    feed["settings"]["input"] += "?revived=3"
    feed["settings"]["buffering_mb"] = 2
    made, done = collection_file.written(collection, wanted())
    assert done == ["of the source 'Host engine' was set: buffering_mb"]
    again = next(each for each in made["sources"] if each["name"] == "Host engine")
    assert again["settings"]["input"].endswith("?revived=3")


@pytest.mark.parametrize(("name", "kind"), [("Host engine", "scene"), ("studio", "ffmpeg_source")])
def test_a_name_that_is_taken_by_something_else_is_told(home: Home, name: str, kind: str) -> None:
    with pytest.raises(ValueError, match=name):
        collection_file.written({"name": "Tea", "sources": [{"name": name, "id": kind}]}, wanted())


NO_COLLECTIONS = [
    "{",
    "[]",
    "\ufeff",
    '"Tea"',
    "[" * 100_000,
    '{"name": "Tea", "sources": null}',
    '{"name": "Tea", "sources": ["x"]}',
    '{"name": "Tea", "sources": [], "scene_order": {}}',
    '{"name": "Tea", "sources": [{"name": "a", "id": "scene", "settings": null}]}',
    '{"name": "Tea", "sources": [{"name": "a", "id": "scene", "settings": {"items": [1]}}]}',
    '{"name": "Tea", "sources": [{"name": "a", "id": "scene", "settings": {"id_counter": "x"}}]}',
]


@pytest.mark.parametrize("damaged", NO_COLLECTIONS, ids=range(len(NO_COLLECTIONS)))
def test_a_damaged_collection_is_told_with_its_path(home: Home, damaged: str) -> None:
    home.collections.mkdir(parents=True)
    (home.collections / "Tea.json").write_text(damaged)
    with pytest.raises(ValueError, match=r"Tea\.json is damaged"):
        write(home, wanted(), SHAPE)
    assert (home.collections / "Tea.json").read_text() == damaged


def test_a_file_that_is_no_text_is_told_with_its_path(home: Home) -> None:
    home.path.mkdir(parents=True)
    home.general.write_bytes(b"\xff\xfe[\0")
    with pytest.raises(ValueError, match=r"global\.ini is damaged"):
        write(home, wanted(), SHAPE)


def test_names_of_people_become_names_of_files(home: Home) -> None:
    assert file_name("Tee 🍵 & Kuchen") == "Tee_Kuchen"
    assert file_name("../../etc") == "etc"
    assert file_name("🍵") == "host_engine"
    write(home, wanted()._replace(name="🍵", profile="🍵"), SHAPE)
    write(home, wanted()._replace(name="🫖", profile="🫖"), SHAPE)
    assert sorted(path.name for path in home.collections.glob("*.json")) == ["host_engine.json", "host_engine_2.json"]
    assert ini_text.read(home.general.read_text())["Basic", "ProfileDir"] == "host_engine_2"


lines = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)
sections = st.lists(st.one_of(lines, st.sampled_from(["[A]", "[B]", "x=1", "y = 2", "", "# z"])), max_size=12)


@given(sections, st.dictionaries(st.tuples(st.sampled_from("AB"), st.sampled_from("xyz")), st.sampled_from("123")))
def test_settings_are_written_and_all_other_lines_stay(before: list[str], values: dict[tuple[str, str], str]) -> None:
    text = "\n".join(before) + "\n"
    after = ini_text.written(text, [setting(*place, value) for place, value in values.items()])
    read = ini_text.read(after)
    assert {place: read[place] for place in values} == values
    others = {place: value for place, value in ini_text.read(text).items() if place not in values}
    assert {place: read[place] for place in others} == others
    assert ini_text.written(after, [setting(*place, value) for place, value in values.items()]) == after


def test_windows_files_stay_windows_files() -> None:
    after = ini_text.written("\ufeff[A]\r\nx=1\r\n", [setting("A", "y", "2")])
    assert after == "\ufeff[A]\r\nx=1\r\ny=2\r\n"


def test_an_obs_that_runs_is_noticed_by_its_name(tmp_path: Path) -> None:
    sleep = shutil.which("sleep")
    assert sleep
    shutil.copy(sleep, tmp_path / "obs")
    process = subprocess.Popen([tmp_path / "obs", "60"])
    try:
        assert at_work()
    finally:
        process.kill()
        process.wait()


def test_where_obs_keeps_its_settings() -> None:
    user = Path("/home/anna")
    assert homes("linux", {}, user)[0].path == user / ".config" / "obs-studio"
    assert homes("linux", {"XDG_CONFIG_HOME": "/etc/x"}, user)[0].path == Path("/etc/x/obs-studio")
    assert homes("darwin", {}, user)[0].path == user / "Library" / "Application Support" / "obs-studio"
    assert homes("win32", {"APPDATA": "/appdata"}, user)[0].path == Path("/appdata/obs-studio")
