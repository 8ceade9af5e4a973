"""The show never ends, says every line once a round, and goes on sensibly when it is edited."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from host_engine.show.rundown import Cues, Entry, Rundown, RundownFile, Variant, entry_ids

IDS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6)), min_size=1, max_size=12, unique=True)


def rundown(ids: list[tuple[str, int]]) -> Rundown:
    ordered = sorted(ids, key=lambda pair: pair[0])
    one = (Variant(("x",), False),)
    return Rundown(Entry(f"{segment}/{line}", segment, None, None, Cues(), one) for segment, line in ordered)


@given(IDS, st.text(max_size=6) | st.none(), st.integers(0, 9))
def test_from_any_line_on_every_line_is_said_once_a_round(
    ids: list[tuple[str, int]], start: str | None, round: int
) -> None:
    show = rundown(ids)
    turn = show.after(start, round)
    assert turn.entry in show.entries
    said = [turn]
    for _ in range(2 * len(ids) - 1):
        said.append(show.after(said[-1].entry.id, said[-1].round))
    for begin in range(len(ids)):
        assert {each.entry.id for each in said[begin : begin + len(ids)]} == {entry.id for entry in show.entries}
    rounds = {(each.entry.id, each.round) for each in said}
    assert len(rounds) == len(said)


@given(IDS, IDS, st.data())
def test_after_any_edit_the_show_goes_on(
    old: list[tuple[str, int]], new: list[tuple[str, int]], data: st.DataObject
) -> None:
    before, after = rundown(old), rundown(new)
    line = data.draw(st.sampled_from([entry.id for entry in before.entries]))
    turn = after.resume(before.outline, line, 3)
    assert turn.entry in after.entries
    assert turn.round in (3, 4)
    if after.entry(line):
        assert turn == after.after(line, 3)


def ids_after(old: str, line: str, new: str) -> str:
    def made(text: str) -> Rundown:
        return rundown([(each[0], int(each[1])) for each in text.split()])

    return made(new).resume(made(old).outline, line, 0).entry.id


def test_it_goes_on_where_a_reader_would() -> None:
    assert ids_after("a1 a2 a3 b1", "a/2", "a1 a5 a3 b1") == "a/3"  # edited while on air
    assert ids_after("a1 a2 a3 b1", "a/2", "a1 a3 b1") == "a/3"  # removed while on air
    assert ids_after("a1 a2 b1", "a/1", "a5 a6 b1") == "a/6"  # the segment was written anew
    assert ids_after("a1 a2 b1", "a/2", "a5 a6 b1") == "b/1"
    assert ids_after("a1 b1 c1", "a/1", "b2 c1") == "b/2"  # the segment is gone


def test_ids_stay_when_other_lines_change() -> None:
    def ids(*lines: object) -> list[str]:
        return entry_ids(RundownFile.model_validate({"segments": [{"id": "a", "lines": lines}]}).segments[0])

    first = ids("One.", "Two.", {"text": "Three.", "id": "third"})
    assert ids("Zero.", "One.", {"text": "3.", "id": "third"}, "Two.")[1:] == [first[0], first[2], first[1]]
    assert len(set(ids("Same.", "Same.", "Same."))) == 3


def test_consecutive_rounds_take_different_variants_and_no_sale_is_spoken_of_without_one() -> None:
    variants = (Variant(("a",), False), Variant(("b",), True), Variant(("c",), False))
    entry = Entry("a/1", "a", None, None, Cues(), variants)
    chosen = [entry.variant(round, sale=True) for round in range(6)]
    assert set(chosen) == set(variants)
    assert all(one != other for one, other in pairwise(chosen))
    assert {entry.variant(round, sale=False) for round in range(6)} == {variants[0], variants[2]}
    assert Entry("a/1", "a", None, None, Cues(), variants[1:2]).variant(0, sale=False) is None
