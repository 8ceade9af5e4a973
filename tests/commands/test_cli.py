"""The command line as a person uses it: help with examples, sentences instead of tracebacks, exit status 1."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from host_engine.commands.checking import write_schemas
from host_engine.commands.cli import app

ROOT = Path(__file__).parents[2]
COMMANDS = ("run", "render", "check", "schema", "doctor", "trace")


def engine(*arguments, cwd=ROOT, timeout=100):
    """The command in a process of its own."""
    command = [sys.executable, "-m", "host_engine", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, check=False)


def channel(folder: Path, **changes) -> Path:
    """A copy of the demo channel's file with fields replaced."""
    fields = {
        "name": "test",
        "catalog": str(ROOT / "product_catalogs" / "tea"),
        "scenes": str(ROOT / "scenes"),
        "cache": str(folder / "cache"),
        **changes,
    }
    path = folder / "channel.yaml"
    path.write_text(json.dumps(fields))
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command):
    help = CliRunner().invoke(app, [command, "--help"]).output
    assert "Example:" in help
    assert f"host-engine {command}" in help


def test_the_first_thing_that_help_names_is_how_to_run_a_show():
    help = CliRunner().invoke(app, ["--help"]).output
    assert help.index(" run ") < min(
        help.index(f" {each} ") for each in (set(COMMANDS) | {"train-mouth", "obs"}) - {"run"}
    )
    assert " Commands " not in help, "a command stands under no heading"


def test_the_demo_channels_have_nothing_wrong():
    plans = sorted((ROOT / "deploy" / "chaos").glob("*.yaml"))
    said = engine("check", "channel.yaml", *sorted((ROOT / "channels").glob("*.yaml")), "scenes", *plans)
    assert said.returncode == 0, said.stderr
    assert "All is well." in said.stderr


WRONG = [
    ({"catalog": "nowhere"}, "nowhere"),
    ({"scene": "moon"}, "no scene 'moon'"),
    ({"avatar": {"host": "max"}}, "no host 'max'"),
    ({"avatar": {"host": "mira", "outfit": "mud"}}, "no outfit 'mud'"),
    ({"colour": "red"}, "colour"),
    ({"format": {"width": 720, "height": 1280, "fps": 23}}, "divide"),
    ({"voice": {"use": ["kazoo"]}}, "kazoo"),
]


def test_check_of_what_cannot_even_be_looked_for_is_a_sentence():
    done = CliRunner().invoke(app, ["check", "y" * 5000])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "cannot be read: File name too long" in done.output


@pytest.mark.parametrize(("changes", "words"), WRONG)
def test_check_refuses_with_sentences(tmp_path, changes, words):
    said = CliRunner().invoke(app, ["check", str(channel(tmp_path, **changes))])
    assert (said.exit_code, type(said.exception)) == (1, SystemExit)
    assert words in said.stderr


@pytest.mark.parametrize(("changes", "words"), [WRONG[0], WRONG[4], WRONG[6]])
def test_run_refuses_with_sentences(tmp_path, changes, words):
    """What is not there, what is no field, and what only its part knows; all of it goes one way."""
    said = engine("run", channel(tmp_path, **changes), "--port", "0")
    assert said.returncode == 1, said.stderr
    assert words in said.stderr
    assert "Traceback" not in said.stderr


def test_a_wrong_plan_of_faults_keeps_the_channel_off_air(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("faults:\n  - {at: 1, for: 2, what: output, name: tube, how: refuses}\n  - {at: 1, what: voise}\n")
    said = engine("check", plan)
    assert f"{plan}:3: faults[1].what: 'voise' is not one of" in said.stderr
    said = engine("run", channel(tmp_path), "--port", "0", "--chaos", plan)
    assert said.returncode == 1
    assert f"{plan}:2: faults[0].name: the channel has no RTMP output 'tube'" in said.stderr
    assert f"{plan}:3:" in said.stderr
    assert "Traceback" not in said.stderr


def test_every_problem_of_a_catalog_at_once(tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "catalog.yaml").write_text(
        "name: shop\nshop: Shop\nlanguage: en\nproducts:\n"
        "- {id: a, title: A, description: A thing., price: -1 EUR}\n"
        "- {id: a, title: B, description: B thing., price: 1.00 XXQ, weight: 3}\n"
        "- {id: c, title: C, description: C thing., price: 1.00 EUR}\n"
    )
    (shop / "rundown.yaml").write_text("segments:\n- {id: s, lines: ['{colour} is nice.']}\n")
    said = engine("check", shop)
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    for place in ("catalog.yaml:5:", "catalog.yaml:6:", "rundown.yaml:2:"):
        assert place in said.stderr, said.stderr


def test_a_port_in_use_is_a_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = engine("run", channel(tmp_path), "--port", port)
    assert said.returncode == 1
    assert f"port {port}" in said.stderr
    assert "--port" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_stream_key_that_is_not_set_is_a_sentence(tmp_path):
    output = {"kind": "rtmp", "name": "tube", "url": "rtmp://127.0.0.1/live", "key_env": "NO_SUCH_KEY"}
    said = engine("run", channel(tmp_path, outputs=[output]), "--port", "0")
    assert said.returncode == 1
    assert "stream key of 'tube', is not set" in said.stderr


def test_schemas_are_written_for_every_kind_of_file(tmp_path):
    assert engine("schema", tmp_path).returncode == 0
    names = {path.name.removesuffix(".schema.json") for path in tmp_path.glob("*.schema.json")}
    assert names == {"channel", "catalog", "rundown", "scene", "chaos", "persona", "brief", "policy"}
    for path in tmp_path.glob("*.json"):
        assert json.loads(path.read_text())["properties"]


def test_doctor_says_what_is_here_and_what_follows():
    said = engine("doctor")
    assert said.returncode == 0, said.stderr
    for word in ("Python", "GPU", "x264", "espeak", "Whisper", "OBS"):
        assert word in said.stdout


def fields(path: Path) -> dict[str, list[str]]:
    """The fields of each part of a schema; how pydantic words the rest differs from version to version."""
    whole = json.loads(path.read_text())
    parts = {"": whole, **whole.get("$defs", {})}
    return {name: sorted(part.get("properties", ())) for name, part in parts.items()}


def test_the_schemas_of_the_project_are_those_of_its_models(tmp_path):
    write_schemas(tmp_path)
    for path in tmp_path.glob("*.json"):
        assert fields(ROOT / "schemas" / path.name) == fields(path), "run: host-engine schema schemas"
