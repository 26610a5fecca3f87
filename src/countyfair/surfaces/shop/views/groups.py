"""A group: its page for whoever has the link, and joining it, which is a checkout of its own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from countyfair.surfaces import ui
from countyfair.surfaces.shop import group_shown
from countyfair.surfaces.shop.frame import personal
from countyfair.surfaces.shop.pictures import food_of
from countyfair.surfaces.shop.views.checkout import Buying, answered
from countyfair.surfaces.ui.environment import url
from countyfair.surfaces.ui.formats import said
from countyfair.trade.promotions import queries


@require_safe
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """How a group stands, what a pack costs together and alone, until when, and the link to share."""
    seen = queries.group(group=group_id)
    context = {
        "group": seen,
        "name": said(seen.name_zh, seen.name_en),
        "goods": said(seen.product_zh, seen.product_en),
        "pack": said(seen.label_zh, seen.label_en),
        "food": food_of(seen.icon, seen.category),
        "missing": max(0, seen.needed - seen.joined),
        "address": group_shown.address(seen.id),
    }
    return personal(request, "group", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Order one pack at the group's price."""
    seen = queries.group(group=group_id)
    if not seen.is_open and request.method != "POST":
        ui.flash(request, _("Nobody can join this group any more."), "info")
        return HttpResponseRedirect(url("shop:group", group_id))
    address, back = url("shop:group_join", group_id), url("shop:group", group_id)
    came_from = (said(seen.name_zh, seen.name_en), back)
    return answered(request, Buying(seen.county, address, came_from, ((seen.offer, 1),), seen.id))
