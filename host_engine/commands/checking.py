"""Check files before they go on air, and write the schemas that help people to write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from host_engine import document
from host_engine.audience.persona import file as persona
from host_engine.avatars.folder import Footage
from host_engine.channel.audience.chat_sources import check_chats
from host_engine.channel.audience.hearing_checked import check_hearing
from host_engine.channel.gate.read_through import stopped_lines
from host_engine.channel.gate.rehearsed_persona import stopped_phrases
from host_engine.channel.labels.signatures import check_marking
from host_engine.channel.obs.obs_checked import check_obs
from host_engine.channel.operators.token_places import nobody_may
from host_engine.channel.outputs.targets_checked import check_targets, missing_folders
from host_engine.channel.policies.policy_checks import is_policy, policy_file_problems, policy_notices, policy_problems
from host_engine.channel_file import config
from host_engine.channel_file.casting import NOBODY
from host_engine.document import Problem, Problems
from host_engine.gate.lists import Lists, load_more, problems_of
from host_engine.host.drawing import HOSTS
from host_engine.host.voice import VoiceError, open_voices
from host_engine.policies.profile import PolicyFile
from host_engine.scriptwriting.brief import Brief
from host_engine.show import schema
from host_engine.show.check import check_catalog
from host_engine.show.scene import Scene, choose, load_scenes, names


def check_paths(paths: Iterable[Path]) -> list[Problem]:
    """Every problem in the given channel files, catalog folders, scene files and folders, and plans of faults."""
    problems: list[Problem] = []
    for path in paths:
        try:
            problems += [each for each in _check(path) if each not in problems]
        except OSError as error:  # a name that is too long, a disk that cannot be read
            problems.append(Problem(str(path)[:200], None, "", f"cannot be read: {error.strerror or error}"))
    return problems


def warnings_of(paths: Iterable[Path]) -> list[Problem]:
    """What is no mistake, but will not be said: what the fact gate would stop of scripts and personas."""
    found: list[Problem] = []
    for path in filter(_there, paths):
        folder, lists = _script(path)
        if folder is not None:
            stopped = stopped_lines(folder, lists)
            if talk := _named_persona(path):
                stopped += stopped_phrases(talk, folder, lists)
            found += [each for each in stopped if each not in found]
    return found


def notices_of(paths: Iterable[Path]) -> list[str]:
    """Sentences about channels that nobody can operate from where they are open, or whose recordings have no folder."""
    found: list[str] = []
    for path in filter(_there, paths):
        with suppress(Problems):
            said = None if _is_no_channel(path) else nobody_may(config.load(path), datetime.now(UTC))
            found += [f"{path}: {said}"] if said else []
            found += [] if _is_no_channel(path) else [*policy_notices(path), *missing_folders(config.load(path), path)]
    return found


def _there(path: Path) -> bool:
    with suppress(OSError, ValueError):
        path.stat()
        return True
    return False


def _named_persona(path: Path) -> Path | None:
    """The persona that a channel file names."""
    if _is_no_channel(path):
        return None
    channel = config.load(path)
    return channel.path(channel.audience.persona) if channel.audience.persona else None


def _is_no_channel(path: Path) -> bool:
    """Whether a path leads to a catalog, to scenes, or to a folder of files of another kind."""
    return path.is_dir() or path.name in ("catalog.yaml", "rundown.yaml")


def _script(path: Path) -> tuple[Path | None, tuple[Lists, ...]]:
    """The catalog's folder that a path leads to, and a brand's own lists; None for files of other kinds."""
    if path.is_dir():
        return (path if (path / "catalog.yaml").exists() else None), ()
    if path.name in ("catalog.yaml", "rundown.yaml"):
        return path.parent, ()
    if path.parent.name == "scenes" or _is_plan(path):
        return None, ()
    try:
        channel = config.load(path)
        return channel.path(channel.catalog), load_more(map(channel.path, channel.audience.lists))
    except Problems:  # which are told as such
        return None, ()


def load_channel(path: Path) -> config.Channel:
    """The channel of a file in which nothing is wrong, and in its scenes. Raises Problems, with its catalog's as well.

    Where there is none, the catalog is left to whoever builds the show, as reading it takes long. A consent that is
    refused keeps no channel off the air: another host takes the place.
    """
    if check_channel(path, catalog=False, consent=False):
        raise Problems(check_channel(path))
    return config.load(path)


def _check(path: Path) -> list[Problem]:
    if path.name == persona.FILE or (path / persona.FILE).is_file():
        return _persona(path)
    if path.is_dir() and not (path / "catalog.yaml").exists():
        return _scenes(path)
    if path.is_dir():
        return check_catalog(path)
    if path.name in ("catalog.yaml", "rundown.yaml"):
        return check_catalog(path.parent)
    if path.parent.name == "scenes":
        return _scenes(path.parent)
    if _is_plan(path):
        from host_engine.chaos.plan import Plan

        return document.examine(path, Plan).problems
    if is_policy(path):
        return policy_file_problems(path)
    return check_channel(path)


def check_channel(path: Path, catalog: bool = True, consent: bool = True) -> list[Problem]:
    """The problems of a channel file and of all that it names, with or without its catalog and its host's consent."""
    try:
        channel = config.load(path)
    except Problems as found:
        return found.problems
    problems = _filmed(channel, path, consent)
    outfits = HOSTS.get(channel.avatar.host)
    if channel.avatar.host == NOBODY:
        pass
    elif outfits is None:
        what = f"there is no host '{channel.avatar.host}'; there are {', '.join(HOSTS)}"
        problems.append(document.problem_at(path, ("avatar", "host"), what))
    elif channel.avatar.outfit is not None and channel.avatar.outfit not in outfits:
        what = f"{channel.avatar.host} has no outfit '{channel.avatar.outfit}'; there are {', '.join(outfits)}"
        problems.append(document.problem_at(path, ("avatar", "outfit"), what))
    problems += _voice(channel, path) + _talk(channel, path) + check_chats(channel, path)
    problems += check_hearing(channel, path)
    problems += problems_of(map(channel.path, channel.audience.lists)) + check_marking(channel, path)
    problems += policy_problems(channel, path)
    scenes: dict[str, Scene] = {}
    try:
        scenes = load_scenes(channel.path(channel.scenes))
    except Problems as found:
        problems += found.problems
    problems += check_obs(channel, path, scenes) + check_targets(channel, path, scenes)
    size = channel.format.width, channel.format.height
    if scenes and choose(scenes, channel.scene, *size) is None:
        fit = ", ".join(name for name, scene in scenes.items() if scene.fits(*size)) or "none"
        what = f"there is no scene '{channel.scene}' for a picture of {size[0]}x{size[1]}; those that fit it: {fit}"
        problems.append(document.problem_at(path, ("scene",), what))
    return problems + (check_catalog(channel.path(channel.catalog), names(scenes) or None) if catalog else [])


def _filmed(channel: config.Channel, path: Path, consent: bool) -> list[Problem]:
    """What is wrong with a host who was filmed: her folder, her consent, the weights of her lips."""
    wanted = channel.avatar
    if wanted.footage is None:
        return []
    problems = []
    if wanted.weights is not None and not channel.path(wanted.weights).exists():
        what = f"there is no such file: {channel.path(wanted.weights)}"
        problems.append(document.problem_at(path, ("avatar", "weights"), what))
    folder = channel.path(wanted.footage)
    if not folder.is_dir():
        what = f"there is no such folder: {folder}; make an avatar with 'host-engine avatar make'"
        return [*problems, document.problem_at(path, ("avatar", "footage"), what)]
    try:
        footage = Footage.open(folder)
    except Problems as found:
        return problems + found.problems
    refused = consent and footage.refused(datetime.now(), channel=channel.name, use="live")
    return problems + ([document.problem_at(path, ("avatar", "footage"), refused)] if refused else [])


def _persona(path: Path) -> list[Problem]:
    try:
        persona.read(path)
    except Problems as found:
        return found.problems
    return []


def _talk(channel: config.Channel, path: Path) -> list[Problem]:
    """What is wrong with the persona that the channel names."""
    if channel.audience.persona is None:
        return []
    where = channel.path(channel.audience.persona)
    if not where.exists():
        return [document.problem_at(path, ("audience", "persona"), f"there is no such file: {where}")]
    return _persona(where)


def _voice(channel: config.Channel, path: Path) -> list[Problem]:
    """A voice that does not exist or is not here. The language is the catalog's business, so English stands in."""
    try:
        open_voices(channel.voice.use)
    except VoiceError as error:
        return [document.problem_at(path, ("voice", "use"), str(error))]
    return []


def _is_plan(path: Path) -> bool:
    """Whether a file is a plan of faults; their list is what no other file has."""
    try:
        return re.search(r"^faults\s*:", path.read_text("utf-8"), re.MULTILINE) is not None
    except (OSError, ValueError):
        return False


def _scenes(folder: Path) -> list[Problem]:
    try:
        load_scenes(folder)
    except Problems as found:
        return found.problems
    return []


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas of all files to `folder`; return their paths."""
    from host_engine.chaos.plan import Plan

    folder.mkdir(parents=True, exist_ok=True)
    schemas = {
        "channel": config.Channel.model_json_schema(),
        "scene": Scene.model_json_schema(),
        "chaos": Plan.model_json_schema(),
        "persona": schema.schema(persona.PersonaFile),
        "brief": schema.schema(Brief),
        "policy": schema.schema(PolicyFile),
        **schema.schemas(),
    }
    paths = []
    for name, content in schemas.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    return paths
