"""A viewer's name is judged once for each gate."""

from __future__ import annotations

from host_engine.channel.audience.names_kept import KEPT, NamesKept


def test_a_name_is_judged_once_and_anew_by_another_gate() -> None:
    asked: list[str] = []
    gates = [object()]

    def passes(text: str, language: str) -> bool:
        asked.append(text)
        return len(gates) == 1

    names = NamesKept(passes, lambda: gates[-1])
    assert [names.name("Ana_77", "en") for _ in range(3)] == ["Ana"] * 3
    assert asked == ["Ana."]
    gates.append(object())
    assert names.name("Ana_77", "en") == ""
    assert asked == ["Ana."] * 2


def test_what_is_no_name_is_not_even_judged() -> None:
    names = NamesKept(lambda text, language: 1 / 0 > 0, lambda: None)
    assert names.name("12345", "en") == ""


def test_so_many_names_are_kept() -> None:
    counted: list[str] = []

    def passes(text: str, language: str) -> bool:
        counted.append(text)
        return True

    names = NamesKept(passes, lambda: "gate")
    letters = "abcdefghijklmnopqrstuvwxyz"
    for number in range(KEPT + 10):
        names.name("Ana " + "".join(letters[number // 26**k % 26] for k in range(3)) + "a", "en")
    assert len(counted) >= KEPT
    assert names.name("Bea", "en") == "Bea"
