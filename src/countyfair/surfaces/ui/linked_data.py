"""Documents of linked data, to be saved or read by machines."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.http import HttpResponse

JSON_LD = "application/ld+json"


def linked(document: Mapping[str, object], name: str) -> HttpResponse:
    """A JSON-LD document, called `name` where it is saved."""
    response = HttpResponse(json.dumps(document, ensure_ascii=False, indent=1), content_type=JSON_LD)
    response["Content-Disposition"] = f'attachment; filename="{name}.jsonld"'
    response["Cache-Control"] = "no-store"
    return response
