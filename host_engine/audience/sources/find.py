"""Which kinds of chat there are, ours and those that others have installed, and opening one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from host_engine.audience.source import GROUP, Source, SourceError
from host_engine.document.wording import unknown_name

log = logging.getLogger(__name__)

BUILT_IN = {
    "twitch": ("host_engine.audience.sources.twitch", "Twitch"),
    "youtube": ("host_engine.audience.sources.youtube", "YouTube"),
    "tiktok": ("host_engine.audience.sources.tiktok", "TikTok"),
    "feed": ("host_engine.audience.sources.feed", "Feed"),
}
MEMBERS = ("quiet", "run", "reply")

Factory = Callable[[dict[str, Any]], Source]


def kinds() -> list[str]:
    """The names of all kinds."""
    return [*BUILT_IN, *sorted(each.name for each in entry_points(group=GROUP) if each.name not in BUILT_IN)]


def find(kind: str) -> Factory:
    """What makes chats of this kind. Raises SourceError with a sentence. Takes some ms where the kind is not ours."""
    if kind in BUILT_IN:
        module, name = BUILT_IN[kind]
        return getattr(import_module(module), name)  # type: ignore[no-any-return]
    found = [each for each in entry_points(group=GROUP) if each.name == kind]
    if not found:
        raise SourceError(unknown_name(kind, kinds()), True)
    if len(found) > 1:
        log.warning("chat source '%s' is offered by %s; the first is taken", kind, ", ".join(map(_package, found)))
    return _load(found[0])


def open_source(kind: str, settings: Mapping[str, Any]) -> Source:
    """A chat, not connected yet. Raises pydantic's ValidationError for wrong settings, SourceError for all else."""
    factory = find(kind)
    if kind in BUILT_IN:
        return factory(dict(settings))
    try:
        source = factory(dict(settings))
    except (SourceError, ValueError, OSError):  # ValidationError is a ValueError
        raise
    except Exception as error:  # others wrote it: what is wrong in it is told, and keeps nobody off the air
        log.warning("the chat source '%s' cannot be made", kind, exc_info=error)
        raise SourceError(f"the chat source '{kind}' cannot be made: {type(error).__name__}: {error}", True) from error
    if missing := [each for each in MEMBERS if not hasattr(source, each)]:
        raise SourceError(f"what the chat source '{kind}' makes has no {', '.join(missing)}: it is no Source", True)
    return source


def _load(entry: EntryPoint) -> Factory:
    try:
        factory = entry.load()
    except Exception as error:
        log.warning("the chat source '%s' cannot be loaded", entry.name, exc_info=error)
        said = f"the chat source '{entry.name}' of {_package(entry)} cannot be loaded: {type(error).__name__}: {error}"
        raise SourceError(said, True) from error
    if not callable(factory):
        said = f"'{entry.value}', the chat source '{entry.name}' of {_package(entry)}, cannot be called"
        raise SourceError(said, True)
    return factory  # type: ignore[no-any-return]


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "an unknown package"
