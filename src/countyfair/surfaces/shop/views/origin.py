"""Where it comes from: the pages behind the QR codes of parcels and lots, for people and for machines.

They are everybody's, and know neither buyer nor household. An address with `linkType=gs1:epcis`, or asked for
as JSON-LD, is answered with the EPCIS document of the same events.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Missing
from countyfair.surfaces.shop import origin_shown, place_names
from countyfair.surfaces.shop.frame import browse
from countyfair.surfaces.ui.linked_data import JSON_LD, linked
from countyfair.trade.trace import queries
from countyfair.trade.trace.rules.epcis import Json, document, lot_events, whole_parcel
from countyfair.trade.trace.rules.history import LotOf, ParcelOf
from countyfair.trade.trace.rules.numbers import item_of, waybill_of

EPCIS = "gs1:epcis"


@require_safe
def lot(request: HttpRequest, gtin: str, lot: str) -> HttpResponse:
    """A lot by its Digital Link: application identifiers 01 and 10."""
    names = queries.addresses()
    item = item_of(gtin, names.prefixes)
    if item is None:
        raise Missing(_("No goods of this fair have this number."))
    row = queries.lot_by_number(item, lot)
    if _wants_events(request):
        return _events(lot_events(row, names), f"lot-{row.number}")
    context = {
        "lot": origin_shown.lot(row, _place_names([row])),
        "events": names.lot(row) + f"?linkType={EPCIS}",
    }
    return _page(request, "origin_lot", context)


@require_safe
def parcel(request: HttpRequest, waybill: str) -> HttpResponse:
    """A parcel by the number of its waybill."""
    return _parcel(request, waybill)


@require_safe
def parcel_by_sscc(request: HttpRequest, sscc: str) -> HttpResponse:
    """A parcel by its Digital Link: application identifier 00."""
    waybill = waybill_of(sscc, queries.addresses().prefixes)
    if not waybill:
        raise Missing(_("There is no parcel with this number."))
    return _parcel(request, waybill)


def _parcel(request: HttpRequest, waybill: str) -> HttpResponse:
    names, row = queries.addresses(), queries.parcel_by_waybill(waybill)
    if _wants_events(request):
        return _events(whole_parcel(row, names), f"parcel-{row.waybill}")
    context = {
        "parcel": origin_shown.parcel(row, names, _place_names([one.lot for one in row.lots], row)),
        "events": names.parcel(row.county, row.waybill) + f"?linkType={EPCIS}",
    }
    return _page(request, "origin_parcel", context)


def _place_names(lots: Iterable[LotOf], parcel: ParcelOf | None = None) -> origin_shown.Names:
    """What the reader calls the places of these lots; at most one statement."""
    codes = {lot.place[:length] for lot in lots for length in (6, 9, 12) if len(lot.place) >= length}
    return place_names.names(codes | ({parcel.county} if parcel else set()))


def _wants_events(request: HttpRequest) -> bool:
    if request.GET.get("linkType") == EPCIS:
        return True
    return request.get_preferred_type(["text/html", JSON_LD]) == JSON_LD


def _events(events: Iterable[Json], name: str) -> HttpResponse:
    response = linked(document(events, queries.addresses(), now()), name)
    patch_vary_headers(response, ["Accept"])
    return response


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    response = browse(request, template, context)
    patch_vary_headers(response, ["Accept"])
    return response
