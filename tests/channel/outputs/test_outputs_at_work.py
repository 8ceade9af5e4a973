"""Outputs while on air: added, stopped, started, re-keyed, each without the others noticing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from on_stage import Inline
from until import until

from host_engine.access.who import Who
from host_engine.alarms import Alarms
from host_engine.channel.outputs.output_requests import Wanted, goes_to
from host_engine.channel.outputs.outputs_at_work import MOST, Outputs
from host_engine.channel_file.config import Channel, RtmpTarget
from host_engine.direction.kept_file import KeptFile
from host_engine.direction.refusals import NotDone
from host_engine.outputs.rtmp import Refused
from host_engine.supervise import Jobs

ANNA = Who("anna", "admin")
SECRET = "live_1234_very-secret"


class Scripted:
    """An output that does what its key says."""

    def __init__(self, wanted: Wanted, key: str) -> None:
        self.name, self.key, self.wanted = wanted.name, key, wanted
        self.state, self.error = "waiting", None
        self.dropped = self.unsent = self.runs = 0
        self.closed = False

    def report(self) -> dict[str, Any]:
        return {"bytes": 7}

    async def run(self) -> None:
        self.runs += 1
        if self.key == "wrong":
            self.state, self.error = "refused", "the server does not want this stream key"
            raise Refused(self.error)
        self.state = "live"
        try:
            await asyncio.Event().wait()
        finally:
            self.state, self.closed = "waiting", True


class AtWork:
    """The outputs of a channel with one target and one recording."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None, **changes: Any) -> None:
        """`changes`: of the target in the channel file."""
        wanted = [
            {"kind": "rtmp", "name": "tube", "url": "rtmps://tube.example.com/app", "key_env": "TUBE_KEY", **changes},
            {"kind": "file", "name": "archive", "path": "kept/{date}.mp4"},
        ]
        channel = Channel(name="demo", catalog=Path("c"), outputs=wanted)  # type: ignore[arg-type]
        channel._folder = folder
        self.jobs, self.made = Jobs(Alarms()), list[Scripted]()
        kept = KeptFile(folder / "outputs.json", Inline())
        self.outputs = Outputs(channel, {"tube": SECRET}, self._make, self.jobs, environment or {}, kept)  # type: ignore[arg-type]
        self.alarms: dict[str, str | None] = {}
        self.outputs.alarm = self.alarms.__setitem__
        self.jobs.watched = self.outputs
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.audited: list[tuple[str, str]] = []
        self.followed: list[tuple[str, bool]] = []
        self.outputs.tell = lambda what, **data: self.told.append((what, data))
        self.outputs.audit = lambda who, action, outcome="done", **facts: self.audited.append((action, outcome))
        self.outputs.hooks.append(lambda name, output: self.followed.append((name, output is not None)))

    def _make(self, wanted: Wanted, key: str) -> Scripted:
        self.made.append(Scripted(wanted, key))
        return self.made[-1]

    def __getitem__(self, name: str) -> Scripted:
        """The one of that name that is the newest."""
        return next(each for each in reversed(self.made) if each.name == name)

    def states(self) -> dict[str, str]:
        return {each["name"]: each["state"] for each in self.outputs.listed()}

    @contextlib.asynccontextmanager
    async def on_air(self) -> AsyncIterator[AtWork]:
        running = asyncio.create_task(self.outputs.run())
        await until(lambda: self.states() and set(self.states().values()) <= {"live", "stopped"})
        try:
            yield self
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def untouched(self) -> bool:
        """Whether the two of the channel file have gone on all the time."""
        return [each.runs for each in self.made[:2]] == [1, 1] and not any(each.closed for each in self.made[:2])


async def test_one_is_added_and_removed_and_the_others_go_on(tmp_path: Path) -> None:
    async with AtWork(tmp_path).on_air() as at:
        target = {"kind": "rtmp", "name": "second", "url": "rtmp://two.example.com/app", "key": SECRET}
        shown = await at.outputs.add(target, ANNA)
        await until(lambda: at.states()["second"] == "live")
        assert (shown["to"], shown["added"], at["second"].key) == ("rtmp://two.example.com/...", True, SECRET)
        await at.outputs.remove("second", ANNA)
        assert (at["second"].closed, set(at.states())) == (True, {"tube", "archive"})
        assert at.untouched()
        assert at.followed == [("second", True), ("second", False)]
        with pytest.raises(NotDone, match="no such output"):
            await at.outputs.remove("second", ANNA)
        await at.outputs.add(target, ANNA)
        await until(lambda: at.states()["second"] == "live")
    assert all(each.closed for each in at.made)
    assert at.audited == [
        ("add output", "done"),
        ("remove output", "done"),
        ("remove output", "There is no such output."),
        ("add output", "done"),
    ]
    assert SECRET not in f"{at.told} {at.audited} {shown}"


async def test_one_is_stopped_and_started_again(tmp_path: Path) -> None:
    async with AtWork(tmp_path).on_air() as at:
        assert (await at.outputs.stop("tube", ANNA))["state"] == "stopped"
        assert (at["tube"].closed, at["archive"].closed) == (True, False)
        await at.outputs.stop("tube", ANNA)  # twice is once
        await at.outputs.start("tube", ANNA)
        await until(lambda: at.states()["tube"] == "live")
        assert at["tube"].key == SECRET
        with pytest.raises(NotDone, match="at work already"):
            await at.outputs.start("tube", ANNA)
        states = [data["state"] for what, data in at.told if what == "output" and data["name"] == "tube"]
        await until(lambda: ("output", {"name": "tube", "state": "live", "error": None}) in at.told)
        assert states[0] in ("waiting", "live")


async def test_a_key_is_changed_and_a_refused_output_can_be_started(tmp_path: Path) -> None:
    async with AtWork(tmp_path, {"TUBE_KEY": "from-there", "PASSWORD": "x"}).on_air() as at:
        await at.outputs.change_key("tube", "wrong", "", ANNA)
        await until(lambda: at.states()["tube"] == "refused")
        await until(lambda: next(job for job in at.jobs.all if job.name == "tube").state == "given up")
        await until(lambda: at.outputs._kept["tube"].task is not None and at.outputs._kept["tube"].task.done())
        await at.outputs.start("tube", ANNA)
        await until(lambda: at["tube"].state == "refused" and at["tube"].runs == 1)
        await at.outputs.change_key("tube", "", "TUBE_KEY", ANNA)
        await until(lambda: at.states()["tube"] == "live")
        assert at["tube"].key == "from-there"
        for variable, said in (("PASSWORD", "Name a variable"), ("STREAM_KEY_2", "is not set")):
            with pytest.raises(NotDone, match=said):
                await at.outputs.change_key("tube", "", variable, ANNA)
        with pytest.raises(NotDone, match="has no key"):
            await at.outputs.change_key("archive", "x", "", ANNA)
        assert not at["archive"].closed
        assert at["tube"].key == "from-there"
    assert "wrong" not in f"{at.told} {at.audited}"


async def test_one_that_is_refused_and_asked_again_by_itself_can_be_asked_at_once(tmp_path: Path) -> None:
    async with AtWork(tmp_path).on_air() as at:
        refused = at["tube"]
        refused.state = "refused"  # and still at work: it waits to ask again
        await at.outputs.start("tube", ANNA)
        await until(lambda: at["tube"].state == "live")
        assert refused.closed
        assert at["tube"] is not refused
        with pytest.raises(NotDone, match="at work already"):
            await at.outputs.start("tube", ANNA)


async def test_what_a_target_wants_of_its_own_is_kept(tmp_path: Path) -> None:
    wishes = {"kbps": 900, "label": "KI", "language": "de", "delay": "30s", "rotate": "8h"}
    target = {"kind": "rtmp", "name": "second", "url": "rtmp://h/a?backup=1", "backup": "rtmp://b/a", "key": "k"}
    async with AtWork(tmp_path).on_air() as at:
        await at.outputs.add(target | wishes | {"picture": [360, 640], "format": None}, ANNA)
        wanted = at["second"].wanted
        assert isinstance(wanted, RtmpTarget)
        assert (wanted.size, wanted.kbps, wanted.label, wanted.language) == ((360, 640), 900, "KI", "de")
        assert (wanted.delay, wanted.rotate, wanted.backup) == (30.0, 28_800.0, "rtmp://b/a")


async def test_a_language_that_the_label_does_not_know_needs_its_words(tmp_path: Path) -> None:
    target = {"kind": "rtmp", "name": "second", "url": "rtmp://h/a", "key": "k", "language": "xx"}
    async with AtWork(tmp_path).on_air() as at:
        at.outputs.requests.silent = lambda language: f"The AI label has no words in '{language}'"
        with pytest.raises(NotDone, match="no words in 'xx': give the words of the label as well"):
            await at.outputs.add(target, ANNA)
        await at.outputs.add(target | {"label": "Xx xx"}, ANNA)


async def test_a_key_changed_while_stopped_is_used_at_the_next_start(tmp_path: Path) -> None:
    async with AtWork(tmp_path).on_air() as at:
        await at.outputs.stop("tube", ANNA)
        await at.outputs.change_key("tube", "another", "", ANNA)
        assert (at.states()["tube"], at["tube"].runs) == ("stopped", 0)
        await at.outputs.start("tube", ANNA)
        await until(lambda: at.states()["tube"] == "live")
        assert at["tube"].key == "another"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"name": "tube", "url": "rtmp://h/a", "key": "k"}, "There is an output 'tube' already"),
        ({"name": "air", "url": "rtmp://h/a", "key": "k"}, "a part of the channel"),
        ({"name": "two words", "url": "rtmp://h/a", "key": "k"}, "'name'"),
        ({"name": "x", "url": f"http://h/{SECRET}"}, "Write the address like"),
        ({"name": "x", "url": f"rtmp://u:{SECRET}@h/a"}, "Write the address like"),
        ({"name": "x", "url": "file:///etc/passwd"}, "Write the address like"),
        ({"name": "x", "url": f"rtmp://h/a?key={SECRET}", "key": "k"}, "Write the address like"),
        ({"name": "x", "url": f"rtmp://h/a?{SECRET}", "key": "k"}, "Write the address like"),
        ({"name": "x", "url": "rtmp://h/a", "key": "k", "backup": f"rtmp://h/a?auth={SECRET}"}, "Write the address"),
        ({"name": "x", "url": "rtmp://h/a", "key": "k", "backup": "rtmp://h:99999/a"}, "Write the address"),
        ({"name": "x", "url": "rtmp://h/a", "key": "k", "picture": [721, 1280]}, "'picture.0'"),
        ({"name": "x", "url": "rtmp://h/a", "key": "k", "delay": "soon"}, "'delay'"),
        ({"name": "x", "url": "rtmp://h/a", "key": "k", "rotate": "5s"}, "'rotate'"),
        ({"name": "x", "url": "rtmp://h/a"}, "cannot be sent to"),
        ({"name": "x", "url": "rtmp://h:99999/a", "key": "k"}, "cannot be sent to|Write the address"),
        ({"name": "x", "url": "rtmp://h/a", "key": f"{SECRET}\n"}, "cannot be sent to"),
        ({"kind": "file", "name": "../../etc"}, "'name'"),
        ({"kind": "file", "name": "rec", "segment": "0s"}, "'segment'"),
    ],
)
async def test_what_is_no_output_is_refused_without_its_secrets(
    tmp_path: Path, written: dict[str, Any], said: str
) -> None:
    async with AtWork(tmp_path).on_air() as at:
        with pytest.raises(NotDone, match=said) as refused:
            await at.outputs.add({"kind": "rtmp", **written}, ANNA)
        assert SECRET not in f"{refused.value} {at.audited}"
        assert at.untouched()


async def test_a_media_server_is_added_with_its_token_and_given_another(tmp_path: Path) -> None:
    async with AtWork(tmp_path, {"STREAM_KEY_SFU": "from-there"}).on_air() as at:
        wanted = {"kind": "whip", "name": "sfu", "url": "https://sfu.example.com:8443/whip/host", "key": SECRET}
        shown = await at.outputs.add(wanted, ANNA)
        assert (shown["kind"], shown["to"]) == ("whip", "https://sfu.example.com:8443/...")
        assert (at["sfu"].key, at["sfu"].wanted.kind) == (SECRET, "whip")
        await at.outputs.change_key("sfu", "", "STREAM_KEY_SFU", ANNA)
        assert at["sfu"].key == "from-there"
        assert SECRET not in f"{at.told} {at.audited} {shown}"
        await at.outputs.add({"kind": "whip", "name": "open", "url": "http://127.0.0.1/whip"}, ANNA)
        for written, said in (
            ({"url": f"rtmp://h/{SECRET}"}, "Write the address like https://HOST/PATH"),
            ({"url": f"https://u:{SECRET}@h/a"}, "Write the address like https://HOST/PATH"),
            ({"url": "https://h/a", "key": f"two {SECRET}"}, "cannot be sent to: the bearer token holds signs"),
        ):
            with pytest.raises(NotDone, match=said) as refused:
                await at.outputs.add({"kind": "whip", "name": "bad", **written}, ANNA)
            assert SECRET not in str(refused.value)


async def test_recordings_go_to_the_channels_own_folder_and_only_where_they_may(tmp_path: Path) -> None:
    async with AtWork(tmp_path).on_air() as at:
        shown = await at.outputs.add({"kind": "file", "name": "extra", "format": "mkv", "size": "2GB"}, ANNA)
        assert shown["to"] == "extra-{date}-{time}.mkv"
        assert str(at["extra"].wanted.path) == "kept/extra-{date}-{time}.mkv"  # type: ignore[union-attr]
        at.outputs.requests.may_record = lambda: "she has not agreed to recordings"
        with pytest.raises(NotDone, match="she has not agreed"):
            await at.outputs.add({"kind": "file", "name": "more"}, ANNA)


async def test_there_are_not_too_many(tmp_path: Path) -> None:
    async with AtWork(tmp_path).on_air() as at:
        for n in range(MOST - 2):
            await at.outputs.add({"kind": "rtmp", "name": f"n{n}", "url": "rtmp://h/a", "key": "k"}, ANNA)
        with pytest.raises(NotDone, match="remove one"):
            await at.outputs.add({"kind": "rtmp", "name": "more", "url": "rtmp://h/a", "key": "k"}, ANNA)


def test_where_an_output_goes_is_told_without_what_may_be_its_key() -> None:
    target = RtmpTarget(kind="rtmp", name="x", url=f"rtmp://[::1]:1936/app/{SECRET}")
    assert goes_to(target) == "rtmp://[::1]:1936/..."


STREAM = {"kind": "rtmp", "url": "rtmp://two.example.com/app"}
VARIABLE = {"STREAM_KEY_2": "from-there"}


async def test_what_was_stopped_removed_and_added_is_so_after_a_restart(tmp_path: Path) -> None:
    wishes = {"kbps": 900, "label": "KI", "language": "de", "delay": "30s", "rotate": "8h", "backup": "rtmp://b/app"}
    async with AtWork(tmp_path, VARIABLE).on_air() as at:
        await at.outputs.add({**STREAM, **wishes, "name": "second", "key_env": "STREAM_KEY_2"}, ANNA)
        await at.outputs.add({"kind": "file", "name": "extra", "segment": "60s"}, ANNA)
        await at.outputs.stop("extra", ANNA)
        await at.outputs.remove("tube", ANNA)
        before = at["second"].wanted
    async with AtWork(tmp_path, VARIABLE).on_air() as at:
        assert at.states() == {"archive": "live", "second": "live", "extra": "stopped"}
        assert (at["second"].wanted, at["second"].key) == (before, "from-there")
        assert ("tube", False) in at.followed
        assert ("second", True) in at.followed
        await at.outputs.start("extra", ANNA)
    async with AtWork(tmp_path, VARIABLE).on_air() as at:
        assert at.states()["extra"] == "live"
        assert at["extra"].wanted.segment == 60.0  # type: ignore[union-attr]
    async with AtWork(tmp_path, VARIABLE, kbps=800).on_air() as at:
        assert at.states()["tube"] == "live"  # as the channel file wants it otherwise than when it was removed


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ({"url": "rtmp://two.example.com/app", "key": SECRET}, SECRET),
        ({"url": f"rtmp://two.example.com/app/{SECRET}"}, SECRET),
        ({"url": f"rtmp://two.example.com/app/{SECRET}", "backup": f"rtmp://b/app/{SECRET}"}, SECRET),
    ],
)
async def test_a_key_that_was_typed_in_is_not_written_down_and_is_asked_for(
    tmp_path: Path, written: dict[str, str], key: str
) -> None:
    async with AtWork(tmp_path).on_air() as at:
        await at.outputs.add({"kind": "rtmp", "name": "second", **written}, ANNA)
    assert SECRET not in (tmp_path / "outputs.json").read_text()
    async with AtWork(tmp_path).on_air() as at:
        shown = next(each for each in at.outputs.listed() if each["name"] == "second")
        assert (shown["state"], at["second"].runs) == ("stopped", 0)
        assert "Give it its stream key again" in shown["error"]
        assert "Give it its stream key again" in (at.alarms["second/waits"] or "")
        with pytest.raises(NotDone, match="Give it its stream key again"):
            await at.outputs.start("second", ANNA)
        await at.outputs.change_key("second", key, "", ANNA)
        await until(lambda: at.states()["second"] == "live")
        assert (at["second"].wanted.url, at["second"].key) == ("rtmp://two.example.com/app", SECRET)  # type: ignore[union-attr]
        assert at.alarms["second/waits"] is None
        assert next(each for each in at.outputs.listed() if each["name"] == "second")["error"] is None


async def test_an_address_that_holds_a_key_is_not_written_down(tmp_path: Path) -> None:
    secret = "0123456789abcdef" * 4
    async with AtWork(tmp_path).on_air() as at:
        url = f"https://sfu.example.com/{secret}/publish"
        await at.outputs.add({"kind": "whip", "name": "sfu", "url": url, "watch": f"https://w/{secret}.flv"}, ANNA)
    assert secret not in (tmp_path / "outputs.json").read_text()
    async with AtWork(tmp_path).on_air() as at:
        assert "Remove it, and add it again" in at.outputs.status()[-1]["error"]
        for act in (at.outputs.start("sfu", ANNA), at.outputs.change_key("sfu", "k", "", ANNA)):
            with pytest.raises(NotDone, match="Remove it, and add it again"):
                await act
        await at.outputs.remove("sfu", ANNA)
        await at.outputs.add({"kind": "whip", "name": "sfu", "url": url}, ANNA)
        assert at.alarms["sfu/waits"] is None


async def test_a_key_that_was_changed_outlives_a_restart_by_the_name_of_its_variable(tmp_path: Path) -> None:
    async with AtWork(tmp_path, VARIABLE).on_air() as at:
        await at.outputs.change_key("tube", "", "STREAM_KEY_2", ANNA)
    async with AtWork(tmp_path, VARIABLE).on_air() as at:
        assert at["tube"].key == "from-there"
    async with AtWork(tmp_path).on_air() as at:  # where the variable is not set
        assert at.states() == {"tube": "stopped", "archive": "live"}
        assert "STREAM_KEY_2" in (at.alarms["tube/waits"] or "")
        await at.outputs.change_key("tube", "typed", "", ANNA)
        await until(lambda: at.states()["tube"] == "live")
    assert "typed" not in (tmp_path / "outputs.json").read_text()
    async with AtWork(tmp_path).on_air() as at:
        assert at.states()["tube"] == "stopped"


async def test_what_may_not_be_any_more_is_told_and_the_rest_comes(tmp_path: Path) -> None:
    async with AtWork(tmp_path, VARIABLE).on_air() as at:
        await at.outputs.add({**STREAM, "name": "second", "key_env": "STREAM_KEY_2"}, ANNA)
        await at.outputs.add({"kind": "file", "name": "extra"}, ANNA)
    at = AtWork(tmp_path, VARIABLE)
    at.outputs.requests.may_record = lambda: "she has not agreed to recordings"
    async with at.on_air():
        assert at.states() == {"tube": "live", "archive": "live", "second": "live"}
        assert "she has not agreed" in str(at.audited)
        assert not at.alarms


@pytest.mark.parametrize(
    "text",
    [
        "{", "[1]", '{"added": 7, "removed": [], "stopped": {}, "keys": 0}', '{"added": [1, {}, {"written": {}}]}',
        '{"added": [{"written": {"name": "x", "kind": "rtmp", "url": "file:///etc/passwd"}}], "stopped": [[], "y"]}',
        '{"keys": {"archive": "PATH", "nobody": ""}, "removed": {"tube": "0"}}',
    ],
)  # fmt: skip
async def test_a_file_that_nobody_of_ours_wrote_harms_no_output(tmp_path: Path, text: str) -> None:
    (tmp_path / "outputs.json").write_text(text)
    async with AtWork(tmp_path).on_air() as at:
        assert at.states() == {"tube": "live", "archive": "live"}
