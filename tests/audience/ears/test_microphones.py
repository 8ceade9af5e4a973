import queue
import time

import numpy as np
import pytest
from spoken import RATE, speaker

from host_engine.audience.ears.microphones import Microphones, Taken


def loud(windows):
    return np.abs(windows).max(axis=1)


@pytest.fixture
def house():
    made = []

    def make(**about):
        made.append(Microphones(**{"detector": lambda: loud, "clock": lambda: 0.0, **about}))
        return made[-1]

    yield make
    for each in made:
        each.close()


def speech(seconds, p=0.9):
    return np.full(round(seconds * RATE), p, np.float32)


def test_each_microphone_is_told_what_it_heard(house):
    said: queue.SimpleQueue = queue.SimpleQueue()
    microphones = house()
    ana = microphones.new(lambda each: said.put(("ana", each)))
    ben = microphones.new(lambda each: said.put(("ben", each)))
    ana.feed(speech(1))
    ben.feed(speech(0.5))
    ben.release()
    ana.feed(speech(1, 0.0))
    found = dict(said.get(timeout=20) for _ in range(2))
    assert found["ben"].ended == "release"
    assert found["ana"].ended == "pause"


def test_a_line_that_falls_silent_without_a_word_ends_the_utterance(house):
    said: queue.SimpleQueue = queue.SimpleQueue()
    one = house(clock=time.monotonic).new(said.put)
    one.feed(speech(1.5))  # and then nothing: browsers may send nothing in a pause
    assert said.get(timeout=20).ended == "pause"


def test_only_so_many_may_speak_at_once(house):
    microphones = house(most=1)
    first = microphones.new(lambda each: None)
    with pytest.raises(Taken, match="try again"):
        microphones.new(lambda each: None)
    first.close()
    microphones.new(lambda each: None)
    assert microphones.open == 1


def test_what_comes_faster_than_it_is_heard_is_dropped_and_counted(house):
    one = house().new(lambda each: None)
    one.feed(speech(6))
    assert one.dropped == 6 * RATE


def test_a_fault_closes_one_microphone_only(house):
    def broken(windows):
        raise RuntimeError("broken")

    faults = iter([broken, loud])
    said: queue.SimpleQueue = queue.SimpleQueue()
    microphones = house(detector=lambda: next(faults))
    bad, good = microphones.new(said.put), microphones.new(said.put)
    bad.feed(speech(1))
    good.feed(speech(1))
    good.release()
    assert said.get(timeout=20).ended == "release"
    assert not bad.open
    assert good.open


def test_a_closed_microphone_tells_nothing(house):
    said: queue.SimpleQueue = queue.SimpleQueue()
    microphones = house()
    shut, other = microphones.new(lambda each: said.put("shut")), microphones.new(lambda each: said.put("other"))
    shut.feed(speech(1))
    shut.close()
    shut.release()
    other.feed(speech(1))
    other.release()
    assert said.get(timeout=20) == "other"
    assert said.empty()


def test_the_real_detector_hears_speech_and_no_noise(house):
    say = speaker()
    said: queue.SimpleQueue = queue.SimpleQueue()
    from host_engine.audience.ears.silero import Silero

    one = house(detector=Silero).new(said.put)
    noise = np.random.default_rng(0).normal(0, 0.01, RATE).astype(np.float32)
    question = say("How much is the green tea from Japan?")
    for samples in (noise[: RATE // 2], question, noise):
        for at in range(0, len(samples), 320):
            one.feed(samples[at : at + 320])
    heard = said.get(timeout=30)
    assert heard.ended == "pause"
    assert heard.spoken == pytest.approx(len(question) / RATE - 0.5, abs=0.6)
    assert said.empty()
