"""The OpenAPI 3.1 document, whole: what the framework knows, and the problems any endpoint may answer."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI

from countyfair.registers.access.rules import SCOPES
from countyfair.surfaces.api.problems import MEDIA_TYPE

#: What any endpoint may answer instead, by status: the component's name.
ALWAYS = {
    400: "Unreadable",
    401: "NoToken",
    403: "Forbidden",
    404: "Missing",
    409: "Conflict",
    413: "TooLarge",
    415: "NotJson",
    422: "Invalid",
    429: "TooMany",
    500: "Fault",
}
VERSIONED = {412: "Changed", 428: "NoVersion"}
NAMES = {405: "NotAllowed", **ALWAYS, **VERSIONED}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `detail` is a sentence in the language of Accept-Language.",
    "required": ["type", "title", "status", "code", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "Into the body (RFC 6901)."},
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
        "details": {"type": "object"},
    },
}
_WORDS = {
    400: "The request cannot be read.",
    401: "No token, or one that opens nothing.",
    403: "The token's scopes or the person's role do not allow it.",
    404: "There is no such thing, or none that the caller may know of.",
    405: "The address does not take this method.",
    409: "It stands otherwise than the caller believed, or the key was used for something else.",
    412: "It was changed meanwhile; `details` shows both versions.",
    413: "The body is too large.",
    415: "The body is not JSON, or no file where one is taken.",
    422: "Something in the request cannot be used; `errors` says where.",
    428: "If-Match is missing.",
    429: "Too many requests.",
    500: "Something failed here.",
}


def document(api: NinjaAPI) -> dict[str, Any]:
    """The whole document, as it is served and kept in `docs/openapi.json`."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    for methods in found["paths"].values():
        for operation in methods.values():
            _complete(operation)
    components = found["components"]
    components["schemas"] = {"Problem": PROBLEM, **dict(sorted(components["schemas"].items()))}
    components["responses"] = {
        name: {
            "description": _WORDS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, name in NAMES.items()
    }
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of the account's page. Scopes: "
            + ", ".join(f"`{one}`" for one in SCOPES),
        }
    }
    return found


def _complete(operation: dict[str, Any]) -> None:
    """Say which problems an operation answers, and that rate limits stand in its headers."""
    asks = {one["name"] for one in operation["parameters"]}
    answers = dict(ALWAYS)
    answers |= VERSIONED if "If-Match" in asks else {}
    responses = {str(status): said for status, said in operation["responses"].items()}
    for status, name in answers.items():
        responses[str(status)] = {"$ref": f"#/components/responses/{name}"}
    operation["responses"] = responses
