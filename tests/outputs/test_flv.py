"""FLV tags: in order of time, sound before picture, readable by FFmpeg, right for months."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from flashes import SMALL, beeps, encoded, flashes, moved, pictures
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.media import Format, Unit
from host_engine.outputs import amf, flv
from host_engine.outputs.flv import AUDIO, DATA, VIDEO, Tag, Tags

UNITS = encoded(range(100), flush=True)


def tags(units: list[Unit]) -> list[Tag]:
    made = Tags(SMALL)
    return [tag for unit in units for tag in made.push(unit)] + made.flush()


def media(all_tags: list[Tag]) -> list[Tag]:
    """Without metadata and configurations."""
    return [tag for tag in all_tags if tag.kind != DATA and tag.body[1] == 1]


def test_a_file_of_the_tags_is_in_step(tmp_path: Path) -> None:
    file = tmp_path / "show.flv"
    file.write_bytes(flv.file(tags(UNITS)))
    assert len(pictures(file)) == 100
    assert flashes(file) == [1.0, 2.0, 3.0]
    assert beeps(file) == pytest.approx([1.0, 2.0, 3.0], abs=0.005)


def test_the_order_is_that_of_time_with_sound_first() -> None:
    made = tags(UNITS)
    assert [tag.kind for tag in made[:4]] == [DATA, VIDEO, AUDIO, AUDIO]
    for before, after in pairwise(media(made)):
        assert before.time <= after.time
        if before.time == after.time:
            assert (before.kind, after.kind) == (AUDIO, VIDEO)


def test_pictures_wait_no_longer_than_their_sound_needs() -> None:
    made = Tags(SMALL)
    for unit in UNITS[:80]:
        out = [tag.time for tag in made.push(unit) if tag.kind == VIDEO]
        assert not out or unit.n * 40 - out[-1] <= 80


def test_without_any_sound_the_pictures_still_go() -> None:
    silent = [unit._replace(aac=()) for unit in UNITS[:50]]
    assert len([tag for tag in tags(silent) if tag.kind == VIDEO]) == 51
    made = Tags(SMALL)
    assert max(len(made.push(unit)) for unit in silent) < 10


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 20, 25 * 3600, 25 * 86400 * 60]), min_size=100, max_size=100))
def test_times_stay_exact_across_drops_and_months(jumps: list[int]) -> None:
    shift, units = 0, []
    for unit, jump in zip(UNITS, jumps, strict=False):
        shift += jump if unit.n else 0
        units.append(moved(unit, shift))
    made = media(tags(units))
    assert {tag.time for tag in made if tag.kind == VIDEO} == {unit.n * 40 for unit in units}
    for tag in made:
        if tag.kind == AUDIO:
            assert tag.time >= 0


def test_audio_times_have_no_drift() -> None:
    units = [moved(unit, 25 * 86400 * 30) for unit in UNITS[25:75]]
    first = units[0].n * SMALL.samples
    places = [p.pts - first for unit in units for p in unit.aac if p.pts >= first]
    times = [tag.time for tag in media(tags(units)) if tag.kind == AUDIO]
    assert times == [round(place / 48) for place in places]


def test_a_stream_starts_with_a_key_frame_only() -> None:
    with pytest.raises(ValueError, match="key frame"):
        Tags(SMALL).push(UNITS[3])


def test_new_parameters_are_announced() -> None:
    other = encoded(range(100, 110), Format(640, 320))
    made = [tag for tag in tags(UNITS[:50] + other) if tag.kind == VIDEO and tag.body[1] == 0]
    assert [tag.time for tag in made] == [0, 4000]


def test_the_metadata_names_the_format() -> None:
    name, members = amf.decode(tags(UNITS[:1])[0].body)
    assert name == "onMetaData"
    assert (members["width"], members["height"], members["framerate"]) == (320, 320, 25)
    assert members["audiosamplerate"] == 48_000


@given(st.lists(st.tuples(st.sampled_from([AUDIO, VIDEO]), st.integers(0, 1 << 34), st.binary(max_size=30))))
def test_a_file_holds_the_tags_with_their_lower_32_bits(items: list[tuple[int, int, bytes]]) -> None:
    data, at = flv.file([Tag(*item) for item in items]), 13
    for kind, time, body in items:
        assert data[at] == kind
        assert int.from_bytes(data[at + 1 : at + 4], "big") == len(body)
        assert int.from_bytes(data[at + 7 : at + 8] + data[at + 4 : at + 7], "big") == time % (1 << 32)
        assert data[at + 11 : at + 11 + len(body)] == body
        at += 15 + len(body)
    assert at == len(data)


def test_a_new_encoder_goes_on_in_order() -> None:
    made = media(tags(encoded(range(50), flush=True) + encoded(range(50, 100))))
    assert [tag.time for tag in made] == sorted(tag.time for tag in made)
    sounds = [tag.time for tag in made if tag.kind == AUDIO]
    assert all(20 <= after - before <= 43 for before, after in pairwise(sounds))
