"""Scripted: the loudness of each window is how likely it is that somebody speaks."""

import numpy as np
import pytest

from host_engine.audience.ears.utterances import RATE, WINDOW, Utterances


def loud(windows):
    return np.abs(windows).max(axis=1)


def of(*parts):
    """Samples of (seconds, probability) one after another."""
    return np.concatenate([np.full(round(seconds * RATE), p, np.float32) for seconds, p in parts])


def test_an_utterance_ends_after_a_pause():
    ears = Utterances(loud)
    (said,) = ears.feed(of((1, 0.1), (2, 0.9), (1, 0.1)))
    assert said.ended == "pause"
    assert said.spoken == pytest.approx(2, abs=0.1)
    assert 2.2 <= len(said.samples) / RATE <= 2.6
    assert not ears.talking


def test_it_ends_about_400_ms_after_the_last_word():
    ears = Utterances(loud)
    assert ears.feed(of((2, 0.9), (0.35, 0.1))) == []
    assert len(ears.feed(of((0.1, 0.1)))) == 1


def test_who_has_said_one_word_only_may_think_a_little_longer():
    ears = Utterances(loud)
    assert ears.feed(of((0.5, 0.9), (0.5, 0.1))) == []
    assert len(ears.feed(of((0.2, 0.1)))) == 1


def test_a_breath_ends_nothing():
    ears = Utterances(loud)
    (said,) = ears.feed(of((1, 0.9), (0.25, 0.1), (1, 0.9), (0.6, 0.1)))
    assert said.spoken == pytest.approx(2, abs=0.15)


def test_two_questions_are_two():
    assert len(Utterances(loud).feed(of((1, 0.9), (1, 0.0), (1, 0.9), (1, 0.0)))) == 2


def test_letting_go_of_the_button_ends_it_at_once_and_loses_nothing():
    ears = Utterances(loud)
    assert ears.feed(of((1.01, 0.9))) == []
    said = ears.release()
    assert said.ended == "release"
    assert len(said.samples) == round(1.01 * RATE)
    assert ears.release() is None


def test_a_click_is_nothing():
    ears = Utterances(loud)
    assert ears.feed(of((0.512, 0.1), (0.03, 0.9), (1, 0.1))) == []
    assert ears.feed(of((0.12, 0.9), (1, 0.1))) == []
    assert ears.dropped == 1
    assert ears.release() is None


def test_a_microphone_that_never_stops_is_cut_and_then_waits_for_a_pause():
    ears = Utterances(loud, longest=3)
    (said,) = ears.feed(of((60, 0.9)))
    assert said.ended == "longest"
    assert len(said.samples) / RATE == pytest.approx(3, abs=0.05)
    assert ears.feed(of((1, 0.1))) == []
    assert len(ears.feed(of((1, 0.9), (1, 0.1)))) == 1


def test_a_button_held_for_ever_and_let_go_begins_anew():
    ears = Utterances(loud, longest=3)
    assert len(ears.feed(of((10, 0.9)))) == 1
    assert ears.release() is None
    assert ears.feed(of((1, 0.9))) == []
    assert ears.release() is not None


def test_what_a_browser_does_not_send_is_silence():
    ears = Utterances(loud)
    assert ears.feed(of((2, 0.9))) == []
    assert ears.gap(0.2) == []
    assert len(ears.gap(0.3)) == 1


def test_chunks_of_any_length_give_the_same():
    heard = of((0.4, 0.1), (1.3, 0.9), (0.7, 0.1))
    whole = Utterances(loud).feed(heard)
    for size in (1, 160, 320, 960, 5000):
        ears = Utterances(loud)
        parts = [each for at in range(0, len(heard), size) for each in ears.feed(heard[at : at + size])]
        assert [len(each.samples) for each in parts] == [len(each.samples) for each in whole]
        if size == 1:
            break_even = len(heard) % WINDOW
            assert break_even == len(ears._rest)


def test_soft_speech_goes_on_but_does_not_begin():
    assert Utterances(loud).feed(of((2, 0.4), (1, 0.1))) == []
    (said,) = Utterances(loud).feed(of((1, 0.9), (1, 0.4), (0.6, 0.1)))
    assert len(said.samples) / RATE > 2
