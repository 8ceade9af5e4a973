"""Whether the ears that a channel file asks for can be meant: a Whisper of that name, a folder that is one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from host_engine import document
from host_engine.audience.ears import models
from host_engine.channel_file.config import Channel
from host_engine.document import Problem

PUBLISHED = (
    *("tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en", "large", "large-v1"),
    *("large-v2", "large-v3", "large-v3-turbo", "turbo", "distil-small.en", "distil-medium.en", "distil-large-v2"),
    *("distil-large-v3", "distil-large-v3.5"),
)  # names that faster-whisper fetches by


def check_hearing(channel: Channel, path: Path, environ: Mapping[str, str] = os.environ) -> list[Problem]:
    """The problem with `audience.ears.use`, if there is one. Looks at folders, opens no model."""
    kind, _, wanted = channel.audience.ears.use.partition(":")
    said = _wrong(wanted, channel.path(Path()), environ) if kind == "whisper" else ""
    return [document.problem_at(path, ("audience", "ears", "use"), said)] if said else []


def _wrong(wanted: str, folder: Path, environ: Mapping[str, str]) -> str:
    where = (folder / Path(wanted).expanduser()).resolve()
    if where.is_dir() or wanted.startswith((".", "/", "~")):
        missing = models.lacks(where)
        return f"{where} is no Whisper model: {missing}" if missing else ""
    if wanted in PUBLISHED or "/" in wanted:  # with a slash it is a repository of Hugging Face
        return ""
    here = [each.name for each in models.look(folder, environ).models]
    if wanted in here:
        return ""
    meant = get_close_matches(wanted, [*here, *PUBLISHED], 1, 0.7)
    guess = f"did you mean whisper:{meant[0]}? " if meant else ""
    on_disk = f"; on this machine there is {', '.join(here)}" if here else ""
    return (
        f"there is no Whisper model '{wanted}'; {guess}write whisper: with one of {', '.join(PUBLISHED)}, or with the "
        f"folder of a model, such as whisper:./models/ours; or auto, pocketsphinx or none{on_disk}"
    )
