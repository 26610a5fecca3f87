"""Programs that call the API in tests: a token each, or none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from countyfair.kernel.ids import uuid7
from countyfair.registers.access import actions
from countyfair.registers.access.rules import SCOPES
from countyfair.registers.people import queries as people
from countyfair.registers.people.tests.factories import COUNTY, a_role, a_user
from countyfair.surfaces.api.calls import FILE


@dataclass
class Program:
    """A caller. `secret` is its token, "" for a guest."""

    secret: str = ""
    user: UUID | None = None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self._call("GET", path, None, headers)

    def post(self, path: str, body: object = None, *, key: str = "", **headers: str) -> HttpResponse:
        return self._call("POST", path, body, {"idempotency-key": key or str(uuid7()), **headers})

    def put(self, path: str, body: object = None, *, key: str = "", **headers: str) -> HttpResponse:
        return self._call("PUT", path, body, {"idempotency-key": key or str(uuid7()), **headers})

    def send(self, path: str, data: bytes, *, key: str = "", **headers: str) -> HttpResponse:
        """Put a file there."""
        return self._call("PUT", path, data, {"idempotency-key": key or str(uuid7()), **headers})

    def _call(self, method: str, path: str, body: object, headers: dict[str, str]) -> HttpResponse:
        sent = {"authorization": f"Bearer {self.secret}"} if self.secret else {}
        is_file = isinstance(body, bytes)
        text = "" if body is None else body if is_file else json.dumps(body)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: Any = self.client.generic(
            method,
            f"/api/v1{path}",
            text,
            content_type=FILE if is_file else "application/json",
            headers={**sent, **names},
        )
        told: HttpResponse = answer
        return told


def guest() -> Program:
    return Program()


def program(
    role: str = "",
    *scopes: str,
    place: str = COUNTY,
    user: UUID | None = None,
    with_factor: bool = True,
) -> Program:
    """A program of a new person with a role, or of `user`; with every scope unless some are named."""
    key = user or a_user()
    if role:
        a_role(key, role, place=place)
    made = actions.make_token(
        people.actor_of(key),
        token=uuid7(),
        name="样例程序",
        scopes=scopes or tuple(SCOPES),
        days=1,
        with_factor=with_factor,
    )
    return Program(made.secret, key)


def said(answer: HttpResponse, status: int = 200) -> Any:
    """The body of an answer that has this status."""
    assert answer.status_code == status, answer.content.decode()[:2000]
    return json.loads(answer.content) if answer.content else None
