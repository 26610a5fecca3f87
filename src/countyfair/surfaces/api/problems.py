"""Problem documents (RFC 9457): every refusal and fault in one form, in the language of the reader."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja.errors import HttpError, ValidationError

from countyfair.kernel.refusal import Refusal, Sentence
from countyfair.surfaces.ui.headers import vary

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

#: What is said where no verb had a sentence of its own.
SENTENCES: dict[int, Sentence] = {
    400: _("The request cannot be read. Send valid JSON and the headers that the documentation asks for."),
    401: _("Send a valid token in the Authorization header: Bearer cf_…"),
    403: _("The token's scopes or your role do not allow this."),
    404: _("There is no such thing, or none that you may know of."),
    405: _("This address does not take this method."),
    406: _("This address answers in application/json only."),
    409: _("It stands otherwise than you believed. Read it again and try again."),
    412: _("It was changed meanwhile. Look at both versions and decide."),
    413: _("The request is too large."),
    415: _("Send the body as application/json."),
    422: _("Something in the request cannot be used."),
    428: _("Send If-Match with the ETag of the version that you change."),
    429: _("Too many requests. Wait until the window is over."),
    500: _("Something failed here. It has been noted; try again later."),
}

#: Sentences for what the types of a request refuse, by the kind of error.
_KINDS: dict[str, Sentence] = {
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such field."),
    "string_type": _("Write a text here."),
    "string_too_short": _("This text is too short."),
    "string_too_long": _("This text is too long."),
    "string_pattern_mismatch": _("This text does not have the form that is asked for."),
    "int_type": _("Write a whole number here."),
    "int_parsing": _("Write a whole number here."),
    "int_from_float": _("Write a whole number here."),
    "greater_than": _("This number is too small."),
    "greater_than_equal": _("This number is too small."),
    "less_than": _("This number is too large."),
    "less_than_equal": _("This number is too large."),
    "bool_type": _("Write true or false here."),
    "bool_parsing": _("Write true or false here."),
    "literal_error": _("Choose one of the values that the documentation lists."),
    "enum": _("Choose one of the values that the documentation lists."),
    "uuid_parsing": _("Write a UUID here."),
    "uuid_type": _("Write a UUID here."),
    "too_long": _("This list is too long."),
    "too_short": _("This list is too short."),
    "timezone_aware": _("Write a moment with its time zone, such as 2026-10-01T08:00:00Z."),
}
_UNFIT: Sentence = _("This value cannot be used.")


def problem(
    request: HttpRequest,
    status: int,
    *,
    code: str = "",
    detail: Sentence = "",
    errors: Iterable[Mapping[str, str]] = (),
    details: Mapping[str, object] | None = None,
) -> HttpResponse:
    """One problem document.

    Args:
        code: a stable name of the problem; that of the status when empty.
        errors: what is wrong where: `pointer` into the body (RFC 6901) or `parameter`, and `detail`.
    """
    phrase = HTTPStatus(status).phrase
    code = code or phrase.lower().replace(" ", "_").replace("-", "_")
    listed = list(errors)
    document: dict[str, Any] = {
        "type": f"urn:countyfair:problem:{code}",
        "title": phrase,
        "status": status,
        "code": code,
        "detail": str(detail or SENTENCES.get(status, "")),
        "instance": request.path,
    }
    document |= {"errors": listed} if listed else {}
    document |= {"details": dict(details)} if details else {}
    body = json.dumps(document, ensure_ascii=False, default=str)
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="CountyFair"'
    vary(response, "Accept-Language", "Authorization")
    return response


def of_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What a verb or a query refused, with its own sentence."""
    errors = [{"pointer": f"#/{refusal.field}", "detail": str(refusal.sentence)}] if refusal.field else []
    return problem(
        request,
        refusal.status,
        code=refusal.code,
        detail=refusal.sentence,
        errors=errors,
        details=refusal.details,
    )


def of_unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What the types of an endpoint did not accept: every place with its sentence."""
    return problem(request, 422, code="invalid", errors=[_told(one) for one in error.errors])


def of_exception(request: HttpRequest, error: Exception) -> HttpResponse:
    """Anything that an endpoint raised."""
    match error:
        case Refusal():
            return of_refusal(request, error)
        case ValidationError():
            return of_unfit(request, error)
        case HttpError():
            return problem(request, error.status_code)
        case Http404():
            return problem(request, 404, code="missing")
        case DataError():
            logger.warning("the database cannot keep what %s sent", request.path, exc_info=error)
            return problem(request, 422, code="invalid")
    logger.error("a fault at %s", request.path, exc_info=error)
    return problem(request, 500)


def _told(error: Mapping[str, Any]) -> dict[str, str]:
    source, *way = [str(step) for step in error.get("loc", ())] or [""]
    sentence = str(_KINDS.get(str(error.get("type")), _UNFIT))
    if source == "body":
        steps = [step.replace("~", "~0").replace("/", "~1") for step in way[1:]]
        return {"pointer": "#" + "".join(f"/{step}" for step in steps), "detail": sentence}
    return {"parameter": way[-1] if way else source, "detail": sentence}
