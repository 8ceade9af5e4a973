"""What `check` and `run` say of a channel file and the policies that hold for it."""

from __future__ import annotations

import re
from pathlib import Path

from host_engine.channel.policies.ruling import Ruling, rule_file
from host_engine.channel_file import config
from host_engine.document import Problem, Problems
from host_engine.policies.library import read_policy


def policy_problems(channel: config.Channel, path: Path) -> list[Problem]:
    """What keeps the channel off the air, each with the rule, and where both are written."""
    try:
        return [each.problem for each in rule_file(channel, path).refusals]
    except Problems as found:
        return [each for each in found.problems if not _of_scenes(each, channel)]


def policy_notices(path: Path) -> list[str]:
    """Sentences about what is forced or asked for besides; none of a file that cannot be read."""
    try:
        return _told(path, rule_file(config.load(path), path))
    except Problems:
        return []


def _told(path: Path, ruling: Ruling) -> list[str]:
    return [each if each.startswith(str(path)) else f"{path}: {each}" for each in ruling.warnings]


def _of_scenes(problem: Problem, channel: config.Channel) -> bool:
    """Whether it is told by whoever checks the scenes."""
    return Path(problem.path).is_relative_to(channel.path(channel.scenes))


def is_policy(path: Path) -> bool:
    """Whether a file is a policy: no other file has rules and the day on which they were checked."""
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError):
        return False
    return all(re.search(rf"^{field}\s*:", text, re.MULTILINE) for field in ("rules", "checked"))


def policy_file_problems(path: Path) -> list[Problem]:
    """What is wrong with a policy file."""
    try:
        read_policy(path)
    except Problems as found:
        return found.problems
    return []
