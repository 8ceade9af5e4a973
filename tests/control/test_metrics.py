"""What /metrics says, and that dashboard and alert rules name nothing else."""

import asyncio
import json
import re
from pathlib import Path
from types import SimpleNamespace

import av
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from host_engine.clock import MediaClock
from host_engine.control.gpu import Gpu, Gpus, read
from host_engine.control.profiler import Profiler
from host_engine.control.pulse import GARBAGE, LOOP, GcPauses, LoopLag
from host_engine.media import Unit
from host_engine.outputs.deliveries import Deliveries
from host_engine.outputs.fanout import Fanout
from host_engine.playout.prepared import Prepared, Step
from host_engine.timing import Timings
from host_engine.trace import Trace

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
OURS = re.compile(r"\b((?:host_engine|process)_[a-z_]+)\b")
SECOND = 1_000_000_000


class Channel:
    """A profiler with everything that it watches, and a status as the engine has it."""

    def __init__(self) -> None:
        self.timings, self.trace, self.clock = Timings(25), Trace(), MediaClock(25)
        self.deliveries = Deliveries(self.trace)
        self.fanout = Fanout(watch=self.deliveries)
        self.status = {
            "viewers": 3,
            "outputs": [{"name": "tube", "state": "live"}, {"name": "disk", "state": "waiting"}],
            "alarms": [{"name": "tube/behind"}],
            "jobs": [
                {"name": "air", "state": "running", "restarts": 0},
                {"name": "tube", "state": "waiting", "restarts": 4},
            ],
            "ladder": {"rung": 2},
            "operator": {
                "catalog": {"changed": 2},
                "commerce": {
                    "taken": {"price": 5, "order": 3},
                    "refused": {"401": 2, "400": 1, "415": 1},
                    **{"changes": 5, "merged": 1, "orders": 3, "thanks": 1, "coupons": 2, "last_event_s": 12.5},
                },
            },
        }
        self.profiler = Profiler(
            self.timings,
            self.trace,
            self.clock,
            lambda: self.status,
            deliveries=self.deliveries.of,
            cache=SimpleNamespace(hits=7, misses=2),
        )
        self.profiler._gpus.now = (Gpu("0 H200", 0.5, 2e9, 150e9),)

    def frame(self, n: int, late: float = 0.0, line: object = None) -> None:
        for name in ("pull", "draw", "encode", "send"):
            with self.timings.stage(name):
                pass
        self.timings.close(n, late, line)

    def text(self) -> str:
        return b"".join(self.profiler.metrics.page()).decode()

    def samples(self) -> dict[tuple, float]:
        """(name, labels) -> value, as Prometheus reads them."""
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(self.text())
            for sample in family.samples
        }


@pytest.fixture
async def channel() -> Channel:
    return Channel()


async def test_frames_are_counted_by_stage_and_lateness(channel):
    for n in range(10):
        channel.frame(n, late=0.015 if n == 3 else 0.001, line="a line" if n < 8 else None)
    found = channel.samples()
    assert found["host_engine_frames_total",] == 10
    assert found["host_engine_frames_late_total",] == 1
    assert found["host_engine_frames_idle_total",] == 2
    assert found["host_engine_frame_budget_seconds",] == 0.04
    assert found["host_engine_stage_seconds_count", "draw"] == 10
    assert found["host_engine_late_seconds_bucket", "0.01"] == 9
    assert found["host_engine_late_seconds_bucket", "+Inf"] == 10
    assert found["host_engine_late_seconds_sum",] == pytest.approx(0.024)


async def test_what_viewers_get_is_told_of_the_outputs_that_are_watched(channel):
    viewer = {"state": "watching", "delay_ms": 350.0, "av_ms": -20.0, "stops": 2}
    channel.status["outputs"][0]["viewer"] = viewer
    found = channel.samples()
    assert found["host_engine_watched", "tube"] == 1
    assert found["host_engine_watched_delay_seconds", "tube"] == pytest.approx(0.35)
    assert found["host_engine_watched_av_seconds", "tube"] == pytest.approx(-0.02)
    assert found["host_engine_watched_stops_total", "tube"] == 2
    assert ("host_engine_watched", "disk") not in found
    channel.status["outputs"][0]["viewer"] = {"state": "connecting", "error": "it answers 404"}
    found = channel.samples()
    assert found["host_engine_watched", "tube"] == 0
    assert ("host_engine_watched_delay_seconds", "tube") not in found
    del channel.status["outputs"][0]["viewer"]
    assert not any(name.startswith("host_engine_watched") for name, *_ in channel.samples())


async def test_outputs_are_counted_over_their_sessions(channel):
    for _ in range(2):
        with channel.fanout.reader("tube") as reader:
            channel.fanout.send(Unit(0, av.Packet(bytes(100)), (), (), key=True))
            reader.left(await reader.get())
    found = channel.samples()
    assert found["host_engine_output_live", "tube"] == 1
    assert found["host_engine_output_live", "disk"] == 0
    assert found["host_engine_output_bytes_total", "tube"] == 200
    assert found["host_engine_output_reconnects_total", "tube"] == 1
    assert found["host_engine_output_units_total", "disk"] == 0
    assert found["host_engine_output_seconds_count", "tube"] == 2


async def test_viewers_are_no_labels(channel):
    before = len(channel.samples())
    for k in range(50):
        with channel.fanout.reader(f"viewer {k}"):
            pass
    first = len(channel.samples())
    for k in range(50):
        with channel.fanout.reader(f"viewer {1000 + k}"):
            pass
    assert before < first == len(channel.samples())
    assert "viewer 1" not in channel.text()


async def test_cues_are_counted(channel):
    cues = channel.profiler.cues
    steps = (Step("voice", 0, SECOND // 2, "prepare_0"), Step("mouth", SECOND // 2, SECOND, "prepare_0"))
    cues.made(Prepared(None, 0, 2 * SECOND, steps, seconds=4.0))
    cues.made(Prepared(None, 0, 2 * SECOND, (), error="no voice"))
    found = channel.samples()
    assert found["host_engine_cue_voice_seconds_sum",] == 0.5
    assert found["host_engine_cue_ready_seconds_sum",] == 2
    assert found["host_engine_cue_real_time_factor_sum",] == 0.25
    assert found["host_engine_cue_failures_total",] == 1
    assert (found["host_engine_speech_cache_hits_total",], found["host_engine_speech_cache_misses_total",]) == (7, 2)


async def test_alarms_jobs_and_the_ladder_are_told(channel):
    found = channel.samples()
    assert found["host_engine_alarm", "tube/behind"] == 1
    assert found["host_engine_job_restarts_total", "tube"] == 4
    assert (found["host_engine_job_running", "air"], found["host_engine_job_running", "tube"]) == (1, 0)
    assert found["host_engine_ladder_rung",] == 2
    channel.status["alarms"] = []
    assert channel.samples()["host_engine_alarm", "tube/behind"] == 0


async def test_every_metric_has_a_help_text_and_a_unit(channel):
    for family in text_string_to_metric_families(channel.text()):
        assert len(family.documentation) > 10, family.name
        if family.type == "histogram":
            assert family.name.endswith(("_seconds", "_factor")), family.name


def named(expression: str) -> set[str]:
    return set(OURS.findall(re.sub(r'"[^"]*"', "", expression)))


def dashboard() -> list[tuple[str, str, str]]:
    """(title, expression, legend) of everything that the dashboard asks."""
    found = json.loads((DEPLOY / "grafana" / "host-engine.json").read_text())
    asked = [(p["title"], t["expr"], t["legendFormat"]) for p in found["panels"] for t in p.get("targets", ())]
    asked += [(v["name"], v["definition"], "") for v in found["templating"]["list"] if "definition" in v]
    return asked + [(a["name"], a["expr"], "") for a in found["annotations"]["list"]]


def rules() -> list[tuple[str, str, str]]:
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
    return [
        (rule["alert"], rule["expr"], " ".join(rule["annotations"].values()))
        for group in groups
        for rule in group["rules"]
    ]


async def exposed() -> dict[str, set[str]]:
    """Every sample's name, and its labels."""
    channel = Channel()
    channel.frame(0)
    with channel.fanout.reader("tube"):
        families = list(text_string_to_metric_families(channel.text()))
    found: dict[str, set[str]] = {}
    for family in families:
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


async def test_dashboard_and_rules_ask_for_what_there_is():
    there = await exposed()
    asked = dashboard() + rules()
    assert len(asked) > 50
    for title, expression, text in asked:
        names = named(expression)
        assert names <= set(there), f"{title} asks for {names - set(there)}"
        labels = {"instance", "job"}.union(*(there[name] for name in names))
        used = set(re.findall(r"{{\s*(?:\$labels\.)?(\w+)\s*}}", text)) | set(re.findall(r"(\w+)=~?\"", expression))
        for by in re.findall(r"(?:by|on) \(([^)]*)\)", expression):
            used |= set(by.replace(" ", "").split(","))
        assert used <= labels, f"{title} uses the labels {used - labels}"


async def test_the_dashboard_shows_everything_that_there_is():
    """Counted by families: a histogram is shown where one of its samples is."""
    shown = set().union(*(named(expression) for _, expression, _ in dashboard()))
    ours = {
        re.sub(r"_(bucket|count|sum|created)$", "", name) for name in await exposed() if name.startswith("host_engine")
    }
    assert ours == {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown if name.startswith("host_engine")}


def test_prometheus_reads_the_rules_beside_its_file():
    settings = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
    assert [(DEPLOY / file).is_file() for file in settings["rule_files"]] == [True]
    assert settings["scrape_configs"][0]["job_name"] == "host-engine"


async def test_a_loop_that_is_held_up_is_measured():
    trace = Trace()
    lag = LoopLag(trace)
    watching = asyncio.create_task(lag.run())
    await asyncio.sleep(0)
    busy = sum(k * k for k in range(2_000_000))  # the loop can do nothing meanwhile
    while not lag.late.count:
        await asyncio.sleep(0.01)
    watching.cancel()
    assert busy
    (span,) = [each for each in trace.since(0) if each.track == LOOP][:1]
    assert span.detail["loop_cpu_ms"] > 0
    assert lag.processor(span.start, span.end) > 0
    assert lag.processor(0, 1) is None


def test_garbage_collections_are_measured():
    import gc

    trace = Trace()
    pauses = GcPauses(trace)
    with pauses.watched():
        rubbish = [[] for _ in range(300_000)]
        for each in rubbish:
            each.append(each)
        del rubbish, each
        gc.collect()
    gc.collect()
    assert sum(tally.count for tally in pauses.pauses.values()) >= 1
    assert pauses.pauses["2"].sum > 0
    assert any(span.track == GARBAGE for span in trace.since(0))
    assert pauses._told not in gc.callbacks


ANSWER = "0, NVIDIA H200, 37, 1024, 143771\n1, NVIDIA A2, [N/A], 5, 15356\nnonsense\n"


def test_what_nvidia_smi_says_is_read():
    assert read(ANSWER) == (
        Gpu("0 NVIDIA H200", 0.37, 1024 * 2**20, 143771 * 2**20),
        Gpu("1 NVIDIA A2", 0.0, 5 * 2**20, 15356 * 2**20),
    )


async def test_gpus_are_looked_at_where_there_are_any(tmp_path, caplog):
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\nprintf '{ANSWER}'\n")
    program.chmod(0o755)
    gpus = Gpus(str(program))
    looking = asyncio.create_task(gpus.run())
    async with asyncio.timeout(10):
        while not gpus.now:
            await asyncio.sleep(0.01)
    looking.cancel()
    assert gpus.now[0].busy == 0.37
    await Gpus(str(tmp_path / "nothing")).run()
    assert "no figures of the GPU" in caplog.text


async def test_what_the_shop_tells_is_counted(channel: Channel) -> None:
    found = channel.samples()
    assert found["host_engine_commerce_events_total", "price"] == 5
    assert found["host_engine_commerce_refused_total", "signature"] == 2
    assert found["host_engine_commerce_refused_total", "unreadable"] == 2
    for name, value in (
        ("products_changed", 2), ("commerce_changes_total", 5), ("commerce_orders_total", 3),
        ("commerce_thanks_total", 1), ("commerce_coupons", 2), ("commerce_last_event_age_seconds", 12.5),
    ):  # fmt: skip
        assert found[f"host_engine_{name}",] == value
    channel.status["operator"]["commerce"]["last_event_s"] = None
    assert ("host_engine_commerce_last_event_age_seconds",) not in channel.samples()
    channel.status["operator"] = {"commerce": {}}
    assert not any("commerce" in name for name, *_ in channel.samples())
