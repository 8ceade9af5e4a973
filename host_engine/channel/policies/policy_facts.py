"""From a channel to what policies want to know of it: its labels as they are drawn, its notices, where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from host_engine import document
from host_engine.channel_file.config import Channel, RtmpTarget, WhipTarget
from host_engine.document import Loc
from host_engine.host.label import SIDES, TYPE, human
from host_engine.host.text import Style, fit
from host_engine.policies.facts import NOWHERE, Facts, Goes, Label, Notice, Spot
from host_engine.show import catalog as catalogs
from host_engine.show import rundown as rundowns
from host_engine.show.label_demand import Corner
from host_engine.show.mandatory import Mandatory
from host_engine.show.scene import Box, Scene
from host_engine.show.written import RundownFile

KEY_FRAMES = 1.0  # seconds between two that the engine sends: see outputs/picture_encoder.py
LONGEST_HEAD = 200_000  # characters of a catalog in which its language is looked for


def facts_of(
    channel: Channel,
    path: Path | None,
    scenes: Mapping[str, Scene],
    language: str,
    notices: Iterable[Notice],
    human_voice: bool | None = None,
) -> Facts:
    """What is so. `path`: the channel file, where somebody may look it up. Measuring the labels takes milliseconds."""
    targets = [(n, each) for n, each in enumerate(channel.outputs) if isinstance(each, RtmpTarget | WhipTarget)]
    own: dict[str | None, tuple[Label, ...]] = {None: labels(channel, path, scenes, channel.label, language)}
    for n, each in targets:
        if each.label or each.language:
            spot = Spot(path, ("outputs", n, "label" if each.label else "language"))
            words = each.label or (None if each.language else channel.label)
            drawn = labels(channel, path, scenes, words, each.language or language)
            own[each.name] = tuple(label._replace(spot=spot) for label in drawn)
    going = [goes(channel, each, Spot(path, ("outputs", n))) for n, each in targets]
    if channel.obs and channel.obs.stream:
        going.append(goes(channel, channel.obs.stream, Spot(path, ("obs", "stream"))))
    wanted = channel.compliance
    return Facts(
        language=language,
        labels=own,
        notices=tuple(notices),
        targets=tuple(going),
        registration=wanted.registration,
        human_voice=wanted.human_voice if human_voice is None else human_voice,
        filmed=channel.avatar.footage is not None,
        declared=frozenset(wanted.declared),
        notice_spot=Spot(channel.path(channel.catalog) / rundowns.FILE, ("mandatory",)),
        compliance=Spot(path, ("compliance",)),
        key_frames=KEY_FRAMES,
    )


def goes(channel: Channel, target: RtmpTarget | WhipTarget, spot: Spot = NOWHERE) -> Goes:
    """Where a target goes, and how. Its place in the file is that of its platform, where it names one."""
    platform = target.platform if isinstance(target, RtmpTarget) else None
    place: Loc = (*spot.loc, "platform") if platform and spot.loc else spot.loc
    size = target.size or (channel.format.width, channel.format.height)
    kbps = target.kbps or channel.encoding.kbps
    return Goes(target.name, platform, size, channel.format.fps, kbps, target.rotate, Spot(spot.path, place))


def labels(
    channel: Channel, path: Path | None, scenes: Mapping[str, Scene], words: str | None, language: str
) -> tuple[Label, ...]:
    """The AI label of each scene that fits the picture and shows the host. `words`: the channel's own, if any."""
    size = channel.format.width, channel.format.height
    folder = channel.path(channel.scenes)
    found = []
    for name, each in scenes.items():
        if not each.fits(*size) or human(each):
            continue
        scene = each.scaled(*size)
        said = words or scene.label.words(language)
        file = folder / f"{name}.yaml"
        spot = Spot(path, ("label",)) if words else Spot(file if file.exists() else None, ("label", "box"))
        found.append(Label(name, said, letters(scene.label.box, said, size), corner(scene.label.box, size), spot))
    return tuple(found)


def letters(box: Box, words: str, size: tuple[int, int]) -> float:
    """The height of the type in a label of that size, as a share of the picture's shorter side; see `overlay.chip`."""
    style = Style(box.h * TYPE, box.h * TYPE / 2)
    return fit(words, box.w - SIDES * box.h, box.h, style, 1).size / min(size)


def corner(box: Box, size: tuple[int, int]) -> Corner:
    """The corner that the middle of a box is nearest to."""
    left, top = 2 * box.x + box.w < size[0], 2 * box.y + box.h < size[1]
    if top:
        return "top-left" if left else "top-right"
    return "bottom-left" if left else "bottom-right"


def notices_of(lines: Iterable[Mandatory]) -> list[Notice]:
    """The mandatory lines of a show that are said whatever is presented."""
    return [
        Notice(each.id, each.every.total_seconds(), tuple(" ".join(parts) for parts in each.variants))
        for each in lines
        if not each.category and not each.products
    ]


def notices_in(folder: Path) -> list[Notice]:
    """The same, out of the rundown of a catalog's folder, without its catalog; none where it cannot be read, which is
    told elsewhere."""
    path = folder / rundowns.FILE
    written = document.examine(path, RundownFile).value
    return [
        Notice(each.id, each.every.total_seconds(), each.texts, Spot(path, ("mandatory", n)))
        for n, each in enumerate(written.mandatory if written else ())
        if not each.category and not each.products
    ]


def language_in(folder: Path) -> str:
    """The language that a catalog is written in, without reading all of it; English where it does not say so."""
    try:
        with (folder / catalogs.FILE).open(encoding="utf-8", errors="replace") as file:
            head = file.read(LONGEST_HEAD)
    except OSError:
        return "en"
    found = next((line for line in head.splitlines() if line.startswith("language:")), "")
    return found.removeprefix("language:").partition("#")[0].strip().strip("'\"") or "en"
