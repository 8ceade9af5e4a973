"""How a channel stands to its policies: which hold for it and why, what it does not keep, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from host_engine import document
from host_engine.channel.policies.label_demands import Output, demanded, put_right
from host_engine.channel.policies.platform_targets import hints, platforms, problems, resolved, safe_area
from host_engine.channel.policies.policy_facts import facts_of, language_in, notices_in, notices_of
from host_engine.channel_file.config import Channel
from host_engine.document import Problem, Problems
from host_engine.policies.facts import Facts, Notice
from host_engine.policies.finding import Finding
from host_engine.policies.judgement import judge
from host_engine.policies.library import DEFAULT, Library, library, nearest
from host_engine.policies.profile import Policy
from host_engine.policies.rules import NoticeRule, VoiceRule
from host_engine.show.label_demand import AS_THE_SCENE, LabelDemand
from host_engine.show.scene import Scene, load_scenes
from host_engine.show.show import Show


class Holding(NamedTuple):
    """A policy that holds: for the whole channel, or for the targets of the platforms that brought it."""

    policy: Policy
    targets: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Ruling:
    """channel: with what its platforms bring filled in. human_voice: no AI voice may be heard. voices: the findings
    that say so, whether or not it is so already."""

    channel: Channel
    library: Library
    scenes: Mapping[str, Scene]
    holding: tuple[Holding, ...]
    facts: Facts
    findings: tuple[Finding, ...] = ()
    demand: LabelDemand = AS_THE_SCENE
    human_voice: bool = False
    voices: tuple[Finding, ...] = ()

    @property
    def refusals(self) -> list[Finding]:
        """What keeps the channel off the air."""
        return [each for each in self.findings if each.outcome == "refuse"]

    @property
    def warnings(self) -> list[str]:
        """Sentences about all that does not: what is forced, what ought to be done, and what is old."""
        found = [str(each.problem) for each in self.findings if each.outcome != "refuse"]
        return list(dict.fromkeys([*found, *hints(self.channel, self.library), *stale(self)]))


def today() -> date:
    return datetime.now(UTC).date()


def library_of(channel: Channel) -> Library:
    """The policies that a channel may name. Raises Problems with what is wrong in its own folder."""
    folder = channel.compliance.folder
    return library(channel.path(folder) if folder else None)


def holding(channel: Channel, known: Library) -> tuple[Holding, ...]:
    """The policies of the file, and those of the platforms that the channel goes to; the permissive one where there
    is none."""
    everywhere = [name for name in dict.fromkeys(channel.compliance.policies) if name in known.policies]
    brought = brought_by(platforms(channel), known)
    found = [Holding(known.policies[name]) for name in everywhere]
    found += [Holding(known.policies[name], targets) for name, targets in brought.items() if name not in everywhere]
    return tuple(found) or (Holding(known.policies[DEFAULT]),)


def brought_by(targets: Iterable[tuple[str, str]], known: Library) -> dict[str, tuple[str, ...]]:
    """The policies that platforms bring, each with its targets. `targets`: names with their platforms."""
    brought: dict[str, tuple[str, ...]] = {}
    for name, platform in targets:
        preset = known.presets.get(platform)
        for policy in preset.written.policies if preset else ():
            if policy in known.policies:
                brought[policy] = (*brought.get(policy, ()), name)
    return brought


def judged(held: Iterable[Holding], facts: Facts, day: date) -> tuple[Finding, ...]:
    """What of all these policies is not kept."""
    found: list[Finding] = []
    for each in held:
        only = None if each.targets is None else [target for target in facts.targets if target.name in each.targets]
        found += judge(each.policy, facts, day, only)
    return tuple(found)


def rule(
    channel: Channel,
    path: Path | None,
    scenes: Mapping[str, Scene],
    language: str,
    notices: Sequence[Notice],
    day: date,
    known: Library | None = None,
) -> Ruling:
    """The ruling on a channel, before it goes on air. Raises Problems for policy files that cannot be read."""
    known = known or library_of(channel)
    channel = resolved(channel, known)
    facts = facts_of(channel, path, scenes, language, notices)
    return decided(Ruling(channel, known, scenes, holding(channel, known), facts), day)


def decided(ruling: Ruling, day: date) -> Ruling:
    """The ruling with its findings, and what follows from them."""
    held, facts, channel = ruling.holding, ruling.facts, ruling.channel
    findings = judged(held, facts, day)
    voices = [each for each in judged(held, replace(facts, human_voice=False), day) if isinstance(each.rule, VoiceRule)]
    outputs = put_right(channel.outputs, findings, facts)
    policies = [each.policy for each in held]
    return replace(
        ruling,
        channel=channel.model_copy(update={"outputs": outputs}) if outputs != channel.outputs else channel,
        findings=findings,
        demand=demanded(policies, facts, findings, safe_area(channel, ruling.library), day),
        human_voice=facts.human_voice or any(each.outcome == "human-voice" for each in findings),
        voices=tuple(each for each in voices if each.outcome in ("human-voice", "refuse")),
    )


def anew(before: Ruling, outputs: Sequence[Output], show: Show, day: date, human_voice: bool) -> Ruling:
    """The ruling on the same channel as it is on air by now: other outputs, another show, another day."""
    channel = before.channel.model_copy(update={"outputs": list(outputs)})
    language, notices = show.catalog.language, notices_of(show.rundown.mandatory)
    facts = before.facts
    if outputs != before.channel.outputs or language != facts.language:
        facts = facts_of(channel, None, before.scenes, language, notices, human_voice)
    facts = replace(facts, notices=tuple(notices), human_voice=human_voice)
    held = holding(channel, before.library)
    return decided(replace(before, channel=channel, holding=held, facts=facts), day)


def reworded(before: Ruling, known: Library) -> Ruling:
    """The same channel under policies that were read anew. A policy that is gone from them is held on to."""
    gone = {
        name: policy for name, policy in before.library.policies.items() if name in before.channel.compliance.policies
    }
    known = replace(known, policies=gone | known.policies)
    return replace(before, library=known, holding=holding(before.channel, known))


def rule_file(channel: Channel, path: Path) -> Ruling:
    """The ruling on a channel file, as `check` and `policy check` give it. Raises Problems."""
    known = library_of(channel)
    found = faults(channel, path, known)
    if found:
        raise Problems(found)
    scenes = load_scenes(channel.path(channel.scenes))
    folder = channel.path(channel.catalog)
    asked = any(isinstance(each, NoticeRule) for held in holding(channel, known) for each in held.policy.written.rules)
    return rule(channel, path, scenes, language_in(folder), notices_in(folder) if asked else [], today(), known)


def rule_show(channel: Channel, scenes: Mapping[str, Scene], show: Show) -> Ruling:
    """The ruling on a channel whose show is built. What keeps it off the air was told before."""
    return rule(channel, None, scenes, show.catalog.language, notices_of(show.rundown.mandatory), today())


def faults(channel: Channel, path: Path, known: Library) -> list[Problem]:
    """Names of policies and platforms that there are not, and targets beyond what their platform takes."""
    found = [
        document.problem_at(
            path, ("compliance", "policies", n), f"there is no policy '{name}'{nearest(name, known.policies)}"
        )
        for n, name in enumerate(channel.compliance.policies)
        if name not in known.policies
    ]
    rules = {f"{name}/{each.id}" for name, policy in known.policies.items() for each in policy.written.rules}
    found += [
        document.problem_at(path, ("compliance", "declared", n), f"no policy has a rule '{name}'")
        for n, name in enumerate(channel.compliance.declared)
        if name not in rules
    ]
    return found + problems(channel, path, known)


def stale(ruling: Ruling) -> list[str]:
    """Sentences about what was read too long ago, and about what of ours a brand's own stands in for."""
    day, known = today(), ruling.library
    found = [each.policy.stale(day) for each in ruling.holding]
    names = {platform for _, platform in platforms(ruling.channel) if platform in known.presets}
    found += [known.presets[name].stale(day) for name in sorted(names)]
    own = {each.policy.name for each in ruling.holding} & set(known.replaced)
    found += [f"your own policy '{name}' stands in for the one that comes with the engine" for name in sorted(own)]
    return [each for each in found if each]
