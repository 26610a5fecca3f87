"""How allauth's views are shown: on our components, with 422 where a form came back wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse

from countyfair.surfaces import ui


class Shown:
    """Mixed in before one of allauth's views: its context, in our template."""

    request: HttpRequest
    template_name: str

    def render_to_response(self, context: Mapping[str, Any], **_options: Any) -> HttpResponse:
        form = context.get("form")
        wrong = bool(form is not None and form.is_bound and form.errors)
        given = {**context, "form": form, "problems": problems(form) if wrong else {}}
        given["next"] = context.get("redirect_field_value") or self.request.GET.get("next", "")
        return ui.render(
            self.request, self.template_name, given, surface="account", status=422 if wrong else 200
        )


def problems(form: Any) -> dict[str, str]:
    """The first problem of each field; "" holds that of the whole form."""
    return {("" if name == "__all__" else name): str(found[0]) for name, found in form.errors.items()}


def with_next(request: HttpRequest, address: str) -> str:
    """`address`, keeping where the person wanted to go, when that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return f"{address}?{urlencode({'next': wanted})}" if get_adapter().is_safe_url(wanted) else address
