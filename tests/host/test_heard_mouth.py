"""The mouth that listens: from sound alone to lips, as well as on air: piece by piece, and never ahead of the sound."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.host.mouth import LEAD, Mouth
from host_engine.host.mouths import heard as listening
from host_engine.host.mouths.chain import checked
from host_engine.host.mouths.heard import COLUMNS, LEVEL, SHUT, Ear, HeardMouth, mouth
from host_engine.host.mouths.heard_bands import BANDS, HOP, RATE, SILENCE, Bands
from host_engine.host.mouths.heard_net import LOOK, OUT, SHIPPED, HeardNet, HeardNetError, Memory, wanted
from host_engine.host.mouths.viseme import ViseMouth, closure, sounds
from host_engine.host.voices.espeak import EspeakVoice
from host_engine.media import REST, Speech
from host_engine.neural.hearing import at_16k

TEXT = "Maybe you remember the small purple bottle from the show, my friends."
CHANCE = np.random.default_rng(7)


def net() -> HeardNet:
    """A network of chance."""
    return HeardNet({name: CHANCE.normal(0, 0.05, shape).astype(np.float32) for name, shape in wanted().items()})


@pytest.fixture(scope="module")
def speech() -> Speech:
    return EspeakVoice("en-us+f5").speak(TEXT)  # a voice that the network has not learnt from


def test_bands_are_the_same_in_pieces_of_any_size() -> None:
    samples = CHANCE.normal(0, 0.1, RATE).astype(np.float32)
    whole, levels = Bands()(samples)
    pieces, at = Bands(), 0
    found = []
    for size in (1, 159, 160, 333, 2000, 5000, RATE):
        found.append(pieces(samples[at : at + size])[0])
        at += size
    np.testing.assert_allclose(np.concatenate(found), whole, atol=1e-5)
    assert whole.shape == (RATE // HOP, BANDS)
    assert levels[2:] == pytest.approx(-20, abs=3)


def test_silence_is_silence_and_what_is_no_number_is_too() -> None:
    bands, levels = Bands()(np.zeros(RATE // 10, np.float32))
    assert bands == pytest.approx(SILENCE)
    assert levels == pytest.approx(-100)
    bands, levels = Bands()(np.full(RATE // 10, np.nan, np.float32))
    assert bands == pytest.approx(SILENCE)


def test_the_network_hears_the_same_in_pieces_and_nothing_ahead() -> None:
    made, bands = net(), CHANCE.normal(0, 0.5, (90, BANDS)).astype(np.float32)
    whole = Memory(made).hear(bands)
    memory = Memory(made)
    pieces = np.concatenate([memory.hear(bands[k : k + 2]) for k in range(0, 90, 2)])
    np.testing.assert_allclose(pieces, whole, atol=1e-4)
    other = bands.copy()
    other[60:] = 3
    np.testing.assert_allclose(Memory(made).hear(other)[:60], whole[:60], atol=1e-6)
    assert Memory(made).hear(bands[:0]).shape == (0, OUT)


def test_weights_that_do_not_fit_are_told_of(tmp_path) -> None:  # type: ignore[no-untyped-def]
    good = {name: np.zeros(shape, np.float32) for name, shape in wanted().items()}
    with pytest.raises(HeardNetError, match=r"head\.weight"):
        HeardNet({name: value for name, value in good.items() if name != "head.weight"})
    with pytest.raises(HeardNetError, match="damaged"):
        HeardNet({**good, "first.bias": np.full(80, np.nan, np.float32)})
    torn = tmp_path / "torn.safetensors"
    torn.write_bytes(SHIPPED.read_bytes()[:10_000])
    with pytest.raises(HeardNetError, match="cannot be read"):
        HeardNet.shipped(torn)
    with pytest.raises(HeardNetError, match="cannot be read"):
        HeardNet.shipped(tmp_path / "gone.safetensors")


def test_what_ships_is_small_and_costs_next_to_nothing() -> None:
    assert SHIPPED.stat().st_size < 1_000_000
    HeardNet.shipped()


def test_lips_shut_where_a_voice_that_was_never_heard_says_p_b_or_m(speech: Speech) -> None:
    faces = HeardMouth().faces(speech, 25)
    assert checked(faces, len(faces)) == faces
    assert (faces[0].mouth, faces[-1].mouth) == (REST, REST)
    opening = np.array([face.mouth.open for face in faces])
    times = (np.arange(len(opening)) + 0.5) / 25 + LEAD
    instants = [closure(sound) for sound in sounds(speech.phonemes) if sound.viseme == "PP"]
    shut = [opening[np.abs(times - at) <= 0.045].min() < 0.12 for at in instants if 0.1 < at < speech.seconds - 0.1]
    assert len(shut) >= 6
    assert np.mean(shut) >= 0.8
    assert opening.max() > 0.4


def test_the_lips_move_with_the_drawn_mouth_and_no_later_than_it(speech: Speech) -> None:
    made: Mouth = HeardMouth()
    opening, meant = (np.array([face.mouth.open for face in each.faces(speech, 25)]) for each in (made, ViseMouth()))
    alike = {k: np.corrcoef(np.roll(opening, -k)[4:-4], meant[4:-4])[0, 1] for k in range(-3, 4)}
    assert alike[0] > 0.7
    assert max(alike, key=lambda k: alike[k]) in (0, 1)


def test_a_quiet_room_does_not_move_the_lips() -> None:
    room = CHANCE.normal(0, 10 ** (-45 / 20), 4 * RATE).astype(np.float32)
    heard = Ear().hear(room)[LOOK + 100 :]
    assert heard[:, 0].max() < 0.12
    assert heard[:, LEVEL] == pytest.approx(-45, abs=3)
    assert Ear().hear(np.zeros(0, np.float32)).shape == (0, COLUMNS)


def test_without_weights_the_lips_follow_the_loudness(monkeypatch: pytest.MonkeyPatch, speech: Speech) -> None:
    monkeypatch.setattr(listening, "shipped", lambda: None)
    samples = at_16k(speech.samples)
    ear = Ear()
    heard = np.concatenate([ear.hear(samples[k : k + 320]) for k in range(0, len(samples), 320)])
    assert heard[:, 0].max() > 0.4
    assert heard[heard[:, LEVEL] < -60, 0].max() < 0.05
    assert not heard[:, SHUT].any()


def test_a_closure_within_a_frame_is_seen_in_it_and_lips_open_no_faster_than_lips_can() -> None:
    heard = np.zeros((12, COLUMNS), np.float32)
    heard[:, 0] = 0.9
    heard[5, 0], heard[5, SHUT] = 0.0, 1.0
    assert mouth(heard, 6, REST._replace(open=0.9), 25).open == 0
    heard[:, SHUT] = 0
    assert mouth(heard, 10, REST, 25).open == pytest.approx(0.32)  # 8 a second
    assert mouth(heard[:0], 3, REST, 25) == REST
