"""The outputs as operators had made them before the channel was started anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from host_engine.channel.outputs.one_output import Kept, Make
from host_engine.channel.outputs.output_requests import OutputRequests, Wanted
from host_engine.channel.outputs.outputs_kept import NO_KEY, Added, Done, fingerprint, lacks
from host_engine.channel_file.config import Recording, WhipTarget
from host_engine.direction.refusals import NotDone

PLACE = "kept-nowhere"  # in the place of a key, of an output that does not run


def resume(done: Done, here: dict[str, Kept], requests: OutputRequests, make: Make) -> Iterator[tuple[str, str]]:
    """Bring the outputs of the channel file to what they were; gives name and sentence of what waits or is missing.

    What the channel file wants otherwise than it did then is as the file has it.
    """
    for name, then in done.removed.items():
        if name in here and fingerprint(here[name].wanted) == then:
            del here[name]
    for name, variable in done.keys.items():
        if name in here and not isinstance(here[name].wanted, Recording):
            yield from _rekeyed(here[name], variable, requests, make)
    for added in done.added:
        yield from _added_again(added, here, requests, make)
    for name in done.stopped:
        if name in here:
            here[name].stopped = True


def done(here: Mapping[str, Kept], file: Mapping[str, Wanted]) -> Done:
    """What was done to the outputs that are to be the same after a restart. `file`: those of the channel file."""
    return Done(
        [each.added for each in here.values() if each.added],
        {name: fingerprint(each) for name, each in file.items() if name not in here or here[name].added},
        [name for name, each in here.items() if each.stopped and not each.lacks],
        {name: each.key_env for name, each in here.items() if each.key_env is not None and not each.added},
    )


def _rekeyed(kept: Kept, variable: str, requests: OutputRequests, make: Make) -> Iterator[tuple[str, str]]:
    """An output of the file, with the key that it was given on air."""
    wanted = kept.wanted
    assert not isinstance(wanted, Recording)
    kept.key_env = variable
    if not variable:
        kept.wait(no_key(wanted))
    else:
        try:
            kept.key = requests.key(wanted, "", variable)
            kept.output = make(wanted, kept.key)
        except NotDone as error:
            kept.wait(_unset(variable, error))
    if kept.lacks:
        yield wanted.name, f"'{wanted.name}' is stopped. {kept.lacks}"


def _added_again(
    added: Added, here: dict[str, Kept], requests: OutputRequests, make: Make
) -> Iterator[tuple[str, str]]:
    """An output that was added on air. One of the channel file that has its name now takes its place."""
    written, name = added.written, str(added.written.get("name"))
    if name in here:
        return
    try:
        wanted = requests.without_key(written, [each.wanted for each in here.values()])
    except NotDone as error:
        yield name, f"The output '{name}', which was added on air, is not there any more: {error}"
        return
    why, key = lacks(added), ""
    if not why and not isinstance(wanted, Recording):
        key, why = _key(wanted, written, requests)
    kept = here[name] = Kept(wanted, key, make(wanted, PLACE if why else key), added)
    if why:
        kept.wait(why)
        yield name, f"'{name}' is stopped. {why}"


def _key(wanted: Wanted, written: Mapping[str, object], requests: OutputRequests) -> tuple[str, str]:
    """Its key, or why there is none."""
    assert not isinstance(wanted, Recording)
    variable = str(written.get("key_env") or "")
    try:
        return requests.key(wanted, "", variable), ""
    except NotDone as error:
        return "", _unset(variable, error)


def no_key(wanted: Wanted) -> str:
    """What an output is told to wait for."""
    return NO_KEY.format(what="token" if isinstance(wanted, WhipTarget) else "stream key")


def _unset(variable: str, error: NotDone) -> str:
    return f"Its key is in {variable}: {error} Give it its key again." if variable else str(error)
