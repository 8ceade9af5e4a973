"""The unit, the image and the compose file say what the engine does: statuses, seconds, signals, ports, paths."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from host_engine.channel_file import config
from host_engine.process import ending, watchdog

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = ("host-engine.service", "host-engine@.service")


def unit(name: str) -> dict[str, str]:
    lines = (DEPLOY / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def seconds(text: str) -> float:
    return float(text.removesuffix("ms")) / 1000 if text.endswith("ms") else float(text.removesuffix("s"))


@pytest.mark.parametrize("name", UNITS)
def test_systemd_takes_the_unit(name, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.fail("systemd-analyze is not here: apt-get install systemd")
    command = tmp_path / "host-engine"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    text = (DEPLOY / name).read_text().replace("/opt/host-engine/.venv/bin/host-engine", str(command))
    path = tmp_path / name.replace("@.", "@tea.")
    path.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "host-engine" in line]
    assert not ours
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_the_unit_waits_longer_than_the_engine_needs_and_starts_it_at_once(name):
    found = unit(name)
    assert found["Type"] == "notify"
    assert found["Restart"] == "always"
    assert found["StartLimitIntervalSec"] == "0"
    assert seconds(found["RestartSec"]) <= 0.5
    assert seconds(found["WatchdogSec"]) > watchdog.LIMIT + watchdog.MARGIN + watchdog.PULSE
    assert seconds(found["TimeoutStopSec"]) > ending.GRACE + ending.FLUSH + 1
    assert found["KillMode"] == "mixed"  # the guard is not told


def test_the_two_units_differ_in_the_channel_only():
    one, several = (unit(name) for name in UNITS)
    different = {key for key in one if one[key] != several[key]}
    assert different == {"Description", "ExecStart", "WorkingDirectory", "EnvironmentFile", "StateDirectory"}
    assert all("%i" in several[key] for key in different)


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.M).replace("\\\n", " ")
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in text.splitlines()) if word]


def test_the_image_runs_as_nobody_special_and_is_ended_by_the_signal_it_hears():
    said = dict(instructions())
    assert said["USER"] == "host-engine"
    assert said["STOPSIGNAL"] == "SIGTERM"
    assert said["ENTRYPOINT"] == '["tini", "--", "host-engine"]'  # as a list: no shell between the signal and us
    assert said["CMD"].startswith('["run", "deploy/channel.yaml"]')
    targets = [rest.split(" AS ")[1] for word, rest in instructions() if word == "FROM"]
    assert {"cpu", "cuda"} <= set(targets)
    assert targets[-1] == "cpu"


def test_the_image_is_built_from_what_is_there_and_what_is_let_in():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    assert "*" in ignored
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert f"!{source}" in ignored, source


def test_the_image_installs_the_versions_of_the_project():
    wanted = (ROOT / "pyproject.toml").read_text()
    for pin in re.findall(r'"(torch[^"]*)"', (DEPLOY / "Dockerfile").read_text()):
        assert f'"{pin}"' in wanted


def test_the_channel_of_the_image_is_one_and_the_health_check_asks_its_port():
    channel = config.load(DEPLOY / "channel.yaml")
    assert channel.path(channel.catalog).is_dir()
    assert channel.path(channel.scenes).is_dir()
    assert channel.http.host == "0.0.0.0"
    health = next(rest for word, rest in instructions() if word == "HEALTHCHECK")
    assert f":{channel.http.port}/healthz" in health
    volume = next(rest for word, rest in instructions() if word == "VOLUME")
    assert channel.cache.is_relative_to(volume)


def test_compose_brings_it_back_whatever_ends_it():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for service in compose["services"].values():
        assert service["restart"] == "always"
        assert seconds(service["stop_grace_period"]) > ending.GRACE + ending.FLUSH
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        assert service["read_only"]
