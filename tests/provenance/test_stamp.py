"""What a key frame says is JSON whatever the names in it, and a fault on the way to the air is none."""

import json

import pytest
from marked import stamp

from host_engine.provenance.label import COMPOSITE, FIELDS, TRAINED, aigc, understood


def test_its_fields_are_those_of_the_standard_in_their_order():
    words = json.loads(stamp()(7))
    assert tuple(words["AIGC"]) == FIELDS
    assert words["AIGC"]["Label"] == "1"
    assert words["frame"] == 7
    assert words["digitalSourceType"] == TRAINED


@pytest.mark.parametrize("name", ['Tee "Süd" \\ {x} %s', "茶叶直播间", "a\0b\n", "x" * 100])
def test_any_name_is_kept(name):
    assert json.loads(stamp(producer=name)(0))["AIGC"]["ContentProducer"] == name


def test_recorded_pictures_are_said_from_then_on():
    made, human = stamp(), []
    made.recorded.append(lambda: bool(human))
    assert json.loads(made(0))["digitalSourceType"] == TRAINED
    human.append("anna")
    assert json.loads(made(25))["digitalSourceType"] == COMPOSITE
    assert made.source == COMPOSITE


def test_a_fault_says_the_more_careful_and_raises_nothing(caplog):
    made = stamp()
    made.recorded.append(lambda: 1 / 0)
    assert json.loads(made(0))["digitalSourceType"] == COMPOSITE
    assert "nobody can tell" in caplog.text


BOTH = {"AIGC": aigc("a", "b")}, aigc("a", "b")


@pytest.mark.parametrize("value", [*BOTH, *map(json.dumps, BOTH)])
def test_fields_are_understood_in_each_form_that_is_about(value):
    found = understood(value)
    assert (found["Label"], found["ContentProducer"], found["ProduceID"]) == ("1", "a", "b")


@pytest.mark.parametrize("value", [None, "", "[]", "{}", "no", {"Label": 1}, {"AIGC": 5}, "[" * 30_000, 3.5])
def test_what_is_nothing_of_the_kind_is_none(value):
    assert understood(value) is None
