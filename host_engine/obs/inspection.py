"""Says of an OBS what is right and what is wrong for the channel, in sentences; changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

from host_engine import frame_code
from host_engine.obs import ini_text, screenshot
from host_engine.obs.actual import Actual, Ask, read
from host_engine.obs.alive import LATE
from host_engine.obs.client import Refused
from host_engine.obs.collection import Collection
from host_engine.obs.diff import compare
from host_engine.obs.home import Home
from host_engine.obs.home_files import text_of
from host_engine.obs.profile import FIXED_AUDIO, IN_OBS, Setting, Shape, settings_of
from host_engine.obs.wanted import Wanted

LEAST = 28  # the first OBS with obs-websocket 5
BETWEEN = 0.5  # seconds between two looks at the feed
MISSED = 0.05  # of the pictures: more than this is seen

Mark = Literal["right", "wrong", "doubtful"]


class Finding(NamedTuple):
    """A sentence, and how it is meant: what is doubtful keeps nobody from going on air."""

    mark: Mark
    said: str


class OnAir(NamedTuple):
    """The frame that the channel was at, and how to learn where it is now."""

    fps: int
    frame: Callable[[], int]


def inspect_files(home: Home) -> list[Finding]:
    """What only the files of an OBS on this machine tell. Raises OSError and ValueError, with sentences."""
    if not home.used:
        said = f"{home.path} holds no settings of an OBS: name their folder with --home; where OBS was never started,"
        return [Finding("doubtful", f"{said} obs setup --write makes them")]
    files, setting = [each for each in (home.general, home.user) if each.exists()], FIXED_AUDIO
    if all(ini_text.read(text_of(each)).get((setting.section, setting.key)) == setting.value for each in files):
        return [Finding("right", "OBS's audio buffer is of a fixed size")]
    said = f"OBS's audio buffer may grow: {setting.why}. Tick {IN_OBS}, or close OBS and run obs setup --write"
    return [Finding("wrong", said)]


def inspect(ask: Ask, collection: Collection, shape: Shape, wanted: Wanted) -> list[Finding]:
    """What OBS itself tells. Raises Lost, and Refused where OBS does not say."""
    found = [_version(ask("GetVersion")), *_kinds(ask, wanted), *_chosen(ask, collection)]
    if any(each.mark == "wrong" for each in found):
        return found  # of another collection nothing else is worth saying
    found += _picture(ask("GetVideoSettings"), shape)
    found += _settings(ask, settings_of(shape))
    actual = read(ask, wanted)
    return [*found, *_scenes(wanted, actual), *_pace(ask("GetStats"))]


def inspect_feed(
    ask: Ask, source: str, on_air: OnAir | None, wait: Callable[[float], object] = time.sleep
) -> list[Finding]:
    """Whether the engine's picture goes on in OBS. `on_air`: None where the channel is not. Raises Lost."""
    if on_air is None:
        return [Finding("doubtful", "the channel is not on air: whether its picture arrives was not looked at")]
    first = _number(ask, source)
    wait(BETWEEN)
    frame, second = on_air.frame(), _number(ask, source)
    if second is None:
        said = f"OBS shows nothing of the engine in the source '{source}', though the channel is on air"
        return [Finding("wrong", f"{said}: look at obs.feed, and at the log of the engine")]
    behind = frame_code.behind(frame, second) / on_air.fps
    if first == second or abs(behind) > 3600:
        return [Finding("wrong", f"the engine's picture stands still in the source '{source}'")]
    said = f"the engine's picture arrives in OBS {max(0.0, behind) * 1000:.0f} ms after it was drawn"
    return [Finding("wrong" if behind > LATE else "right", said)]


def _version(answer: dict[str, Any]) -> Finding:
    version = str(answer["obsVersion"])
    number = version.partition(".")[0]
    said = f"OBS {version} with obs-websocket {answer['obsWebSocketVersion']} answers"
    if number.isdigit() and int(number) < LEAST:
        return Finding("wrong", f"{said}, and {LEAST} or later is needed: update it")
    return Finding("right", said)


def _kinds(ask: Ask, wanted: Wanted) -> Iterable[Finding]:
    there = set(ask("GetInputKindList", unversioned=True)["inputKinds"])
    for source in wanted.sources:
        if there.isdisjoint(source.kinds):
            said = f"this OBS has no {source.kinds[0]}, which '{source.name}' needs"
            more = "; Debian's has no browser: take OBS from obsproject.com, or another way of obs.feed"
            yield Finding("wrong", said + (more if "browser_source" in source.kinds else ""))


def _chosen(ask: Ask, wanted: Collection) -> Iterable[Finding]:
    collections, profiles = ask("GetSceneCollectionList"), ask("GetProfileList")
    for what, there, actual, name in (
        ("scene collection", collections["sceneCollections"], collections["currentSceneCollectionName"], wanted.name),
        ("profile", profiles["profiles"], profiles["currentProfileName"], wanted.profile),
    ):
        if actual == name:
            yield Finding("right", f"the {what} '{name}' is chosen")
        elif name in there:
            yield Finding("wrong", f"the {what} '{actual}' is chosen: choose '{name}' in OBS's menu, or run obs setup")
        else:
            yield Finding("wrong", f"OBS has no {what} '{name}': run obs setup")


def _picture(actual: dict[str, Any], shape: Shape) -> Iterable[Finding]:
    format = shape.format
    canvas = int(actual["baseWidth"]), int(actual["baseHeight"])
    if canvas == (format.width, format.height):
        yield Finding("right", f"OBS's picture is {canvas[0]}x{canvas[1]}, as the channel's is")
    elif canvas[0] * format.height == canvas[1] * format.width:
        yield Finding("doubtful", f"OBS's picture is {canvas[0]}x{canvas[1]}: the channel's is scaled to that")
    else:
        said = f"OBS's picture is {canvas[0]}x{canvas[1]}, and the channel's {format.width}x{format.height}"
        yield Finding("wrong", f"{said}: black bars will stand beside it; run obs setup")
    fps = actual["fpsNumerator"] / max(1, actual["fpsDenominator"])
    if fps != format.fps:
        said = f"OBS makes {fps:g} pictures a second, and the channel {format.fps}: some are shown twice or never"
        yield Finding("doubtful", said)


def _settings(ask: Ask, settings: Iterable[Setting]) -> Iterable[Finding]:
    wrong = []
    for each in settings:
        if each.section != "Video":
            answer = ask("GetProfileParameter", parameterCategory=each.section, parameterName=each.key)
            if answer.get("parameterValue") != each.value:
                wrong.append(each)
    for each in wrong:
        yield Finding("doubtful", f"the profile does not say {each.key}={each.value} ({each.section}): {each.why}")
    if not wrong:
        yield Finding("right", "the profile says what it should")


def _scenes(wanted: Wanted, actual: Actual) -> Iterable[Finding]:
    reasons = [each.reason for each in compare(wanted, actual) if each.reason and each.key != "program"]
    if not reasons:
        names = ", ".join(f"'{each.name}'" for each in wanted.scenes)
        yield Finding("right", f"the scenes are as they should be: {names}")
    for reason in reasons:
        yield Finding("wrong", f"{reason.rstrip('.')}: run obs setup, or let the channel put it right on air")


def _pace(stats: dict[str, Any]) -> Iterable[Finding]:
    for what, missed, all_of in (
        ("draw", "renderSkippedFrames", "renderTotalFrames"),
        ("encode", "outputSkippedFrames", "outputTotalFrames"),
    ):
        total = stats.get(all_of) or 0
        if total and stats.get(missed, 0) / total > MISSED:
            share = stats[missed] / total
            yield Finding("doubtful", f"OBS is too slow to {what} {share:.0%} of its pictures since it was started")


def _number(ask: Ask, source: str) -> int | None:
    try:
        seen = screenshot.brightness(ask(screenshot.REQUEST, **screenshot.asked(source)))
    except Refused:
        return None
    return None if seen is None else frame_code.read(seen)
