"""What a channel's file says of its page, its API and its limits, at work."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from scripted_desk import ScriptedDesk

from host_engine.channel.operators.front_desk import FrontDesk
from host_engine.channel_file.asking import Audience, Hearing
from host_engine.channel_file.serving import Http
from host_engine.show.catalog import load_catalog

TEA = Path(__file__).parents[3] / "product_catalogs/tea"


def front(desk: ScriptedDesk | None, deaf: bool = False, **audience: Any) -> FrontDesk:
    return FrontDesk(Http(), Audience(**audience), desk, deaf, lambda: load_catalog(TEA), lambda: 3)


async def test_all_of_it_is_there_by_default() -> None:
    desk = ScriptedDesk()
    made = front(desk)
    assert made.reception
    assert made.reception.chat
    assert made.reception.microphones is made.microphones is not None
    assert made.reception.decode
    assert desk.hooks == [made.reception.chat.happened]
    assert made.shelf.title("teapot") == {"id": "teapot", "title": "Harrow Stoneware Teapot"}
    assert set(made.status()) == {"doors", "refused", "chat", "microphones"}
    await made.close()


@pytest.mark.parametrize(
    ("settings", "there"),
    [
        ({"page": False}, (False, False, True)),
        ({"deaf": True}, (True, False, False)),
        ({"ears": Hearing(microphones=0)}, (True, False, True)),
    ],
)
async def test_what_is_switched_off_is_not_there(settings: dict[str, Any], there: tuple[bool, bool, bool]) -> None:
    made = front(ScriptedDesk(), **settings).reception
    assert made
    assert (bool(made.chat), bool(made.microphones), bool(made.decode)) == there


async def test_a_channel_that_answers_nobody_still_has_doors_and_products() -> None:
    made = front(None)
    assert (made.reception, set(made.status())) == (None, {"doors"})
    await made.close()


def test_a_proxy_that_is_no_address_is_a_sentence() -> None:
    with pytest.raises(ValidationError, match=r"'proxy\.example' is no address such as 127.0.0.1 or 10.0.0.0/8"):
        Http(proxies=["proxy.example"])
    assert Http(proxies=["127.0.0.1", "10.1.2.3/8", "::1"]).requests == 200
