"""A target that is to be added on air, judged before it is: by its platform's limits and by every policy that holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from host_engine.channel.policies.label_demands import Output, put_right
from host_engine.channel.policies.platform_targets import faults, resolve
from host_engine.channel.policies.policy_facts import goes
from host_engine.channel.policies.ruling import Holding, Ruling, brought_by, judged
from host_engine.channel_file.config import Recording, RtmpTarget
from host_engine.policies.facts import Facts, Label
from host_engine.policies.finding import Finding


def admitted(ruling: Ruling, wanted: Output, day: date, human_voice: bool) -> Output:
    """The target with what its platform brings, and its own label put right. Raises ValueError, with a sentence, where
    a policy or its platform refuses it."""
    if isinstance(wanted, Recording):
        return wanted
    if isinstance(wanted, RtmpTarget):
        if wrong := faults(wanted, ruling.channel, ruling.library):
            raise ValueError(_sentence(wrong[0].what))
        wanted = resolve(wanted, ruling.channel, ruling.library)
    found, facts = _found(ruling, wanted, day, human_voice)
    refused = next((each for each in found if each.outcome in ("refuse", "human-voice")), None)
    if refused is not None and refused.outcome == "human-voice":
        said = refused._replace(
            do="turn the human-voice mode on first, then add it: people speak through the take-over"
        )
        raise ValueError(_sentence(said.sentence))
    if refused is not None:
        raise ValueError(_sentence(refused.sentence))
    return put_right([wanted], found, facts)[0]


def _found(ruling: Ruling, wanted: Output, day: date, human_voice: bool) -> tuple[list[Finding], Facts]:
    """What is not kept if it is added, of its platform's policies, and of those that hold everywhere."""
    assert not isinstance(wanted, Recording)
    target = goes(ruling.channel, wanted)
    own: dict[str | None, tuple[Label, ...]] = {**ruling.facts.labels}
    if wanted.label:  # only its words are its own: size and place are those of the picture, which can be changed
        own[wanted.name] = (Label("", wanted.label, 1.0, "top-right"),)
    facts = replace(ruling.facts, targets=(target,), labels=own, human_voice=human_voice)
    brought = brought_by([(target.name, target.platform)] if target.platform else [], ruling.library)
    held = [Holding(ruling.library.policies[name], targets) for name, targets in brought.items()]
    held += [Holding(each.policy, (target.name,)) for each in ruling.holding if each.targets is None]
    before = {each.name for each in ruling.findings}  # what is so already is no fault of this target's
    found = judged(held, facts, day)
    return [each for each in found if each.name not in before or each.target == wanted.name], facts


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
