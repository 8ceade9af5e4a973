"""The lips of a live voice: in time with the sound that is heard, however unevenly it comes."""

from __future__ import annotations

import numpy as np
from operator_browser import RATE, audio_frame

from host_engine.host.mouth import LEAD
from host_engine.host.mouths.heard import COLUMNS, LEVEL
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.media import REST
from host_engine.takeover.intake import Intake
from host_engine.takeover.lips import KEPT, Lips
from host_engine.takeover.spool import Spool

SIZE = 1920


def test_a_live_voice_moves_the_lips_as_a_prepared_one_does() -> None:
    speech = EspeakVoice("en-us+f5").speak("Have a look at the back of the box, my friends, and buy it today.")
    meant = np.array([face.mouth.open for face in ViseMouth().faces(speech, 25)])
    loud = speech.samples * np.float32(0.2 / np.abs(speech.samples).max())
    sound = np.concatenate([np.zeros(RATE // 2, np.float32), loud, np.zeros(RATE, np.float32)])
    intake, spool, lips = Intake(), Spool(SIZE), Lips(25)
    opening, starts, aired = [], [], []
    for k in range(len(sound) // 960):
        heard = intake(audio_frame(sound[k * 960 : (k + 1) * 960], k * 960))
        spool.push(heard.samples)
        lips.push(heard.lips)
        if k % 2 and (spool.ready or starts):
            aired.append(spool.pull())
            opening.append(lips.face(spool.began).mouth.open)
            starts.append(spool.began)
    assert spool.dry == 0
    middles = (np.array(starts) + SIZE / 2) / RATE - 0.5  # of the sound, from where speech begins
    at = np.interp(middles, (np.arange(len(meant)) + 0.5) / 25, meant)
    alike = {k: np.corrcoef(np.roll(opening, -k)[13:-25], at[13:-25])[0, 1] for k in range(-4, 5)}
    assert max(alike, key=lambda k: alike[k]) in (0, 1)  # a frame later at most, of a lead of `LEAD`
    assert alike[0] > 0.5
    assert 0.04 < LEAD < 0.05
    assert max(opening[-10:]) < 0.05  # silence shuts them
    assert np.abs(np.concatenate(aired)).max() <= 1


def test_before_anything_is_heard_the_mouth_rests_and_memory_is_bounded() -> None:
    lips = Lips(25)
    assert lips.face(0).mouth == REST
    assert lips.level == -100
    for _ in range(100):
        lips.push(np.full((10, COLUMNS), -20 * (np.arange(COLUMNS) == LEVEL), np.float32))
        lips.face(0)
    assert len(lips._heard) == KEPT
    assert lips.face(480 * 990).speaking
    assert lips.face(480 * 10_000).mouth is not None  # far ahead of what was heard
