"""The trace is what Perfetto takes: every arrow joins two boxes, no box crosses another, time runs forwards."""

import asyncio
import json
from collections import defaultdict
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.control.trace_file import Slice, nested, trace_file
from host_engine.playout.prepared import Making, Prepared
from host_engine.timing import Timings
from host_engine.trace import Trace


class Channel:
    """Some frames of a show with two lines, two outputs, and one late frame; made in a moment, as a channel would."""

    def __init__(self, frames: int = 40) -> None:
        self.timings, self.trace, self.cues = Timings(25), Trace(), []
        for k in range(2):
            line = SimpleNamespace(id=f"tea/{k}", text="The tea is warm.", segment="tea")
            making = Making(line, self.cues.append)
            for step in ("voice", "mouth"):
                with making.step(step):
                    pass
            making.ready(2.0)
            for n in range(k * frames // 2, (k + 1) * frames // 2):
                self.frame(n, line, late=0.05 if n == 7 else 0.001)
        Making(SimpleNamespace(id="tea/bad", text="", segment="tea"), self.cues.append).failed(RuntimeError("no voice"))

    def frame(self, n: int, line: object, late: float) -> None:
        for name in ("pull", "draw", "encode"):
            with self.timings.stage(name):
                pass
        with self.timings.stage("send"):
            pass
        self.timings.close(n, late, line)
        for output in ("archive", "tube"):
            with self.trace.timed("send", f"outputs/{output}"):
                pass
            kept = self.trace._spans.pop()
            self.trace._spans.append((*kept[:4], n, {}))
        with self.trace.timed("draw_card"):
            pass

    def events(self, seconds: float = 60) -> list[dict]:
        return json.loads(b"".join(trace_file(self.timings, self.trace, self.cues, seconds)))["traceEvents"]


def boxes(events: list[dict]) -> dict[tuple, list[dict]]:
    """The boxes by track, in the order of the file."""
    found = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            found[event["pid"], event["tid"]].append(event)
    return found


def enclosing(events: list[dict], at: dict) -> dict:
    """The innermost box that an end of an arrow lies in."""
    around = [e for e in boxes(events)[at["pid"], at["tid"]] if e["ts"] <= at["ts"] < e["ts"] + e["dur"]]
    assert around, f"{at} lies in no box"
    return min(around, key=lambda each: each["dur"])


def check(events: list[dict]) -> None:
    """What the format asks for, and what Perfetto draws wrongly or leaves out when it is missing."""
    named = {(e["pid"], e["tid"]) for e in events if e["ph"] == "M" and e["name"] == "thread_name"}
    groups = {e["pid"] for e in events if e["ph"] == "M" and e["name"] == "process_name"}
    assert {e["ph"] for e in events} <= set("XMsfiC")
    for event in events:
        assert isinstance(event["pid"], int)
        assert event["pid"] in groups
        if event["ph"] == "M":
            continue
        assert event["ts"] >= 0
        assert event["name"]
        if event["ph"] != "C":
            assert (event["pid"], event["tid"]) in named
    for track in boxes(events).values():
        ends: list[int] = []
        for before, event in zip([None, *track], track, strict=False):
            assert before is None or before["ts"] <= event["ts"], "time runs backwards on a track"
            start, end = (round(1000 * us) for us in (event["ts"], event["ts"] + event["dur"]))
            assert end > start
            while ends and ends[-1] <= start:
                ends.pop()
            assert not ends or end <= ends[-1], "a box crosses the end of another"
            ends.append(end)
    arrows = defaultdict(dict)
    for event in events:
        if event["ph"] in "sf":
            assert event["ph"] not in arrows[event["id"]]
            arrows[event["id"]][event["ph"]] = event
            enclosing(events, event)
    for arrow in arrows.values():
        assert arrow["s"]["ts"] <= arrow["f"]["ts"]
        assert arrow["f"]["bp"] == "e"


def led(events: list[dict]) -> set[tuple[str, str]]:
    """The names of the boxes that arrows join."""
    ends = defaultdict(dict)
    for event in events:
        if event["ph"] in "sf":
            ends[event["id"]][event["ph"]] = enclosing(events, event)["name"]
    return {(each["s"], each["f"]) for each in ends.values()}


def test_the_file_is_as_the_format_wants_it():
    check(Channel().events())


def test_arrows_lead_from_line_to_cue_to_frame_to_output():
    events = Channel().events()
    joined = led(events)
    assert {("tea/1", "voice"), ("voice", "mouth"), ("mouth", "frame 20"), ("frame 20", "send")} <= joined
    assert {("send", f"send {n}") for n in range(40)} <= joined
    assert sum(1 for e in events if e["ph"] == "s") == 2 * 2 + 2 * 1 + 40 * 2


def test_there_is_a_track_for_each_stage_thread_and_output():
    events = Channel().events()
    groups = {e["pid"]: e["args"]["name"] for e in events if e["name"] == "process_name"}
    tracks = {(groups[e["pid"]], e["args"]["name"]) for e in events if e["name"] == "thread_name"}
    assert {("stages", name) for name in ("pull", "draw", "encode", "send")} <= tracks
    assert {("threads", "MainThread"), ("outputs", "archive"), ("outputs", "tube"), ("frames", "on air")} <= tracks
    on_air = [e["name"] for e in events if e["ph"] == "X" and e["cat"] == "on air"]
    assert on_air == ["tea/0", "tea/1"]
    assert [e["args"]["error"] for e in events if e["name"] == "tea/bad"] == ["no voice"]


def test_a_late_frame_is_marked():
    events = Channel().events()
    (mark,) = [e for e in events if e["ph"] == "i"]
    assert (mark["name"], mark["cat"]) == ("LATE 50 ms", "late")
    (frame,) = [e for e in events if e["name"] == "frame 7" and e["cat"] == "late"]
    assert frame["cname"]
    assert frame["args"]["late_ms"] == pytest.approx(50)
    assert frame["ts"] == mark["ts"]


def test_a_jump_of_the_clock_is_marked():
    channel = Channel()
    channel.frame(52, None, late=0.001)
    events = channel.events()
    check(events)
    assert [e["name"] for e in events if e["ph"] == "i"] == ["LATE 50 ms", "12 FRAMES LEFT OUT"]
    (box,) = [e for e in events if e["name"] == "12 frames left out"]
    (after,) = [e for e in events if e["name"] == "frame 52" and e["cat"] == "late"]
    assert box["ts"] + box["dur"] == pytest.approx(after["ts"])


def test_an_empty_channel_gives_an_empty_trace():
    assert json.loads(b"".join(trace_file(Timings(25), Trace(), [], 10)))["traceEvents"] == []


def test_only_the_last_seconds_are_given():
    channel = Channel()
    assert channel.events(seconds=1e-9) == []


async def test_cues_are_timed_by_steps():
    told: list[Prepared] = []
    making = Making(SimpleNamespace(id="a"), told.append)
    with pytest.raises(RuntimeError), making.step("voice"):
        raise RuntimeError

    def mouth():
        with making.step("mouth"):
            pass

    await asyncio.to_thread(mouth)
    making.failed(RuntimeError())
    (prepared,) = told
    assert ([step.name for step in prepared.steps], prepared.error) == (["voice", "mouth"], "RuntimeError")
    assert prepared.steps[0].thread == "MainThread" != prepared.steps[1].thread
    assert prepared.asked <= prepared.steps[0].start <= prepared.steps[0].end <= prepared.done


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 30))))
def test_whatever_spans_a_track_is_given_no_box_crosses_another(spans):
    drawn = [after for _, after in nested([Slice("g", "t", "x", start, start + took) for start, took in spans])]
    assert len(drawn) == len(spans)
    for each in drawn:
        assert each.end > each.start
        for other in drawn:
            apart = each.end <= other.start or other.end <= each.start
            inside = each.start >= other.start and each.end <= other.end
            assert apart or inside or (other.start >= each.start and other.end <= each.end)
