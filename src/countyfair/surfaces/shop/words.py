"""What comes from the data in two languages, said in the reader's."""

from __future__ import annotations

from django.utils.translation import get_language


def said(zh: str, en: str) -> str:
    """The reader's of the two; Chinese where there is no English."""
    return zh if not en or (get_language() or "").startswith("zh") else en
