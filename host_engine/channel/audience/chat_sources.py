"""From the channel file to the chats whose questions are answered, and what is wrong with them in the file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from host_engine import document
from host_engine.alarms import Alarms
from host_engine.audience.message import Message
from host_engine.audience.source import Source, SourceError, Tell
from host_engine.audience.sources.chats import Chats
from host_engine.audience.sources.find import find, open_source
from host_engine.audience.sources.watch import Take, Watch
from host_engine.channel_file.asking import ChatSource
from host_engine.channel_file.config import CHAT, Channel
from host_engine.document import Fault, Problem
from host_engine.document.wording import sentence

log = logging.getLogger(__name__)

HIDDEN = "secret"  # stands for a key while only the file is checked


class Absent:
    """A chat that cannot even be made: it is an alarm like one that cannot be heard, and the show goes on."""

    quiet = 60.0

    def __init__(self, said: str) -> None:
        self._said = said

    async def run(self, tell: Tell, alive: Callable[[], None]) -> None:
        raise SourceError(self._said, final=True)

    async def reply(self, message: Message, text: str) -> bool:
        return False


def make_chats(channel: Channel, keys: Mapping[str, str], take: Take, alarms: Alarms) -> Chats:
    """The chats of the channel file, each watched. `take` is called with each message and the name of its chat.

    keys: as `config.stream_keys` gives them. Takes up to a second for libraries that are loaded.
    """
    watches = []
    for chat in channel.audience.chats:
        values = {name: keys.get(f"{CHAT}{chat.name}/{name}", "") for name in chat.secrets}
        source = _made(chat, channel, values)
        watches.append(Watch(chat.name, chat.kind, source, take, alarms))
    return Chats(watches)


def check_chats(channel: Channel, path: Path) -> list[Problem]:
    """What is wrong with the chats in the channel file `path`: kinds that nobody knows, settings that do not fit."""
    faults: list[Fault] = []
    for index, chat in enumerate(channel.audience.chats):
        faults += [Fault(("audience", "chats", index, *loc), said) for loc, said in _wrong(chat, channel)]
    return document.problems_at(path, faults) if faults else []


def _wrong(chat: ChatSource, channel: Channel) -> list[Fault]:
    """What is wrong with one chat, at places within its entry of the file."""
    try:
        factory = find(chat.kind)
    except SourceError as error:
        return [Fault(("kind",), str(error))]
    model = getattr(factory, "Settings", None)
    model = model if isinstance(model, type) and issubclass(model, BaseModel) else BaseModel
    try:
        _refuse_secrets(chat, model)
        open_source(chat.kind, _settings(chat, channel, dict.fromkeys(chat.secrets, HIDDEN)))
    except ValidationError as invalid:
        return [Fault(*sentence(error, model)) for error in invalid.errors(include_url=False)]
    except (SourceError, ValueError, OSError) as error:
        return [Fault((), str(error))]
    return []


def _refuse_secrets(chat: ChatSource, model: type[BaseModel]) -> None:
    """Raises SourceError where the file holds what belongs into a variable."""
    fields = model.model_fields
    for name in chat.settings:
        if name == "key" or (name in fields and not fields[name].repr):
            raise SourceError(f"'{name}' does not belong in this file; write the name of a variable as '{name}_env'")
        if name == "folder":
            raise SourceError("there is no field 'folder' here")


def _made(chat: ChatSource, channel: Channel, values: Mapping[str, str]) -> Source:
    try:
        return open_source(chat.kind, _settings(chat, channel, values))
    except (SourceError, ValueError, OSError) as error:
        wrong = isinstance(error, ValidationError)  # its words may repeat a key
        said = "its settings are wrong; see host-engine check" if wrong else str(error)
        log.warning("the chat %s cannot be made: %s", chat.name, said)
        return Absent(said)


def _settings(chat: ChatSource, channel: Channel, values: Mapping[str, str]) -> dict[str, Any]:
    """What the source reads: the fields of the file, the values of the variables that it names, its folder."""
    variables = {f"{name}_env" for name in chat.secrets}
    written = {name: value for name, value in chat.settings.items() if name not in variables}
    return written | {"folder": channel.path(Path())} | dict(values)
