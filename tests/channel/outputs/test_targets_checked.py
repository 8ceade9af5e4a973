"""What is told of targets that would not get what their file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from host_engine.channel.outputs.targets_checked import check_targets, missing_folders
from host_engine.channel_file import config
from host_engine.show.scene import load_scenes

SCENES = load_scenes(Path(__file__).parents[3] / "scenes")
FILE = """
name: demo
catalog: tea
outputs:
- {kind: file, name: archive, path: a.mp4}
- {kind: rtmp, name: tube, url: rtmp://h/a, %s}
"""


@pytest.mark.parametrize("wishes", ["language: de", "language: pt-BR", "language: xx, label: Xx xx", "kbps: 900"])
def test_what_can_be_shown_is_no_problem(tmp_path: Path, wishes: str) -> None:
    path = tmp_path / "channel.yaml"
    path.write_text(FILE % wishes)
    assert check_targets(config.load(path), path, SCENES) == []


def test_a_label_that_would_be_in_english_instead_is_told(tmp_path: Path) -> None:
    path = tmp_path / "channel.yaml"
    path.write_text(FILE % "language: xx")
    (problem,) = check_targets(config.load(path), path, SCENES)
    assert f"{path}:6:" in str(problem)
    assert "no words in 'xx'; write label: here as well" in str(problem)
    assert "studio-vertical" in str(problem)


def test_a_folder_of_recordings_that_nobody_makes_is_told(tmp_path: Path) -> None:
    path, folder = tmp_path / "channel.yaml", tmp_path / "disk"
    path.write_text((FILE % "kbps: 900").replace("path: a.mp4", f'path: "{folder}/{{date}}/a.mp4"'))
    (said,) = missing_folders(config.load(path), path)
    assert f"{path}:5: outputs[0].path: the folder {folder} is not there; make it" in said
    folder.mkdir()
    assert missing_folders(config.load(path), path) == []
    path.write_text(FILE % "kbps: 900")  # beside the channel file
    assert missing_folders(config.load(path), path) == []
