"""What stands around every page of the fair, and how such a page is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from countyfair.kernel.refusal import Sentence
from countyfair.surfaces import ui
from countyfair.surfaces.shop.categories import ROWS
from countyfair.surfaces.shop.guest import known
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.page import Page
from countyfair.surfaces.ui.translation import spoken

#: Pages that show what anybody may see: kept by the browser alone, since the head counts the basket.
BROWSED = "private, no-cache"
#: Pages that show who ordered what: kept nowhere.
PERSONAL = "no-store"


@dataclass(frozen=True, slots=True)
class Frame:
    """The head of a page: packs in the basket, what was searched for, which row one stands in."""

    packs: int
    searched: str = ""
    category: str = ""
    county: str = ""

    def key(self, page: Page) -> tuple[object, ...] | None:
        """All that the bar of this page shows; None where it shows what somebody searched for."""
        here = (page.within("/orders/"), page.path == url("shop:basket"))
        return None if self.searched else (self.packs, here)

    @property
    def rows(self) -> Markup:
        return _rows(spoken(), self.category, self.county)


@lru_cache(maxsize=512)
def _rows(language: str, current: str, county: str) -> Markup:
    """The links to all rows of a county, which all pages of a language share: drawn once a process."""
    return ui.part("shop/rows.html", {"rows": ROWS, "current": current, "county": county})


def browse(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    searched: str = "",
    category: str = "",
    county: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page that anybody may see."""
    return _page(
        request, template, context, Frame(known(request).packs, searched, category, county), status, BROWSED
    )


def personal(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
    packs: int | None = None,
) -> HttpResponse:
    """A page for one person only: basket, checkout, orders."""
    frame = Frame(known(request).packs if packs is None else packs)
    return _page(request, template, context, frame, status, PERSONAL)


def _page(
    request: HttpRequest, template: str, context: Mapping[str, object], frame: Frame, status: int, cache: str
) -> HttpResponse:
    response = ui.render(request, f"shop/{template}.html", {**context, "frame": frame}, status=status)
    response["Cache-Control"] = cache
    return response


def confirm(
    request: HttpRequest, *, question: Sentence, consequences: Sequence[Sentence], action: Sentence, back: str
) -> HttpResponse:
    """Ask once more before something of the visitor's own is called off; `back` is where a no leads."""
    context: dict[str, object] = {
        "question": question,
        "consequences": consequences,
        "action_label": action,
        "cancel_url": back,
        "action": request.path,
        "hidden": {},
        "once": False,
        "danger": True,
    }
    response = ui.render(request, "ui/confirm.html", context)
    response["Cache-Control"] = PERSONAL
    return response
