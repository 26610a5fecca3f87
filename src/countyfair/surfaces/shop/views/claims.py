"""A buyer's claims: told in a form, shown by photos, sent, looked at, withdrawn. No script is needed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Conflict, Invalid, Missing, Refusal, Sentence
from countyfair.surfaces import ui
from countyfair.surfaces.shop.claims_shown import TAGS, address, buyers_order, claimable, named
from countyfair.surfaces.shop.frame import PERSONAL, personal
from countyfair.surfaces.shop.guest import buyer
from countyfair.surfaces.ui.formats import said
from countyfair.surfaces.ui.given import Correctable, Given, Wrong, told
from countyfair.trade.catalog.rules.pictures import LARGEST_FILE
from countyfair.trade.orders import actions, queries
from countyfair.trade.orders.queries import claims as reads
from countyfair.trade.orders.queries.claim_rows import ClaimShown
from countyfair.trade.orders.queries.shown import LineShown
from countyfair.trade.orders.rules.claims import KINDS, MOST_PHOTOS, MOST_WORDS, STATES, WISHES


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, order_id: UUID, token: str = "") -> HttpResponse:
    """What is wrong with which of the goods; photos come next."""
    actor = buyer(request)
    row = queries.order(actor, order_id=order_id, token=token)
    if not row.is_buyer:
        raise Missing(_("There is no such order."))
    lines = claimable(row, reads.claims_on(actor, order=row))
    if request.method != "POST":
        if not lines:
            ui.flash(request, _("Nothing of this order can be claimed now."), "info")
            return HttpResponseRedirect(address("order", order_id, token))
        return _asking(request, row, lines, token)
    try:
        claim = _begin(request, actor, row, token)
    except Correctable as refusal:
        return _asking(request, row, lines or list(row.lines), token, refusal)
    return HttpResponseRedirect(address("claim", order_id, token, claim))


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, order_id: UUID, claim_id: UUID, token: str = "") -> HttpResponse:
    """One claim: add photos and send it, see what became of it, or take it back."""
    actor = buyer(request)
    row = _own(actor, order_id, claim_id, token)
    if request.method != "POST":
        return _claim(request, row, token)
    deed = _DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        return _claim(request, row, token)
    try:
        done = deed(request, actor, claim_id, token)
    except Correctable as refusal:
        return _claim(request, _own(actor, order_id, claim_id, token), token, refusal)
    ui.flash(request, done, "done")
    return HttpResponseRedirect(address("claim", order_id, token, claim_id))


@require_safe
def photo(
    request: HttpRequest, order_id: UUID, claim_id: UUID, photo_id: UUID, token: str = ""
) -> HttpResponse:
    """A picture of a claim, for its buyer."""
    actor = buyer(request)
    _own(actor, order_id, claim_id, token)
    return picture(reads.claim_photo(actor, claim_id=claim_id, photo_id=photo_id, token=token))


def picture(data: bytes) -> HttpResponse:
    """A private picture: shown, kept nowhere."""
    response = HttpResponse(data, content_type="image/webp")
    response["Cache-Control"] = PERSONAL
    return response


def _own(actor: Actor, order_id: UUID, claim_id: UUID, token: str) -> ClaimShown:
    row = reads.claim(actor, claim_id=claim_id, token=token)
    if row.order != order_id or not row.is_buyer:
        raise Missing(_("There is no such claim."))
    return row


def _begin(request: HttpRequest, actor: Actor, row: queries.OrderShown, token: str) -> UUID:
    """Begin what the form says; answers the claim's key, which the form made."""
    given = Given(request.POST)
    key = ui.once(request)
    line = _line(given, row)
    kind = given.text("kind", need=_("Choose what is wrong."))
    when = given.text("when", need=_("Say when you noticed it."))
    words = given.text("words", most=MOST_WORDS, need=_("Say what is wrong, in a few words."))
    amount = _amount(given, line) if line else 0
    given.stop()
    if line is None:
        raise Missing(_("There is no such line in this order."))
    actions.begin_claim(
        actor, claim_id=key, order_id=row.id, line_id=line.id, kind=kind, amount=amount,
        on_receipt=when == "receipt", words=words, wish=given.text("wish") or "money", token=token,
    )  # fmt: skip
    return key


def _line(given: Given, row: queries.OrderShown) -> LineShown | None:
    if len(row.lines) == 1:
        return row.lines[0]
    key = parse_uuid(given.text("line"))
    line = next((one for one in row.lines if one.id == key), None)
    if line is None:
        given.errors.append(("line", _("Choose which of the goods it is.")))
    return line


def _amount(given: Given, line: LineShown) -> int:
    """Base units: what was written by weight, else whole packs."""
    if line.unit == "g" and given.text("weight"):
        return given.amount("weight", line.unit)
    return line.of_packs(given.whole("packs"))


def _asking(
    request: HttpRequest,
    row: queries.OrderShown,
    lines: list[LineShown],
    token: str,
    refusal: Refusal | None = None,
) -> HttpResponse:
    errors = told(refusal)
    context = {
        "number": row.number,
        "lines": lines,
        "named": named,
        "kinds": KINDS,
        "wishes": WISHES,
        "is_pickup": row.fulfilment == "pickup",
        "by_weight": any(line.unit == "g" for line in lines),
        "most": max((line.quantity for line in lines), default=1),
        "back": address("order", row.id, token),
        "typed": request.POST,
        "once": request.POST.get("once"),
        "errors": errors,
        "wrong": Wrong(errors),
    }
    return personal(request, "claim_new", context, status=refusal.status if refusal else 200)


def _claim(request: HttpRequest, row: ClaimShown, token: str, refusal: Refusal | None = None) -> HttpResponse:
    errors = told(refusal)
    context = {
        "claim": row,
        "kind": KINDS[row.kind],
        "state_name": STATES[row.state],
        "tag": TAGS[row.state],
        "said": said,
        "photos": [(one, address("claim_photo", row.order, token, row.id, one.id)) for one in row.photos],
        "may_add": row.state in ("begun", "asked") and len(row.photos) < MOST_PHOTOS,
        "again": lambda order: buyers_order(order, token),
        "wish": WISHES[row.wish],
        "back": address("order", row.order, token),
        "errors": errors,
        "wrong": Wrong(errors),
    }
    return personal(request, "claim", context, status=refusal.status if refusal else 200)


def _add(request: HttpRequest, actor: Actor, claim: UUID, token: str) -> Sentence:
    file = request.FILES.get("photo")
    if file is None:
        raise Invalid(_("Choose a picture."), field="photo")
    data = file.read(LARGEST_FILE + 1)
    actions.add_claim_photo(actor, photo_id=ui.once(request), claim_id=claim, data=data, token=token)
    return _("The photo is with your claim.")


def _remove(request: HttpRequest, actor: Actor, claim: UUID, token: str) -> Sentence:
    key = parse_uuid(request.POST.get("photo_id", ""))
    if key is None:
        raise Conflict(_("There is no such photo."))
    actions.remove_claim_photo(actor, photo_id=key, claim_id=claim, token=token)
    return _("The photo is taken away.")


def _send(request: HttpRequest, actor: Actor, claim: UUID, token: str) -> Sentence:
    actions.send_claim(actor, claim_id=claim, token=token)
    return _("Your claim is with the county centre. The answer will stand here.")


def _withdraw(request: HttpRequest, actor: Actor, claim: UUID, token: str) -> Sentence:
    actions.withdraw_claim(actor, claim_id=claim, token=token)
    return _("Your claim is withdrawn.")


_DEEDS: dict[str, Callable[[HttpRequest, Actor, UUID, str], Sentence]] = {
    "photo": _add,
    "remove": _remove,
    "send": _send,
    "withdraw": _withdraw,
}
