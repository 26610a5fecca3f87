"""Schemathesis tries the API by its own description: real things, nonsense, and what the types forbid.

Nothing fails inside, no answer is one that the description does not know, no forbidden value is taken.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from countyfair.kernel.ids import uuid7
from countyfair.surfaces.api import limits
from countyfair.surfaces.api.document import document
from countyfair.surfaces.api.endpoints import api
from countyfair.surfaces.api.tests.calling import Program, program
from tests.denial.world import World, a_world

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
#: Examples of each operation, half of them forbidden ones. `make nightly` asks for more.
EXAMPLES = int(os.environ.get("COUNTYFAIR_API_EXAMPLES", "5"))
#: What a name in an address stands for, by the World's things.
NAMED = {"order": "paid", "batch": "batch", "basket": "offer"}

DOCUMENT = document(api)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.config.generation.update(modes=list(schemathesis.GenerationMode))
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations() if isinstance(one, Ok)]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Program]]:
    with a_world(django_db_blocker, tmp_path_factory.mktemp("photos")) as made:
        with django_db_blocker.unblock():
            caller = program("county_admin")
            for role in ("centre_staff", "centre_finance"):
                program(role, user=caller.user)
        yield made, caller


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """All of a test is one transaction, which the end of a request must not close."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_operation_is_tried() -> None:
    assert len(OPERATIONS) == sum(len(methods) for methods in DOCUMENT["paths"].values())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method.upper()} {one.path}")
def test_the_api_keeps_to_its_description(
    world: tuple[World, Program], operation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, caller = world
    for name in ("PER_TOKEN", "PER_ADDRESS"):
        monkeypatch.setattr(limits, name, 10**9)
    limits.forget()
    operation.app = get_wsgi_application()

    @_some
    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE))
    def allowed(case: Any) -> None:
        _tried(case, made, caller, [check for check in CHECKS if check is not negative_data_rejection])

    @_some
    @given(case=operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
    def forbidden(case: Any) -> None:
        _tried(case, made, caller, CHECKS)

    allowed()
    if operation.body or operation.query or operation.path_parameters:
        forbidden()


_some = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _tried(case: Any, world: World, caller: Program, checks: list[Any]) -> None:
    """One call with a token, among the things of a county; what it did is taken back."""
    is_allowed = checks != CHECKS
    if is_allowed:
        for name in case.path_parameters or {}:
            thing = world.things.get(NAMED.get(name, name))
            case.path_parameters[name] = thing or case.path_parameters[name]
    headers = {"Authorization": f"Bearer {caller.secret}", "Accept-Encoding": "identity"}
    if is_allowed:
        headers["Idempotency-Key"] = str(uuid7())
    undone = transaction.savepoint()
    try:
        case.call_and_validate(headers=headers, checks=checks)
    finally:
        transaction.savepoint_rollback(undone)
