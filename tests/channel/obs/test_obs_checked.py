"""What `check` finds in the part `obs` of a channel file: names that are none, or that OBS cannot have twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from host_engine.commands.checking import check_channel

ROOT = Path(__file__).parents[3]
SOURCE = "\nobs: {sources: [{name: %s, text: Now, box: [60, 1000, 300, 60]}]}\n"


def said(folder: Path, obs: dict[str, Any], source: str = "") -> str:
    """What `check` says of a channel with this part, and with a text of that name in one of its scenes."""
    scenes = folder / "scenes"
    scenes.mkdir()
    for path in (ROOT / "scenes").glob("*.yaml"):
        text = path.read_text()
        (scenes / path.name).write_text(
            text + SOURCE % source if source and path.stem == "flash-sale-vertical" else text
        )
    fields = {"name": "test", "catalog": str(ROOT / "product_catalogs" / "tea"), "scenes": "scenes", "obs": obs}
    file = folder / "channel.yaml"
    file.write_text(json.dumps(fields, indent=1, ensure_ascii=False))
    return "\n".join(str(each) for each in check_channel(file, catalog=False) if "obs" in each.where)


@pytest.mark.parametrize(
    ("obs", "source", "sentence"),
    [
        ({}, "", ""),
        ({"scenes": {"studio": "Küche 🫖", "human": "Kamera", "flash-sale-vertical": "Blitz"}}, "Banner", ""),
        ({"scenes": {"studoi": "Kitchen"}}, "", "obs.scenes.studoi: the channel has no scene 'studoi'; it has"),
        ({"scenes": {"studio": "  "}}, "", "obs.scenes.studio: write a name of 1 to 80 signs, as it is seen in OBS"),
        ({"host": "http://127.0.0.1"}, "", "obs.host: 'http://127.0.0.1' is no host; write its name or address alone"),
        ({"scenes": {"studio": "Host engine"}}, "", "obs.feed.source: OBS's scene for 'studio-vertical' is called"),
        ({"feed": {"source": "Banner"}}, "Banner", "obs.feed.source: the scene 'flash-sale-vertical' has a source"),
        ({"scenes": {"studio": "Banner"}}, "Banner", "obs.scenes: the scene 'flash-sale-vertical' has a source"),
    ],
)
def test_names_and_hosts(tmp_path: Path, obs: dict[str, Any], source: str, sentence: str) -> None:
    found = said(tmp_path, obs, source)
    assert sentence in found
    assert bool(found) == bool(sentence)
