"""A real server, the real writer, the real templates and the real gate: what is said in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from model_questions import writer
from model_server import Exchange, event, model_server
from on_stage import Inline

from host_engine.audience.answer import Asking
from host_engine.audience.answers.answers import TemplateAnswers
from host_engine.audience.counsel import Counsel
from host_engine.audience.persona.noted import Noted
from host_engine.audience.persona.persona import Persona
from host_engine.audience.wording import Deadlines, Wording
from host_engine.gate.gate import Gate
from host_engine.show.script import load_show

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ASKING = Asking("how much is the teapot?", "en", ("Ana",))
Say = Callable[..., Any]


@pytest.fixture(scope="module")
def persona() -> Persona:
    return Persona.read(ROOT / "personas" / "mira")


@pytest.fixture(scope="module")
def counsel(persona: Persona) -> Any:
    show = load_show(ROOT / "product_catalogs" / "tea")
    answers = TemplateAnswers(show.catalog, persona, now=lambda: NOW)
    yield Counsel(show, answers, Noted(Gate(show.catalog), persona), persona)
    answers.close()


@pytest.fixture
def say(counsel: Counsel, persona: Persona) -> Say:
    """What is said when the model behaves like this, and the wording that it came from."""

    async def said(behave: Callable[[Exchange], Any], first: float = 30.0) -> tuple[list[str], Wording]:
        async with model_server(behave) as server:
            model = writer(server.url, persona)
            deadlines = Deadlines(first, 40.0)
            wording = Wording(counsel._replace(writer=model), ASKING, Inline(), lambda: NOW, deadlines)
            sentences = [sentence.text async for sentence in wording.sentences()]
            await model.aclose()
            return sentences, wording

    return said


async def template(counsel: Counsel) -> list[str]:
    wording = Wording(counsel, ASKING, Inline(), lambda: NOW)
    return [sentence.text async for sentence in wording.sentences()]


async def test_a_true_answer_is_said_in_the_models_words(say: Say) -> None:
    async def behave(exchange: Exchange) -> None:
        assert "34.00 GBP" in exchange.told
        await exchange.say(["Our Harrow Stoneware Teapot is £34.00 ", "right now, Ana."])

    sentences, wording = await say(behave)
    assert sentences == ["Our Harrow Stoneware Teapot is £34.00 right now, Ana."]
    assert (wording.by, wording.findings, wording.trouble) == ("model", [], "")


async def test_a_lie_about_the_price_is_not_said(say: Say, counsel: Counsel) -> None:
    async def behave(exchange: Exchange) -> None:
        await exchange.say(["It is only £3.00, just for you!"])

    sentences, wording = await say(behave)
    assert sentences == await template(counsel)
    assert wording.findings[0].rule == "price"


async def test_after_a_true_sentence_a_lie_is_not_said(say: Say, counsel: Counsel) -> None:
    async def behave(exchange: Exchange) -> None:
        await exchange.say(["A lovely pot, this one. It holds nine litres. It is £3.00."])

    sentences, _ = await say(behave)
    assert sentences == ["A lovely pot, this one.", *await template(counsel)]


async def test_a_model_that_hangs_is_not_waited_for(say: Say, counsel: Counsel) -> None:
    async def behave(exchange: Exchange) -> None:
        await asyncio.Event().wait()

    sentences, wording = await say(behave, first=1.0)
    assert sentences == await template(counsel)
    assert wording.trouble


async def test_a_model_that_dies_in_the_middle_leaves_a_whole_answer(say: Say, counsel: Counsel) -> None:
    async def behave(exchange: Exchange) -> None:
        await exchange.send(event("A lovely pot, this one. It is £3"))
        exchange.die()

    sentences, wording = await say(behave)
    assert sentences[-len(await template(counsel)) :] == await template(counsel)
    assert "£3." not in " ".join(sentences).replace("£34.", "")
    assert "broke off" in wording.trouble


async def test_a_model_that_obeys_an_order_is_stopped(say: Say, counsel: Counsel) -> None:
    async def behave(exchange: Exchange) -> None:
        await exchange.say(["I am a real person and I drink from it every day."])

    sentences, wording = await say(behave)
    assert sentences == await template(counsel)
    assert wording.findings
