"""The policies and platforms that there are: those that come with the engine, and a brand's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from host_engine import document
from host_engine.document import Fault, Problem, Problems
from host_engine.policies.preset import Preset, PresetFile
from host_engine.policies.profile import Policy, PolicyFile

HERE = Path(__file__).parent
PROFILES, PRESETS = HERE / "profiles", HERE / "presets"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
DEFAULT = "permissive"  # what holds where nothing else does


@dataclass(frozen=True)
class Library:
    """Policies and platforms by their names. A brand's own policy of the same name stands in for ours."""

    policies: dict[str, Policy]
    presets: dict[str, Preset]
    replaced: tuple[str, ...] = field(default=())  # ours that a brand's own stand in for


def library(own: Path | None = None) -> Library:
    """What comes with the engine, and what is in a brand's own folder. Raises Problems with all that is wrong there."""
    ours, presets = _shipped()
    if own is None:
        return Library(ours, presets)
    theirs = read_policies(own, own=True)
    return Library(ours | theirs, presets, tuple(sorted(ours.keys() & theirs.keys())))


@cache
def _shipped() -> tuple[dict[str, Policy], dict[str, Preset]]:
    return read_policies(PROFILES), {path.stem: _preset(path) for path in sorted(PRESETS.glob("*.yaml"))}


def read_policies(folder: Path, own: bool = False) -> dict[str, Policy]:
    """Every policy of a folder by its name. Raises Problems with everything that is wrong in all of its files."""
    if not folder.is_dir():
        raise Problems([Problem(str(folder), None, "", "there is no such folder; policies are files (*.yaml) in one")])
    found: dict[str, Policy] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            policy = read_policy(path, own)
        except Problems as caught:
            problems += caught.problems
            continue
        if policy.name in found:
            what = f"another file has a policy named '{policy.name}' too"
            problems.append(document.problem_at(path, ("name",), what))
        found[policy.name] = policy
    if not found and not problems:
        problems.append(Problem(str(folder), None, "", "there are no policies (*.yaml) in this folder"))
    if problems:
        raise Problems(problems)
    return found


def read_policy(path: Path, own: bool = False) -> Policy:
    """The policy of a file. Raises Problems."""
    written = document.read(path, PolicyFile, _dates)
    name = written.name or path.stem
    if not NAME.fullmatch(name):
        what = f"'{name}' is no name of a policy; write one of small letters, digits and -"
        raise Problems([document.problem_at(path, ("name",), what)])
    return Policy(name, written, path, _lines(path, written), own)


def _lines(path: Path, written: PolicyFile) -> dict[str, int]:
    faults = [Fault(("rules", n, "id"), rule.id) for n, rule in enumerate(written.rules)]
    return {each.what: each.line or 1 for each in document.problems_at(path, faults)} if faults else {}


def _dates(written: PolicyFile) -> Iterator[Fault]:
    for n, rule in enumerate(written.rules):
        if written.applies and rule.applies and rule.applies < written.applies:
            yield Fault(("rules", n, "applies"), "the rule begins before the policy that it is in")


def _preset(path: Path) -> Preset:
    return Preset(path.stem, document.read(path, PresetFile), path)


def nearest(name: str, known: dict[str, Policy] | dict[str, Preset]) -> str:
    """What somebody who wrote a name that is none may have meant, as the end of a sentence."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1)
    return f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(sorted(known))}"
