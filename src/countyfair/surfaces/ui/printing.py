"""Pages as PDF, by WeasyPrint where Pango is there; where it is not, a sentence says so."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.ui.page import part
from countyfair.surfaces.ui.translation import spoken

PDF = "application/pdf"


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
    press = Press(style)
    press.add(template, context)
    response = HttpResponse(press.pdf(), content_type=PDF)
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


class Press:
    """A PDF that is set piece by piece, each with pages and page numbers of its own, so that one sees how
    far it is.

    Raises:
        NoPrinter: as `ready`.
    """

    def __init__(self, style: str) -> None:
        self._printer = ready()
        self._style = self._printer.CSS(string=style)
        self._set: list[Any] = []

    def add(self, template: str, context: Mapping[str, object]) -> None:
        """Set one more piece: the whole page of a template, which sees `context` and `lang`."""
        lang = "zh-Hans" if spoken().startswith("zh") else "en"
        page = self._printer.HTML(string=str(part(template, {**context, "lang": lang})), url_fetcher=_nothing)
        self._set.append(page.render(stylesheets=[self._style]))

    def pdf(self) -> bytes:
        """All pieces as one file; one at least was added."""
        pages = [page for piece in self._set for page in piece.pages]
        return bytes(self._set[0].copy(pages).write_pdf())


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
