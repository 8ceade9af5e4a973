"""One line a second that says why frames were late; one in ten seconds when they are late all the time."""

from types import SimpleNamespace

from host_engine.control.explain import Explainer, Scene, stood_still
from host_engine.control.pulse import GARBAGE, LOOP
from host_engine.timing import Timings
from host_engine.trace import Trace

MS = 1_000_000
USUAL = {"pull": 0.2, "draw": 7.0, "encode": 8.0, "send": 0.2}


class Show:
    """Frames at 25 a second, by a clock of its own that starts at one second."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.timings, self.trace, self.scene = Timings(25), Trace(), Scene("studio", 0)
        self.timings.hooks.append(
            Explainer(self.timings, self.trace, lambda: self.scene, lambda *_: self.got, self.said.append).see
        )
        self.got: float | None = None
        self.n, self.line = 0, SimpleNamespace(id="tea/1")

    def at(self, n: int) -> int:
        """When frame n is due."""
        return (1000 + 40 * n) * MS

    def frame(self, late: float = 0.0, **stages: float) -> None:
        now = self.at(self.n) + int(late * MS)
        for name, took in (USUAL | stages).items():
            self.timings._marks.append((name, now, now + int(took * MS), 1))
            now += int(took * MS)
        self.timings.close(self.n, late / 1000, self.line)
        self.n += 1

    def calm(self, frames: int) -> None:
        for _ in range(frames):
            self.frame()


def test_a_slow_stage_is_named_with_its_median():
    show = Show()
    show.calm(100)
    show.frame(draw=50.0)
    show.frame(late=18.4)
    show.calm(30)
    assert show.said == ["frame 101 was 18 ms late: draw took 50 ms (usually 7); 1 more in this second"]


def test_a_calm_show_says_nothing():
    show = Show()
    for _ in range(1000):
        show.frame(late=9.0, encode=30.0)
    assert show.said == []


def test_what_came_on_air_is_said():
    show = Show()
    show.calm(50)
    show.scene = Scene("product-close-up", 50)
    show.frame(draw=45.0)
    show.calm(40)
    show.line = SimpleNamespace(id="tea/2")
    show.frame(draw=45.0)
    show.calm(40)
    assert show.said == [
        "frame 50 took 53 ms of its 40: draw took 45 ms (usually 7); first picture of product-close-up",
        "frame 91 took 53 ms of its 40: draw took 45 ms (usually 7); line tea/2 came on air",
    ]


def test_pauses_around_the_frame_are_said_and_others_are_not():
    show = Show()
    show.calm(50)
    show.trace.span(GARBAGE, "generation 2", show.at(10), show.at(10) + 90 * MS)
    show.trace.span(GARBAGE, "generation 2", show.at(50), show.at(50) + 25 * MS)
    show.trace.span(LOOP, "late", show.at(50), show.at(50) + 25 * MS, loop_cpu_ms=24.0, process_cpu_ms=24.0)
    show.frame(late=25.0)
    show.calm(30)
    (said,) = show.said
    assert said.endswith("garbage collection took 25 ms; the event loop itself was busy for 25 ms")


def test_a_process_that_was_stopped_is_told_from_one_that_was_busy():
    assert "the process was stopped" in stood_still(300, loop_cpu=1, process_cpu=4)
    assert "itself was busy" in stood_still(300, loop_cpu=280, process_cpu=300)
    assert "other threads" in stood_still(300, loop_cpu=10, process_cpu=290)


def test_a_delay_that_nothing_explains_is_called_so():
    show = Show()
    show.calm(50)
    show.frame(late=90.0, encode=30.0)
    show.calm(30)
    (said,) = show.said
    assert said == "frame 50 was 90 ms late: encode took 30 ms (usually 8); what else held it up is not in this process"


def test_stages_without_a_processor_are_told_from_slow_ones():
    show = Show()
    show.calm(50)
    show.got = 40.0
    show.frame(draw=85.0)
    show.calm(30)
    (said,) = show.said
    assert "109 ms of stages got 40 ms of processor: others used it" in said  # those of the frame before, too
    show.got = 100.0
    show.frame(draw=85.0)
    show.calm(30)
    assert "of processor" not in show.said[-1]


def test_frames_that_were_left_out_are_counted():
    show = Show()
    show.calm(50)
    show.n += 12
    show.frame(late=5.0)
    show.calm(30)
    (said,) = show.said
    assert said.startswith("frame 62 came after 12 frames had to be left out: nothing in this process")


def test_one_line_a_second_and_one_in_ten_under_constant_overload():
    show = Show()
    show.calm(100)
    for _ in range(25 * 60):
        show.frame(late=30.0, encode=35.0)
    assert 6 <= len(show.said) <= 9
    assert show.said[0].startswith("frame 10")
    assert "24 more in this second" in show.said[0]
    assert show.said[-1].startswith("250 frames in 10 s were late or over budget, by up to 30 ms")
    assert "encode 35" in show.said[-1]
    show.calm(100)
    show.frame(draw=60.0)
    show.calm(30)
    assert show.said[-1].startswith("frame 17")


def test_the_lines_are_in_the_trace():
    show = Show()
    show.calm(50)
    show.frame(draw=50.0)
    show.calm(30)
    (span,) = show.trace.since(0)
    assert (span.name, span.start, span.track) == (show.said[0], show.at(50), "explained")
