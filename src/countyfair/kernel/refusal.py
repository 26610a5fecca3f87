"""What the house says when it will not do a thing.

    Refusal
    ├── Invalid      422  what was given cannot be used; `field` says which part
    ├── Forbidden    403  the actor holds no role that allows it
    ├── Missing      404  there is no such thing, or none this actor may know of
    └── Conflict     409  it stands otherwise than the caller believed
        ├── Stale    409  the facts moved on: read again and try again
        └── SoldOut  409  somebody else has the last of it

A refusal carries a sentence for a person, in the reader's language when it is rendered, and
leaves nothing half done: the transaction of the verb is rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

Sentence = str | Promise


class Refusal(Exception):
    """A decision not to act. `sentence` tells a person what to do; `field` names the input."""

    status = 400
    code = "refused"

    def __init__(
        self,
        sentence: Sentence,
        *,
        field: str | None = None,
        code: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = code or self.code
        self.details = dict(details or {})

    def __str__(self) -> str:
        return str(self.sentence)


class Invalid(Refusal):
    status = 422
    code = "invalid"


class Forbidden(Refusal):
    status = 403
    code = "forbidden"


class Missing(Refusal):
    status = 404
    code = "missing"


class Conflict(Refusal):
    status = 409
    code = "conflict"


class Stale(Conflict):
    code = "stale"


class SoldOut(Conflict):
    code = "sold_out"
