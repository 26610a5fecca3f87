"""Pages as PDF, by WeasyPrint where Pango is there; where it is not, a sentence says so."""

from __future__ import annotations

import importlib
from types import ModuleType

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal


class NoPrinter(Refusal):
    """This machine cannot make PDF files."""

    status = 503
    code = "no_printer"


def pdf(html: str, style: str) -> bytes:
    """The PDF of a whole page of ours. Nothing is fetched for it.

    Raises:
        NoPrinter: Pango, which WeasyPrint sets text with, is not on this machine.
    """
    library = _library()
    if library is None:
        raise NoPrinter(
            _(
                "This machine cannot make PDF files (Pango is missing)."
                " Print the page from the browser instead."
            )
        )
    sheet = library.CSS(string=style)
    made = library.HTML(string=html, url_fetcher=_nothing).write_pdf(stylesheets=[sheet])
    return bytes(made)


def _library() -> ModuleType | None:
    """WeasyPrint, loaded when the first PDF is made: it takes a second, and fails where Pango is missing."""
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError):
        return None


def _nothing(url: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise ValueError(f"a statement fetches nothing, not {url}")
