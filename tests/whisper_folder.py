"""A folder that looks like a Whisper model of CTranslate2, without one in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def model_folder(folder: Path, size: int = 1000, **config: Any) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"\0" * size)
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text("{}")
    return folder
