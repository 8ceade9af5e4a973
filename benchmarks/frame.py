"""CPU of one frame at 720x1280: drawn, mixed, encoded; and what x264 alone takes for the same pictures."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.kept import keep, spread
from benchmarks.lines import first_beats, studio
from host_engine.media import Frame

FRAMES = 750


def run() -> None:
    made = studio()
    program = made.program
    taken: dict[str, list[float]] = {"draw": [], "mix_encode": [], "x264": []}
    alone = made.program.make_encoder()
    silent = np.zeros((2, made.preparation.format.samples), np.float32)
    try:
        for n, beat in enumerate(first_beats(made, FRAMES)):
            a = time.process_time()
            picture = program.picture.draw(n, beat)
            b = time.process_time()
            program.encoder.encode(Frame(n, picture, program.sound.mix(beat.samples)))
            c = time.process_time()
            alone.encode(Frame(n, picture, silent))
            d = time.process_time()
            for name, seconds in (("draw", b - a), ("mix_encode", c - b), ("x264", d - c)):
                taken[name].append(seconds * 1000)
    finally:
        made.close()
    whole = np.add(taken["draw"], taken["mix_encode"])
    figures = spread(taken["draw"], "draw_ms") | spread(taken["x264"], "x264_ms") | spread(list(whole), "frame_ms")
    keep("frame", figures | {"frame_to_x264": whole.mean() / np.mean(taken["x264"])}, frames=FRAMES)


if __name__ == "__main__":
    run()
