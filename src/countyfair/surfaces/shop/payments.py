"""Where payment providers knock: one address a gateway, for machines, answered in JSON.

A notice is kept first and settled right after, each in its own transaction; a provider that had its
answer need not come again, and one that had none will.
"""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from countyfair.kernel.actor import Actor
from countyfair.trade.payments import actions
from countyfair.trade.payments.gateways import GATEWAYS

log = logging.getLogger(__name__)

#: No provider sends more than a few hundred bytes.
LARGEST = 64 * 1024


@csrf_exempt
@require_POST
def notify(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take a notice: 200 when it is kept (now or before), in the provider's own words where it wants them;
    401 when the provider did not sign it."""
    if gateway not in GATEWAYS:
        return problem(404, "no-such-gateway", "There is no such gateway here.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return problem(413, "too-large", f"A notice has at most {LARGEST} bytes.")
    receipt = actions.receive_notice(
        Actor.guest(f"gateway:{gateway}"), gateway=gateway, headers=request.headers, body=request.body
    )
    if receipt.answer == "forged":
        return problem(401, "not-signed", "The notice is not signed with our key, or too old.")
    if receipt.notice is not None:
        try:
            actions.settle_notice(Actor.system("payments.notify"), notice=receipt.notice)
        except DatabaseError:
            log.exception("notice %s waits for the job", receipt.notice)
    if thanks := GATEWAYS[gateway].thanks:
        return HttpResponse(thanks, content_type="text/plain")
    return JsonResponse({"answer": receipt.answer})


def problem(status: int, kind: str, detail: str) -> JsonResponse:
    """A refusal for machines (RFC 9457)."""
    return JsonResponse(
        {"type": f"urn:countyfair:problem:{kind}", "title": kind, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )
