"""Targets that name a platform: its address, limits and sessions filled in before an output is made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from host_engine import document
from host_engine.channel.policies.policy_facts import KEY_FRAMES
from host_engine.channel_file.config import Channel, RtmpTarget
from host_engine.document import Fault, Loc, Problem
from host_engine.policies.judgement import length
from host_engine.policies.library import Library, nearest
from host_engine.policies.preset import Preset
from host_engine.show.label_demand import WHOLE, SafeArea


def resolved(channel: Channel, library: Library) -> Channel:
    """The same channel, each of its targets with what its platform brings. What the file says goes before that."""
    outputs = [resolve(each, channel, library) if isinstance(each, RtmpTarget) else each for each in channel.outputs]
    changes: dict[str, object] = {"outputs": outputs} if outputs != channel.outputs else {}
    if channel.obs and channel.obs.stream:
        stream = resolve(channel.obs.stream, channel, library)
        changes["obs"] = channel.obs.model_copy(update={"stream": stream})
    return channel.model_copy(update=changes) if changes else channel


def platforms(channel: Channel) -> list[tuple[str, str]]:
    """Names of targets with their platforms, that of OBS among them."""
    targets = [each for each in channel.outputs if isinstance(each, RtmpTarget)]
    targets += [channel.obs.stream] if channel.obs and channel.obs.stream else []
    return [(each.name, each.platform) for each in targets if each.platform]


def resolve(target: RtmpTarget, channel: Channel, library: Library) -> RtmpTarget:
    """A target with its platform's address, and within the platform's limits; itself without a platform."""
    preset = library.presets.get(target.platform or "")
    if preset is None:
        return target
    ingest, video = preset.written.ingest, preset.written.video
    filled: dict[str, object] = {}
    if not target.url and ingest.url:
        filled["url"] = ingest.url
        filled["backup"] = target.backup or ingest.backup
    if target.rotate is None and preset.written.rotate:
        filled["rotate"] = preset.written.rotate
    if target.kbps is None and video.kbps and channel.encoding.kbps > video.kbps:
        filled["kbps"] = video.kbps
    return target.model_copy(update=filled) if filled else target


def faults(target: RtmpTarget, channel: Channel, library: Library) -> list[Fault]:
    """What is wrong with a target that names a platform, each with its place in the target."""
    if target.platform is None:
        return []
    preset = library.presets.get(target.platform)
    if preset is None:
        what = f"there is no platform '{target.platform}'{nearest(target.platform, library.presets)}"
        return [Fault(("platform",), what)]
    found = list(_beyond(resolve(target, channel, library), channel, preset))
    if not target.url and not preset.written.ingest.url:
        what = f"{preset.written.title} has no address of its own: it takes {preset.written.ingest.form}; write the url"
        found.append(Fault(("platform",), what))
    return found


def _beyond(target: RtmpTarget, channel: Channel, preset: Preset) -> Iterable[Fault]:
    video, title = preset.written.video, preset.written.title
    size = target.size or (channel.format.width, channel.format.height)
    if video.kbps and (target.kbps or channel.encoding.kbps) > video.kbps:
        yield Fault(("kbps",), f"{title} takes {video.kbps} kbit/s at most; write {video.kbps} or less")
    if video.side and max(size) > video.side:
        what = (
            f"{title} takes pictures of {video.side} pixels at most, and this one has {size[0]}x{size[1]}; write size"
        )
        yield Fault(("size",), what)
    if video.fps and channel.format.fps > video.fps:
        what = f"{title} takes {video.fps} frames a second at most, and the channel has {channel.format.fps}"
        yield Fault(("platform",), what)
    if video.key_frames < KEY_FRAMES:
        what = f"{title} wants a key frame every {length(video.key_frames)}; the engine sends one a second"
        yield Fault(("platform",), what)
    longest = preset.written.session
    if longest and target.rotate and target.rotate > longest:
        what = f"{title} ends a session after {length(longest)}; write {length(preset.written.rotate or longest)}"
        yield Fault(("rotate",), what)


def problems(channel: Channel, path: Path, library: Library) -> list[Problem]:
    """What is wrong with all targets of a channel file, and with the one that OBS streams to."""
    found: list[Fault] = []
    for n, each in enumerate(channel.outputs):
        if isinstance(each, RtmpTarget):
            found += [_at(("outputs", n), fault) for fault in faults(each, channel, library)]
    if channel.obs and channel.obs.stream:
        found += [_at(("obs", "stream"), fault) for fault in faults(channel.obs.stream, channel, library)]
    return document.problems_at(path, found) if found else []


def hints(channel: Channel, library: Library) -> list[str]:
    """Sentences about targets that will work, but not look as their platform's viewers expect it."""
    found = []
    for each in channel.outputs:
        preset = library.presets.get(each.platform or "") if isinstance(each, RtmpTarget) else None
        if preset is None or not isinstance(each, RtmpTarget):
            continue
        wide, high = each.size or (channel.format.width, channel.format.height)
        shape = "wide" if wide > high else "vertical"
        if preset.written.video.shape not in ("any", shape):
            found.append(
                f"outputs: {preset.written.title} shows {preset.written.video.shape} pictures, and '{each.name}' gets "
                f"one of {wide}x{high}; write its size, or broadcast there from another channel"
            )
        if each.kbps is None and (kbps := resolve(each, channel, library).kbps):
            found.append(
                f"outputs: {preset.written.title} takes {kbps} kbit/s at most, so '{each.name}' gets an encode of its "
                "own"
            )
    return found


def safe_area(channel: Channel, library: Library) -> SafeArea:
    """The edges that the buttons of any platform of the channel cover."""
    safe = WHOLE
    for _, platform in platforms(channel):
        if preset := library.presets.get(platform):
            safe = safe.joined(preset.safe)
    return safe


def _at(within: Loc, fault: Fault) -> Fault:
    return Fault((*within, *fault.loc), fault.what)
