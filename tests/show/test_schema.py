"""The schemas tell an editor every field with a description, and agree with what is accepted."""

from __future__ import annotations

from typing import Any

from host_engine.show.catalog import Product
from host_engine.show.schema import DRAFT, schemas


def objects(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [schema, *schema["$defs"].values()]


def test_every_field_is_described_and_nothing_else_allowed() -> None:
    for schema in schemas().values():
        assert schema["$schema"] == DRAFT
        for each in objects(schema):
            assert each["additionalProperties"] is False
            assert all(field.get("description") for field in each["properties"].values()), each["title"]


def test_the_fields_are_those_of_the_models() -> None:
    product = schemas()["catalog"]["$defs"]["Product"]
    assert set(product["properties"]) == set(Product.model_fields)
    assert set(product["required"]) == {"id", "title", "description", "price"}


def test_a_line_may_be_a_bare_text_and_a_number_may_stand_for_one() -> None:
    both = schemas()
    assert {"type": "string"} in both["rundown"]["$defs"]["Segment"]["properties"]["lines"]["items"]["anyOf"]
    assert both["catalog"]["$defs"]["Product"]["properties"]["id"]["type"] == ["string", "number"]
