"""JSON Schemas (draft 2020-12) of the catalog and the rundown, for editors that complete and check YAML."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from host_engine.show.catalog import Catalog
from host_engine.show.rundown import RundownFile

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, by its name without ".yaml"."""
    return {"catalog": schema(Catalog), "rundown": schema(RundownFile)}


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of the files that a model reads."""
    return {"$schema": DRAFT, **model.model_json_schema(mode="validation")}
