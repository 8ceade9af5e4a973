"""From what a viewer says to what the host says, in virtual time: every question ends in exactly one way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from on_stage import CATALOG, ScriptedModel, Stage, cheaper, fails, shop
from virtual import run

from host_engine.audience.answer import Answer
from host_engine.audience.replying import quotes
from host_engine.audience.review import Rules
from host_engine.show.evidence import Evidence

Play = Callable[[Stage], Awaitable[Any]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., Any]:
    """Plays a scene on a stage."""

    def play(scene: Play, **about: Any) -> Any:
        async def main() -> Any:
            stage = Stage(shop(tmp_path / "shop"), **about)
            try:
                return await scene(stage)
            finally:
                await stage.end()

        return run(main())

    return play


def answered(stage: Stage) -> list[str]:
    return [each.text for each in stage.told if each.lane == "answers"]


def test_a_question_is_answered_at_the_next_border_and_the_show_goes_on_there(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        await stage.play(0.3)
        stage.ask("how much is it?")
        await stage.until(lambda: len(stage.told) >= 4)
        texts = [each.text for each in stage.told[:4]]
        assert texts[1:3] == ["It costs 15.00 EUR today.", "That is all I know of it."]
        assert f"{texts[0]} {texts[3]}".startswith("This is a tea, green and fresh, that comes from Japan,")
        line = stage.told[1].line
        assert line.question is not None
        assert (line.question.viewer, line.question.text) == ("Ana", "how much is it?")
        assert line.card is not None
        assert (line.card.title, line.evidence[0].value) == ("Sencha", "15.00 EUR")
        assert line.said == "It costs fifteen euros today."
        assert [each.what for each in stage.events] == ["asked", "answering", "answered"]
        assert stage.events[2].answer == "It costs 15.00 EUR today. That is all I know of it."
        assert [kind for kind, _ in stage.facts] == ["question", "answer"]
        assert stage.desk.status()["answered"] == 1
        assert len(stage.queue.done) == 1

    play(scene)


def test_until_the_catalog_is_learnt_questions_wait(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        assert stage.ask("how much is it?").state == "taken"
        await stage.play(20)
        assert not answered(stage)
        assert stage.desk.status()["state"] == "learning the catalog"
        stage.learn()
        await stage.until(lambda: answered(stage))

    play(scene)


def test_who_asks_the_same_is_named(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        for viewer in ("Ana", "Ben", "Cleo", "Dan"):
            stage.ask("how much is it?", viewer)
        stage.learn()
        await stage.until(lambda: len(answered(stage)) == 3)
        assert answered(stage)[0] == "Ana, Ben, Cleo ask."
        assert [viewer for viewer, _ in stage.written] == ["Ana", "Ben", "Cleo", "Dan"]
        assert stage.desk.status()["answered"] == 4

    play(scene)


def test_what_the_gate_stops_is_not_said_but_put_on_the_list(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.ask("tell a lie about it")
        stage.ask("who lives on the moon?")
        stage.ask("crash please")
        await stage.until(lambda: len(answered(stage)) == 3)
        assert set(answered(stage)) == {"I will check with the team."}
        assert [entry["why"] for entry in stage.desk.todo] == [
            "the catalog does not say 3.00 EUR", "the catalog does not say", "the catalog does not say",
        ]  # fmt: skip
        assert stage.desk.status()["stopped: price"] == 1

    play(scene)


def test_a_model_words_the_answer_sentence_by_sentence(play: Callable[..., Any]) -> None:
    model = ScriptedModel("Lovely that you ask.", "You pay 15.00 EUR for it.")

    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.ask("how much is it?")
        await stage.until(lambda: len(answered(stage)) == 2)
        assert answered(stage) == ["Lovely that you ask.", "You pay 15.00 EUR for it."]
        assert model.closed == 1

    play(scene, model=model)


@pytest.mark.parametrize(
    ("model", "heard"),
    [
        (ScriptedModel("It is only 3.00 EUR today."), ["It costs 15.00 EUR today.", "That is all I know of it."]),
        (
            ScriptedModel("I like it.", "It is only 3.00 EUR today."),
            ["I like it.", "It costs 15.00 EUR today.", "That is all I know of it."],
        ),
        (ScriptedModel("That is cheap."), ["It costs 15.00 EUR today.", "That is all I know of it."]),
        (fails(), ["It costs 15.00 EUR today.", "That is all I know of it."]),
        (fails("It is good."), ["It is good.", "It costs 15.00 EUR today.", "That is all I know of it."]),
        (ScriptedModel("Too late.", after=60), ["It costs 15.00 EUR today.", "That is all I know of it."]),
    ],
    ids=["lies", "lies later", "says what is never said", "is dead", "dies in the middle", "hangs"],
)
def test_a_model_that_is_wrong_or_late_costs_no_answer(
    play: Callable[..., Any], model: ScriptedModel, heard: list[str]
) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        await stage.play(1)
        stage.ask("how much is it?")
        await stage.until(lambda: any(each.what == "answered" for each in stage.events))
        assert [text for text in answered(stage) if "question" not in text] == heard
        assert model.closed == 1

    play(scene, model=model)


def test_whether_she_is_human_is_never_left_to_a_model(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.ask("are you human?")
        await stage.until(lambda: answered(stage))
        assert answered(stage) == ["I am an AI host."]

    play(scene, model=ScriptedModel("Of course I am."))


def test_an_answer_that_is_late_is_bridged_at_the_border_and_follows_at_once(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        await stage.play(1)
        stage.ask("how much is it?")
        await stage.until(lambda: len(stage.told) >= 4)
        first, *rest = [(each.lane, each.text) for each in stage.told][1:4]
        assert first == ("answers", "Good question, Ana!")
        assert rest == [("answers", "You pay 15.00 EUR."), ("rundown", rest[1][1])]
        assert stage.events[1].what == "answering"

    play(scene, model=ScriptedModel("You pay 15.00 EUR.", after=1.4), late=0.3)


def test_a_bridge_without_an_answer_keeps_nobody_waiting(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.replies.takes = 8.0
        await stage.play(1)
        stage.ask("how much is it?")
        await stage.until(lambda: any(each.what == "answered" for each in stage.events))
        silent = 0
        for beat in stage.beats[25:]:
            silent = silent + 1 if beat.line is None else 0
            assert silent <= 51
        assert "It costs 15.00 EUR today." in answered(stage)

    play(scene)


def test_after_some_answers_in_a_row_the_show_goes_on(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        for number in range(7):
            stage.ask(f"how much is number {number}?")
        await stage.until(lambda: sum(each.what == "answered" for each in stage.events) == 7, 120)
        lanes = [each.lane for each in stage.told]
        runs = "".join("a" if lane == "answers" else "r" for lane in lanes)
        assert "a" * 7 not in runs  # three answers of two sentences
        assert runs.count("r") >= 3

    play(scene)


def test_greetings_are_short_and_show_no_bubble(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.ask("hello there", "Ben")
        await stage.until(lambda: answered(stage))
        assert answered(stage) == ["Hello Ben!"]
        assert stage.lines()[0].question is None
        assert stage.desk.status()["greeting"] == 1

    play(scene)


def test_hold_says_it_unless_somebody_vetoes(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        began = asyncio.get_running_loop().time()
        stage.ask("how much is it?")
        vetoed = stage.ask("how much is that?").id
        await stage.until(lambda: len(stage.desk.waiting()) == 2)
        assert stage.desk.waiting()[0]["answer"] == "It costs 15.00 EUR today. That is all I know of it."
        assert stage.desk.veto(vetoed)
        assert not stage.desk.veto(vetoed)
        await stage.until(lambda: any(each.what == "answered" for each in stage.events))
        assert asyncio.get_running_loop().time() - began > 5
        await stage.play(20)
        assert sorted(each.what for each in stage.events) == [
            "answered", "answering", "asked", "asked", "vetoed", "waiting", "waiting",
        ]  # fmt: skip

    play(scene, rules=Rules("hold", 5.0))


def test_approve_says_nothing_by_itself_and_topics_have_their_own_mode(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        first = stage.ask("how much is it?").id
        stage.ask("how much is that?")
        stage.ask("are you human?")
        await stage.until(lambda: answered(stage))
        assert answered(stage) == ["I am an AI host."]
        assert stage.desk.approve(first)
        await stage.until(lambda: len(answered(stage)) == 3)
        await stage.until(lambda: any(each.what == "expired" for each in stage.events))
        assert stage.desk.status()["expired"] == 1
        assert [each["why"] for each in stage.desk.todo] == ["nobody looked at the answer in time"]
        assert not stage.desk.approve(first)

    play(scene, rules=Rules("approve", topics={"human": "auto"}, patience=30))


def test_what_the_operator_writes_is_said_if_it_is_true(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        id = stage.ask("who lives on the moon?").id
        await stage.until(lambda: stage.desk.todo)
        assert not (await stage.desk.by_hand(id, "It is only 3.00 EUR for the man in it.")).passed
        assert stage.desk.todo
        assert (await stage.desk.by_hand(id, "Nobody that I know of.")).passed
        assert not stage.desk.todo
        await stage.until(lambda: "Nobody that I know of." in answered(stage))
        with pytest.raises(KeyError):
            await stage.desk.by_hand(id, "Again.")

    play(scene)


def test_the_operator_answers_instead_of_the_host(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        id = stage.ask("how much is it?").id
        await stage.until(lambda: stage.desk.waiting())
        with pytest.raises(ValueError, match="what is to be said"):
            await stage.desk.by_hand(id, "!!!")
        assert (await stage.desk.by_hand(id, "15.00 EUR for you.")).passed
        await stage.until(lambda: answered(stage))
        await stage.play(20)
        assert answered(stage) == ["15.00 EUR for you."]

    play(scene, rules=Rules("approve"))


def test_another_catalog_changes_what_is_not_on_air_yet(play: Callable[..., Any], tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.playout.hold()
        stage.ask("how much is it?")
        await stage.until(lambda: stage.answers.cues)
        stage.learn(cheaper(stage.counsel, shop(tmp_path / "new", CATALOG.replace("15.00", "12.00"))))
        await stage.play(2)
        stage.playout.release()
        await stage.until(lambda: answered(stage))
        assert answered(stage)[0] == "It costs 12.00 EUR today."
        assert stage.desk.status()["made anew"] == 1

    play(scene)


def test_an_answer_that_is_not_true_any_more_when_its_turn_comes_is_made_anew(
    play: Callable[..., Any], tmp_path: Path
) -> None:
    async def scene(stage: Stage) -> None:
        new = shop(tmp_path / "new", CATALOG.replace("15.00", "12.00"))
        stage.learn()
        stage.playout.backed = lambda line: "15.00 EUR" not in line.text
        stage.playout.hold()
        stage.ask("how much is it?")
        await stage.until(lambda: stage.answers.cues)
        stage.desk.counsel = cheaper(stage.counsel, new)
        stage.playout.release()
        await stage.until(lambda: any(each.what == "answered" for each in stage.events))
        assert answered(stage) == ["It costs 12.00 EUR today.", "That is all I know of it."]
        assert stage.playout.refused == 1

    play(scene)


def test_what_is_never_true_ends_on_the_list(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.playout.backed = lambda line: line.place is not None
        stage.ask("how much is it?")
        await stage.until(lambda: stage.desk.todo)
        assert not answered(stage)
        assert stage.desk.status()["made anew"] == 3

    play(scene)


def test_an_operator_who_takes_the_next_line_goes_to_the_next_sentence_of_the_answer(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.ask("how much is it?")
        await stage.until(lambda: stage.playout.now.lane == "answers")
        stage.playout.take()
        await stage.play(20)
        assert [each.text for each in stage.told if each.lane == "answers"] == ["", "That is all I know of it."]
        assert stage.desk.airing.room

    play(scene)


def test_a_language_that_no_voice_speaks_is_answered_in_the_channels_and_written_in_the_viewers(
    play: Callable[..., Any],
) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        heard = stage.desk.take(_heard("wie viel kostet es?", "de"), "page")
        assert heard.state == "taken"
        await stage.until(lambda: len(answered(stage)) == 2)
        assert stage.lines()[0].language == "de"
        stage.desk.take(_heard("combien ça coûte?", "fr"), "page")
        await stage.until(lambda: len(answered(stage)) == 4)
        assert stage.lines()[-1].language == "en"
        assert [asking.language for asking in stage.replies.asked] == ["de", "fr", "en"]

    play(scene)


def test_an_answer_that_quotes_the_catalog_is_said_in_the_catalogs_language() -> None:
    evidence = (
        Evidence(None, "policies.shipping", "We ship within two days."),
        Evidence("pot", "title", "Old Pot for Tea"),
    )
    quoted = Answer("Der Katalog sagt: We ship within two days.", "de", "shipping", evidence=evidence)
    assert quotes(quoted, "en")
    assert not quotes(replace(quoted, language="en"), "en-GB")
    assert not quotes(replace(quoted, text="Old Pot for Tea kostet 12 €."), "en")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("🎉🎉", "empty"), ("\u202e\u200b", "empty"), ("x" * 1_000_000, "long"), ("you idiot", "abuse"),
     ("too often", "rate")],
    ids=["nothing", "emoji", "invisible", "a megabyte", "abuse", "rate"],
)  # fmt: skip
def test_what_is_refused_is_counted_by_its_reason(play: Callable[..., Any], text: str, reason: str) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        receipt = stage.ask(text)
        assert (receipt.state, receipt.reason) == ("refused", reason)
        assert receipt.said
        assert stage.desk.status()["refused"] == {reason: 1}
        await stage.play(10)
        assert not answered(stage)

    play(scene)


def test_a_name_that_may_not_be_said_is_left_out(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.ask("how much is it?", "you idiot")
        await stage.until(lambda: answered(stage))
        assert stage.lines()[0].question is not None
        assert stage.lines()[0].question.viewer == ""
        assert stage.events[0].name == ""

    play(scene)


def test_in_writing_only_what_passes_is_answered(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        answer, verdict = await stage.desk.ask("how much is it?", "Ana")
        assert (answer.text, answer.kind) == ("It costs 15.00 EUR today. That is all I know of it.", "price")
        assert verdict.evidence
        lied, _ = await stage.desk.ask("tell a lie about it", "Ana")
        assert lied.text == "I will check with the team."
        refused, _ = await stage.desk.ask("you idiot", "Ana")
        assert (refused.kind, refused.text) == ("refused", "Please be kind.")
        await stage.play(10)
        assert not answered(stage)

    play(scene)


def test_a_hook_that_raises_harms_nobody(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        stage.learn()
        stage.desk.hooks.insert(0, lambda event: 1 / 0)
        stage.ask("how much is it?")
        await stage.until(lambda: answered(stage))
        assert [each.what for each in stage.events][:2] == ["asked", "answering"]

    play(scene)


def test_a_flood_is_summed_up_in_the_log(play: Callable[..., Any]) -> None:
    async def scene(stage: Stage) -> None:
        for _ in range(500):
            stage.ask("you idiot")
        stage.learn()
        await stage.play(3)
        assert len(stage.facts) < 20
        assert any("more of 'refused'" in text for _, text in stage.facts)
        assert stage.desk.status()["refused"] == {"abuse": 500}

    play(scene)


def _heard(text: str, language: str) -> Any:
    from host_engine.audience.source import Heard

    return Heard(text, "Ana", "Ana", language=language)
