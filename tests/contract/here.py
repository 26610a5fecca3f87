"""The document as the code makes it now."""

from __future__ import annotations

import json

from django.utils import translation

from countyfair.surfaces.api.document import document
from countyfair.surfaces.api.endpoints import api
from tests.contract.breaking import breaking

__all__ = ["breaking", "current"]


def current() -> str:
    """The text of `docs/openapi.json`."""
    with translation.override("en"):
        return json.dumps(document(api), ensure_ascii=False, indent=1) + "\n"
