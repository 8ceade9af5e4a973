"""What consoles are shown: plain values, in the trade's words, and without what changes with each frame."""

from typing import Any

from host_engine.console import snapshot
from host_engine.console.snapshot import Frames, Kept, Snapshots
from host_engine.timing import Timings

LINE = {"line": "tea/1", "text": "Hello.", "lane": "rundown", "segment": "tea", "product": "p", "entry": "tea/1"}
STATE: dict[str, Any] = {
    "frame": 12, "on_air": LINE, "next": {**LINE, "line": "tea/2", "ready": True}, "held": False, "muted": False,
    "scene": {"name": "studio", "since": 3, "by_hand": None}, "orders": [], "order_by_hand": False,
}  # fmt: skip


def test_what_is_on_air_does_not_change_with_the_frame():
    shown = snapshot.air(STATE)
    assert shown == snapshot.air({**STATE, "frame": 13})
    assert shown["next"]["line"] == "tea/2"
    assert snapshot.air({**STATE, "next": None})["next"] is None


def test_the_rundown_does_not_change_with_the_line_on_air():
    def segment(on_air: bool) -> dict[str, Any]:
        line = {"id": "tea/1", "text": "Hello.", "variants": 1, "scene": None, "on_air": on_air, "next": not on_air}
        facts = {"segment": "tea", "number": 0, "product": "p", "title": "Tea", "more": 0}
        return {**facts, "on_air": on_air, "lines": [line]}

    assert snapshot.rundown([segment(True)], 9) == snapshot.rundown([segment(False)], 9)


def test_a_section_that_fails_is_left_out_and_said_once(caplog):
    found: list[Any] = [ValueError("broken"), ValueError("broken"), 3]

    def sometimes() -> Any:
        value = found.pop(0)
        if isinstance(value, Exception):
            raise value
        return value

    snapshots = Snapshots({"a": lambda: 1, "b": sometimes})
    assert snapshots.take() == {"a": 1}
    assert snapshots.take() == {"a": 1}
    assert snapshots.take() == {"a": 1, "b": 3}
    assert len([each for each in caplog.records if "'b'" in each.getMessage()]) == 1


def test_what_takes_long_is_made_only_when_its_ground_changes():
    keys, made = ["x", "x", "y"], []
    kept = Kept(lambda: made.append(1) or len(made), lambda: keys.pop(0))
    assert [kept(), kept(), kept()] == [1, 1, 2]


def test_frames_are_told_once_with_their_work_and_lateness():
    timings = Timings(25)
    frames = Frames(timings, 25)
    for n in range(3):
        with timings.stage("draw"):
            pass
        timings.close(n, 0.002)
    told = frames()
    assert told["budget"] == 40.0
    assert [late for _, late in told["rows"]] == [2.0, 2.0, 2.0]
    assert told["late"] == 2.0
    assert frames()["rows"] == []


def test_a_held_show_tells_what_comes_when_it_goes_on():
    held = snapshot.air({**STATE, "next": None, "held": True, "waits": {**LINE, "text": "And then?"}})
    assert (held["next"], held["waits"]) == (None, "And then?")
    assert snapshot.air(STATE)["waits"] is None


def test_scenes_that_wait_for_a_camera_say_so():
    both = snapshot.scenes([{"name": "studio", "on_air": True}, {"name": "human-and-host", "camera": True}])
    assert both == [{"name": "studio", "camera": False}, {"name": "human-and-host", "camera": True}]
