"""`host-engine policy`: what laws and platforms ask of a channel, and how a channel stands to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from host_engine.channel_file import config
from host_engine.terminal import sentences

if TYPE_CHECKING:
    from host_engine.channel.policies.ruling import Ruling
    from host_engine.policies.library import Library
    from host_engine.policies.preset import Preset
    from host_engine.policies.profile import Policy, Source

app = typer.Typer(help="Policies: what laws and platforms ask of a channel.", no_args_is_help=True)
console = Console(stderr=True)
Own = Annotated[Path | None, typer.Option("--folder", help="A folder with policy files of your own.")]


@app.command("list", epilog="Example: [bold]host-engine policy list[/]")
def show_all(folder: Own = None) -> None:
    """List the policies and the platforms, when each was checked, and which ought to be checked again."""
    with sentences(console):
        from host_engine.channel.policies.ruling import today
        from host_engine.policies.library import library
        from host_engine.policies.profile import NO_ADVICE

        known, day = library(folder), today()
        table = Table("policy", "where", "since", "checked", "", box=None)
        for name, policy in sorted(known.policies.items()):
            written = policy.written
            since = f"{written.applies}" if written.applies else ""
            note = "[yellow]old[/]" if policy.stale(day) else "your own" if policy.own else ""
            table.add_row(name, escape(written.where), since, f"{written.checked}", note)
        Console().print(table)
        platforms = Table("platform", "address", "policies", "checked", "", box=None)
        for name, preset in sorted(known.presets.items()):
            note = "[yellow]old[/]" if preset.stale(day) else ""
            address = preset.written.ingest.url or "of each session"
            platforms.add_row(
                name, escape(address), ", ".join(preset.written.policies), f"{preset.written.checked}", note
            )
        Console().print(platforms)
        console.print(f"{NO_ADVICE} 'host-engine policy show NAME' tells the rules and where they are written.")


@app.command(epilog="Example: [bold]host-engine policy show eu-ai-act[/]")
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of a policy or a platform.")], folder: Own = None
) -> None:
    """Tell what a policy or a platform asks, in our own words, with its sources and what could not be verified."""
    with sentences(console):
        from host_engine.policies.library import library

        known = library(folder)
        for line in described(name, known):
            print(line)


@app.command(epilog="Example: [bold]host-engine policy check channel.yaml[/]")
def check(channel: Annotated[Path, typer.Argument(metavar="[CHANNEL]")] = Path("channel.yaml")) -> None:
    """Say how a channel file stands to every policy that holds for it. Exit code 1 where one of them refuses it."""
    with sentences(console):
        from host_engine.channel.policies.ruling import rule_file
        from host_engine.policies.profile import NO_ADVICE

        ruling = rule_file(config.load(channel), channel)
        for line in found(ruling):
            print(line)
        console.print(NO_ADVICE, highlight=False)
        if ruling.refusals:
            raise typer.Exit(1)


def found(ruling: Ruling) -> list[str]:
    """The outcome in lines: what holds, what is refused, forced or only said."""
    lines = []
    for held in ruling.holding:
        why = f" (brought by {', '.join(held.targets)})" if held.targets else ""
        lines.append(f"{held.policy.name}: {held.policy.written.title}{why}")
    lines += [f"refused: {each.problem}" for each in ruling.refusals]
    lines += [f"note: {each}" for each in ruling.warnings]
    if ruling.human_voice:
        lines.append("outcome: the human-voice mode; no AI voice is heard, people speak through the take-over")
    if ruling.demand.text:
        lines.append(f"outcome: the AI label says '{ruling.demand.text}'")
    return lines if ruling.findings or len(lines) > len(ruling.holding) else [*lines, "All of it is kept."]


def described(name: str, known: Library) -> list[str]:
    """What there is to say of a policy or a platform. Raises ValueError where there is none of that name."""
    from host_engine.policies.library import nearest

    if name in known.policies:
        return _policy(known.policies[name])
    if name in known.presets:
        return _preset(known.presets[name])
    raise ValueError(f"there is no policy or platform '{name}'{nearest(name, {**known.policies})}")


def _policy(policy: Policy) -> list[str]:
    from host_engine.policies.profile import NO_ADVICE

    written = policy.written
    since = f", since {written.applies}" if written.applies else ""
    lines = [f"{policy.name}: {written.title} ({written.where}{since})", f"Last checked on {written.checked}.", ""]
    for rule in written.rules:
        begins = f", from {rule.applies} on" if rule.applies else ""
        only = ", where the host was filmed" if rule.when == "filmed" else ""
        lines += [f"{rule.id} (asks for: {rule.asks}; otherwise: {rule.otherwise}{begins}{only})", f"  {rule.says}"]
    lines += ["", *_sources(written.sources)]
    lines += [f"Not verified: {each}" for each in written.unverified]
    lines += [f"Note: {each}" for each in written.notes]
    return [*lines, f"File: {policy.path}", NO_ADVICE]


def _preset(preset: Preset) -> list[str]:
    written, video = preset.written, preset.written.video
    lines = [
        f"{preset.name}: {written.title}",
        f"Last checked on {written.checked}.",
        "",
        f"Gets in by {written.ingest.form}.",
    ]
    lines += [f"Address: {written.ingest.url}"] if written.ingest.url else []
    limits = {"kbit/s": video.kbps, "frames a second": video.fps, "pixels of the longer side": video.side}
    lines += [f"At most {most} {what}." for what, most in limits.items() if most]
    lines.append(f"A key frame every {video.key_frames:g} s at least; pictures: {video.shape}.")
    lines += [f"Policies: {', '.join(written.policies)}"] if written.policies else []
    lines += ["", *_sources(written.sources)]
    lines += [f"Not verified: {each}" for each in written.unverified]
    return [*lines, *(f"Note: {each}" for each in written.notes), f"File: {preset.path}"]


def _sources(sources: list[Source]) -> list[str]:
    return [f"Source: {each.title}{f', {each.url}' if each.url else ''}; read: {each.read}" for each in sources]
