"""Pages as PDF, by WeasyPrint where Pango is there; where it is not, a sentence says so."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import ModuleType

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.ui.page import part
from countyfair.surfaces.ui.translation import spoken


class NoPrinter(Refusal):
    """This machine cannot make PDF files."""

    status = 503
    code = "no_printer"


def paper(name: str, template: str, context: Mapping[str, object], style: str) -> HttpResponse:
    """A download `name`.pdf: the whole page of a template, set by a style sheet of its own.

    The template sees `context` and the page's `lang`; nothing of the request.

    Raises:
        NoPrinter: as `ready`.
    """
    printer = ready()
    lang = "zh-Hans" if spoken().startswith("zh") else "en"
    page = printer.HTML(string=str(part(template, {**context, "lang": lang})), url_fetcher=_nothing)
    made = page.write_pdf(stylesheets=[printer.CSS(string=style)])
    response = HttpResponse(bytes(made), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def ready() -> ModuleType:
    """The printer. Who opens something personal for a paper asks first whether there will be one.

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
    return library


def _library() -> ModuleType | None:
    """WeasyPrint, loaded when the first PDF is made: it takes a second, and fails where Pango is missing."""
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError):
        return None


def _nothing(url: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise ValueError(f"a paper fetches nothing, not {url}")
