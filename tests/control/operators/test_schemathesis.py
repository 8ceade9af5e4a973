"""Every route of operators, asked what its description allows and what it forbids, with a token, without, and wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from guarded import Guarded
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    status_code_conformance,
)
from scripted_parts import Part, ScriptedCatalogs, ScriptedReview, ShortStreams

from host_engine.commands.api_document import all_routes
from host_engine.control.documentation import describe
from host_engine.control.operators import guard as guarding
from host_engine.direction.happenings import Happenings
from host_engine.direction.refusals import NotDone

EXAMPLES = 3  # of each route


class Policed:
    """A channel whose AI voice may not be heard."""

    def state(self) -> dict[str, Any]:
        return {"policies": []}

    async def let_people_speak(self, on: bool, who: Any) -> dict[str, Any]:
        raise NotDone("No AI voice is allowed here.")


class Api(Guarded):
    """All routes behind a real guard, over scripted parts."""

    enters = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        happenings = Happenings(lambda: 7)
        refused = Part(lambda: NotDone("It cannot be done now."))
        parts = {
            "guard": self.guard,
            "rows": self._rows,
            "desk": ScriptedReview(),
            "catalogs": ScriptedCatalogs(),
            "tell": happenings.tell,
            "director": refused,
            "streams": ShortStreams(happenings),
            "outputs": Part(lambda: NotDone("There is no such output.", 404), later=True),
            "cast": Part(lambda: NotDone("There is no such voice."), later=True),
            "takeover": Part(),
            "policies": Policed(),
            "refused": lambda who, action, sentence: None,
        }
        self.app.include_router(all_routes(parts))
        self.admin = self.token("admin")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guarding, "SLOW", 0)
        patch.setattr(guarding, "WRONG", 0)
        yield Api(tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="module")
def operations(api: Api) -> list[Any]:
    schema = schemathesis.openapi.from_dict(describe(api.app))
    schema.app = api.app
    schema.config.generation.update(with_security_parameters=False, allow_extra_parameters=False)
    found = [each.ok() for each in schema.get_all_operations()]
    return [each for each in found if each.definition.raw.get("security") or each.path == "/api/session"]


def failures(operations: list[Any], mode: GenerationMode, check: Callable[[Any], None]) -> list[str]:
    """What is wrong with the answers to some cases of each route."""
    found = []
    for operation in operations:

        @settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=(Phase.generate,),
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def once(case: Any) -> None:
            check(case)

        try:
            once()
        except Unsatisfiable:  # nothing is forbidden here
            continue
        except Exception as wrong:  # of whatever kind: the other routes are asked all the same
            found.append(f"{operation.label}: {wrong!r}")
    return found


def test_what_is_allowed_is_answered_as_described(api: Api, operations: list[Any]) -> None:
    """A 422 says in its sentence which rule no schema can express."""
    assert len(operations) > 30

    def check(case: Any) -> None:
        case.call_and_validate(
            headers={"Authorization": f"Bearer {api.admin}"}, excluded_checks=[positive_data_acceptance]
        )

    assert not failures(operations, GenerationMode.POSITIVE, check)


def test_what_is_forbidden_is_refused_in_a_sentence(api: Api, operations: list[Any]) -> None:
    def check(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {api.admin}"})
        case.validate_response(answer, checks=[not_a_server_error, status_code_conformance, negative_data_rejection])
        if answer.status_code >= 400:
            assert isinstance(json.loads(answer.content)["detail"], str)

    assert not failures(operations, GenerationMode.NEGATIVE, check)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer he_wrong"}, {"Cookie": "host_engine_demo=x"}])
async def test_who_is_nobody_gets_nowhere(api: Api, operations: list[Any], header: dict[str, str]) -> None:
    calls = Part.calls
    async with api.client() as http:
        for each in (each for each in operations if each.definition.raw.get("security")):
            path = re.sub(r"{.*?}", "x", each.path)
            answer = await http.request(each.method, path, headers=header, json={})
            assert answer.status_code == 401, each.label
            assert answer.json()["detail"]
    assert Part.calls == calls
