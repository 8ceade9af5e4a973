"""`host-engine obs`: what it writes, what it says, and its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from program import ROOT
from rtmp_server import free_port
from scripted_obs import ScriptedObs
from typer.testing import CliRunner

from host_engine.commands import obs as obs_cli

ENVIRONMENT = {"OBS_PASSWORD": "very secret", "COLUMNS": "300", "NO_COLOR": "1"}


def channel(folder: Path, obs: dict[str, Any] | None, **fields: Any) -> Path:
    path = folder / "channel.yaml"
    written = {
        "name": "tea",
        "catalog": str(ROOT / "product_catalogs" / "tea"),
        "scenes": str(ROOT / "scenes"),
        "scene": "studio-wide",
        "format": {"width": 320, "height": 180},
        "cache": str(folder / "cache"),
        "http": {"port": free_port()},
        "obs": obs,
        **fields,
    }
    path.write_text(json.dumps({name: value for name, value in written.items() if value is not None}))
    return path


def said(*arguments: str | Path) -> tuple[int, str]:
    """The exit status, and all that was said."""
    made = CliRunner(env=ENVIRONMENT).invoke(obs_cli.app, [str(each) for each in arguments])
    assert made.exception is None or isinstance(made.exception, SystemExit), made.exception
    return made.exit_code, " ".join(made.output.split())


def test_an_obs_that_is_not_running_gets_its_files_with_the_slate_under_the_feed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = channel(tmp_path, {"password_env": "OBS_PASSWORD"})
    status, text = said("setup", path, "--write", "--home", home)
    assert (status, "OBS is set up. hint: write 'collection: tea' at obs:" in text) == (0, True)
    assert "very secret" not in text
    collection = json.loads((home / "basic" / "scenes" / "tea.json").read_text())
    slate = next(each for each in collection["sources"] if each["name"] == "Host engine (away)")
    assert Path(slate["settings"]["file"]).read_bytes().startswith(b"\x89PNG")
    path = channel(tmp_path, {"password_env": "OBS_PASSWORD", "collection": "tea"})
    assert said("setup", path, "--write", "--home", home) == (0, "OBS was set up already.")
    status, text = said("check", path, "--home", home)
    assert status == 1
    assert "right OBS's audio buffer is of a fixed size" in text
    assert "is not there: start it" in text
    assert "show goes on" not in text


def test_without_a_password_it_is_said_what_is_left_to_do(tmp_path: Path) -> None:
    status, text = said("setup", channel(tmp_path, {}), "--write", "--home", tmp_path / "home")
    assert (status, "to do switch on Tools > WebSocket Server Settings" in text) == (1, True)


@pytest.mark.parametrize(
    ("obs", "sentence"),
    [
        (None, "the channel has no part 'obs:'"),
        ({"password_env": "NOT_SET"}, "obs.password_env: the environment variable named here is not set"),
        ({"feed": {"way": "rtmp", "url": "http://a"}}, "for the way rtmp, write an address such as rtmp://"),
    ],
)
def test_what_is_wrong_in_the_channel_file_is_a_sentence(
    tmp_path: Path, obs: dict[str, Any] | None, sentence: str
) -> None:
    for command in ("check", "setup"):
        status, text = said(command, channel(tmp_path, obs))
        assert status == 1
        assert sentence in text


def test_files_of_this_machine_are_not_written_for_an_obs_elsewhere(tmp_path: Path) -> None:
    status, text = said("setup", channel(tmp_path, {"host": "192.0.2.7"}), "--write")
    assert (status, "--write writes files of this machine" in text) == (1, True)


def test_a_folder_without_settings_of_obs_is_doubted_with_what_to_do(tmp_path: Path) -> None:
    text = said("check", channel(tmp_path, {"port": free_port()}), "--home", tmp_path / "nowhere")[1]
    assert f"{tmp_path / 'nowhere'} holds no settings of an OBS: name their folder with --home" in text
    said("setup", channel(tmp_path, {}), "--write", "--home", tmp_path / "there")
    text = said("check", channel(tmp_path, {"port": free_port()}), "--home", tmp_path / "there")[1]
    assert "holds no settings" not in text


def test_a_wrong_password_is_a_sentence(tmp_path: Path) -> None:
    obs = ScriptedObs("another").start()
    try:
        path = channel(tmp_path, {"port": obs.port, "password_env": "OBS_PASSWORD"})
        for command in ("check", "setup"):
            status, text = said(command, path)
            assert status == 1
            assert "refuses the password" in text
            assert "very secret" not in text
    finally:
        obs.stop()
