"""The report on kept results: what is drawn, what is told, and that nothing in a results file can harm it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import skia
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from host_engine.bench.axis import Axis, said
from host_engine.bench.figures import bound, missed
from host_engine.bench.history import series
from host_engine.bench.page import spark
from host_engine.bench.points import short_machine, speeds
from host_engine.bench.published import CARDS, GFLOP
from host_engine.bench.rates import rates
from host_engine.bench.report import draw, write
from host_engine.bench.results import read
from host_engine.bench.roofline import roofline
from host_engine.bench.shapes import Label, Mark, Stroke
from host_engine.commands.bench import app

NOW = datetime(2026, 1, 2, 3, 4)
H200 = "16 x Xeon, NVIDIA H200"


def row(fps: float = 500.0, net: str = "musetalk+sd-vae", batch: int = 16, machine: str = H200, **more: object) -> dict:
    gflop = GFLOP.get(net, 1.0)
    return {
        "date": "2026-01-01T00:00:00+00:00",
        "commit": "abc",
        "machine": machine,
        "net": net,
        "dtype": "bfloat16",
        "batch": batch,
        "device": "cuda",
        "weights": "random",
        "fps": fps,
        "plain_fps": fps / 4,
        "tflops": fps * gflop / 1000,
        "gflop": gflop,
        "least_mb": 1800.0,
        "ceiling_tflops": 750.0,
        "ceiling_gb_s": 4000.0,
        **more,
    }


def kept(folder: Path, rows: list[dict | str], name: str = "bench_mouth") -> Path:
    lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def report(folder: Path) -> str:
    write(folder, folder / "report.html", NOW)
    return (folder / "report.html").read_text()


class Tags(HTMLParser):
    """Every tag and attribute of a page, and whether each tag that was opened is shut."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href") or name.startswith("on")]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


def test_the_page_needs_nothing_else_and_is_well_formed(tmp_path):
    text = report(kept(tmp_path, [row(), row(batch=32, fps=550.0), row(net="wav2lip-96", fps=9000.0)]))
    tags = Tags(text)
    assert tags.open == []
    assert tags.addresses == []
    assert not tags.seen & {"script", "link", "img", "iframe"}
    assert "svg" in tags.seen


def test_a_regression_is_marked_and_an_improvement_is_not(tmp_path):
    slower = report(kept(tmp_path, [row(500.0), row(400.0)]))
    assert re.search(r"<li class=worse>bench_mouth .*fps</code> went from 500 to 400", slower)
    assert "<details open>" in slower
    assert "-20% worse" in slower
    faster = report(kept(tmp_path, [row(500.0), row(600.0)]))
    assert "class=worse>bench" not in faster
    assert "<details open>" not in faster
    assert "+20% better" in faster
    little = report(kept(tmp_path, [row(500.0), row(460.0)]))
    assert "None is more than 15 % worse" in little


def test_only_what_was_measured_alike_is_compared(tmp_path):
    text = report(kept(tmp_path, [row(500.0), row(100.0, machine="2 x Xeon, no GPU"), row(100.0, dtype="float32")]))
    assert "None is more than 15 % worse" in text
    newer = report(kept(tmp_path, [row(500.0, torch="2.9", driver="550"), row(100.0, torch="2.13", driver="570")]))
    assert "went from 500 to 100" in newer


def test_whatever_a_row_says_is_escaped(tmp_path):
    evil = '<script>alert("1")</script>'
    rows = [row(machine=f"1 x {evil}, GPU {evil}", commit=evil, net=evil, note=evil, **{evil: 3.0})]
    text = report(kept(tmp_path, rows, name="bench_mouth"))
    tags = Tags(text)
    assert "script" not in tags.seen
    assert tags.open == []
    assert "&lt;script&gt;" in text


def test_broken_lines_are_told_by_file_and_line_and_the_file_stays(tmp_path):
    lines = [row(), "{nonsense", json.dumps([1, 2]), json.dumps({"machine": "m"}), row(510.0)]
    folder = kept(tmp_path, lines)
    before = (folder / "bench_mouth.jsonl").read_bytes()
    _, broken = write(folder, tmp_path / "report.html", NOW)
    assert [each.line for each in broken] == [2, 3, 4]
    assert str(broken[0]).endswith("bench_mouth.jsonl:2: not JSON; it is passed over")
    assert "no date" in str(broken[2])
    assert (folder / "bench_mouth.jsonl").read_bytes() == before
    assert list(folder.glob("*damaged*")) == []
    assert "2 measurements" in (tmp_path / "report.html").read_text()


@given(st.lists(st.one_of(st.binary(max_size=40), st.just(json.dumps(row()).encode())), max_size=6))
def test_no_file_makes_reading_fail(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("results")
    (folder / "bench_mouth.jsonl").write_bytes(b"\n".join(lines))
    found = read(folder)
    good = sum(line == json.dumps(row()).encode() for line in lines)
    assert len(found.rows.get("bench_mouth", [])) == good
    assert all(each.line >= 1 for each in found.broken)


def test_odd_numbers_harm_nothing(tmp_path):
    odd = [
        json.dumps(row()).replace("500.0", "NaN"),
        json.dumps(row()).replace("500.0", "Infinity"),
        row(0.0),
        row(-5.0),
        row(500.0, batch="sixteen"),
        row(500.0, ceiling_tflops=0.0),
        row(1e300, batch=8),
    ]
    text = report(kept(tmp_path, odd))
    assert Tags(text).open == []
    assert "nan" not in text.lower().split("<h2>history")[0]


def test_an_empty_folder_gives_a_page_that_says_so(tmp_path):
    text = report(tmp_path)
    assert "There are no results yet" in text
    assert "RTX 4090" in text  # what others have published stands there all the same
    with pytest.raises(OSError, match="is no folder"):
        write(tmp_path / "nowhere", tmp_path / "report.html", NOW)


def test_the_command_says_what_it_wrote_and_what_is_wrong(tmp_path):
    folder = kept(tmp_path, [row(), "broken"])
    done = CliRunner().invoke(app, ["report", str(folder), "-o", str(tmp_path / "out.html")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    assert "bench_mouth.jsonl:2" in done.output.replace("\n", "")
    bad = CliRunner().invoke(app, ["report", str(folder), "-o", str(tmp_path / "out.pdf")])
    assert bad.exit_code == 1
    assert "must end in .html" in bad.output
    nowhere = CliRunner().invoke(app, ["report", str(tmp_path / "nowhere"), "-o", str(tmp_path / "out.html")])
    assert nowhere.exit_code == 1
    assert "is no folder" in nowhere.output


def test_the_picture_shows_ink_on_paper(tmp_path):
    write(kept(tmp_path, [row(), row(batch=32, fps=550.0)]), tmp_path / "report.html", NOW)
    picture = skia.Image.open(str(tmp_path / "report.png")).toarray()[..., :3]
    assert picture.shape[1] == 1800
    paper = (picture > 250).all(-1).mean()
    assert 0.8 < paper < 0.99


@pytest.mark.parametrize("width", [900, 366])
def test_nothing_of_a_chart_lies_outside_its_sheet(width):
    machines = (H200, "2 x Intel(R) Xeon(R) Processor, no GPU")
    rows = [row(100.0 * batch, net, batch, name) for net in GFLOP for batch in (1, 4, 32) for name in machines]
    charts = [rates(speeds(rows), width), *(roofline(name, speeds(rows[::2]), width) for name in machines)]
    for chart in charts:
        for shape in chart.shapes:
            points = shape.points if isinstance(shape, Stroke) else (shape.at,)
            assert all(0 <= x <= chart.width and 0 <= y <= chart.height for x, y in points), shape
    narrow, wide = draw(speeds(rows))[0][::-1]
    assert narrow.width < 400 < wide.width


def test_a_dot_lies_where_its_arithmetic_is():
    (speed,) = speeds([row(500.0)])
    assert speed.tflops == pytest.approx(400, rel=0.001)
    assert speed.intensity == pytest.approx(800.01 * 16 * 1000 / 1800, rel=1e-6)
    chart = roofline(H200, [speed])
    (dot,) = [shape for shape in chart.shapes if isinstance(shape, Mark) and "500 frames" in shape.about]
    lines = [shape for shape in chart.shapes if isinstance(shape, Stroke) and shape.width > 2]
    (roof,) = lines
    assert dot.at[1] > min(y for _, y in roof.points)  # below the ceiling: down is more
    assert roof.points[-1][1] == roof.points[1][1]  # flat where the arithmetic limits


def test_the_floors_are_those_of_the_cards():
    h200, rtx = CARDS
    assert h200.floor("musetalk+sd-vae") == pytest.approx(987, rel=0.005)
    assert h200.floor("musetalk+taesd") == pytest.approx(3700, rel=0.005)
    assert rtx.floor("musetalk+sd-vae") == pytest.approx(206, rel=0.005)
    shown = [shape.text for shape in rates([]).shapes if isinstance(shape, Label)]
    assert "987" in shown
    assert "LiveTalking, RTX 4090 (published)" in shown


def test_the_last_row_of_each_kind_is_drawn():
    rows = [row(500.0), row(600.0, date="2026-02-01T00:00:00+00:00"), row(100.0, batch=1)]
    assert [(each.batch, each.fps) for each in speeds(rows)] == [(1, 100.0), (16, 600.0)]


def test_a_busy_machine_is_not_drawn_but_kept_in_the_history(tmp_path):
    rows = [row(500.0), row(50.0, batch=1, state="busy machine")]
    assert [each.fps for each in speeds(rows)] == [500.0]
    assert "state busy machine" in report(kept(tmp_path, rows))


def test_bounds_hold_for_the_rows_they_are_of():
    assert bound("bench_mouth", "fps", row()) == 400
    assert bound("bench_mouth", "fps", row(batch=8)) is None
    assert bound("bench_mouth", "fps", row(machine="2 x Xeon, no GPU", device="cpu")) is None
    assert bound("bench_mouth", "fps", row(machine="8 x AMD, NVIDIA GeForce RTX 4090", dtype="float16")) == 100
    assert missed("bench_mouth", "fps", 399.0, row())
    assert not missed("bench_mouth", "fps", 401.0, row())
    assert missed("frame", "draw_ms_p95", 13.0, {"machine": "any"})


def test_an_axis_is_logarithmic_and_holds_what_lies_outside():
    axis = Axis(1, 100, 0, 200)
    assert axis.at(10) == pytest.approx(100)
    assert axis.at(1e9) == pytest.approx(200)
    assert axis.at(1e-9) == pytest.approx(0)
    assert Axis(0.9, 1100, 0, 1).ticks() == pytest.approx([1, 10, 100, 1000])
    assert [said(value) for value in (4000, 987.4, 12.53, 0.084)] == ["4\u202f000", "987", "12.5", "0.084"]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30))
def test_a_small_line_stays_on_its_sheet(values):
    drawing = spark(values, marked=False)
    points = [
        point for shape in drawing.shapes for point in (shape.points if isinstance(shape, Stroke) else (shape.at,))
    ]
    assert np.array(points).min() >= 0
    assert max(x for x, _ in points) <= drawing.width
    assert max(y for _, y in points) <= drawing.height


def test_rows_are_grouped_by_what_they_were_measured_under():
    groups = series("x", [row(batch=1), row(batch=2), row(3.0, batch=1, commit="other")])
    assert [len(group.rows) for group in groups] == [2, 1]
    assert groups[0].values("fps") == [500.0, 3.0]


def test_a_machine_is_known_by_its_card_or_its_processor():
    assert short_machine("16 x Intel(R) Xeon(R) Platinum, NVIDIA H200") == "H200"
    assert short_machine("8 x AMD, NVIDIA GeForce RTX 4090") == "RTX 4090"
    assert short_machine("2 x Intel(R) Xeon(R) Processor, no GPU") == "2 x Intel Xeon"
