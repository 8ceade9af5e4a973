"""What is marked as made, and what as recorded in part: by the catalog in force, the host, and who is on air."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from host_engine.channel.operators.taking_over import make_takeover
from host_engine.channel.studio.build import utc
from host_engine.channel.studio.stamping import make_stamp
from host_engine.channel_file import config

TRAINED, COMPOSITE = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"


def product(**fields):
    return SimpleNamespace(**{"image_link": None, "additional_image_link": (), "clip": None, **fields})


def catalog(*products) -> Any:
    return SimpleNamespace(products=products)


def channel(**fields):
    return config.Channel.model_validate({"name": "demo", "catalog": "shop", **fields})


def source(stamp) -> str:
    return json.loads(stamp(0))["digitalSourceType"].rpartition("/")[2]


@pytest.mark.parametrize(
    ("shown", "fields", "expected"),
    [
        (catalog(product()), {}, TRAINED),
        (catalog(product(), product(image_link="a.jpg")), {}, COMPOSITE),
        (catalog(product(additional_image_link=("a.jpg",))), {}, COMPOSITE),
        (catalog(product(clip="a.mp4")), {}, COMPOSITE),
        (catalog(product()), {"compliance": {"human_voice": True}}, COMPOSITE),
        (catalog(product()), {"avatar": {"footage": "anna"}}, COMPOSITE),
    ],
)
def test_where_what_is_seen_and_heard_comes_from(shown, fields, expected):
    assert source(make_stamp(channel(**fields), lambda: shown, utc)) == expected


def test_the_catalog_in_force_counts():
    force = [catalog(product())]
    stamp = make_stamp(channel(), lambda: force[0], utc)
    assert source(stamp) == TRAINED
    force[0] = catalog(product(image_link="a.jpg"))
    assert source(stamp) == COMPOSITE


def test_each_start_is_content_of_its_own_by_whom_the_file_names():
    first, second = (make_stamp(channel(), lambda: catalog(), utc) for _ in range(2))
    assert first.id != second.id
    assert first.producer == "demo"
    named = make_stamp(channel(marking={"producer": "001191110102MAD55U9H0F10002"}), lambda: catalog(), utc)
    assert json.loads(named(0))["AIGC"]["ContentProducer"] == "001191110102MAD55U9H0F10002"


def test_an_operator_on_air_is_recorded_not_made():
    stamp = make_stamp(channel(), lambda: catalog(product()), utc)
    studio = SimpleNamespace(
        stamp=stamp, playout=None, operator=None, rundown=None, picture=SimpleNamespace(expect=None)
    )
    running: Any = SimpleNamespace(channel=channel(), studio=studio, now=utc)
    takeover = make_takeover(running, SimpleNamespace(tell=None), lambda *said, **more: None)  # type: ignore[arg-type]
    assert source(stamp) == TRAINED
    takeover._here = SimpleNamespace(who="anna")  # type: ignore[assignment]
    assert source(stamp) == COMPOSITE
