"""Every address of the deployment, by the surface that answers it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    # Tried from the top: what buyers ask for comes first.
    path("", include("countyfair.surfaces.shop.urls")),
    path("", include("countyfair.surfaces.ui.urls")),
    path("", include("countyfair.runtime.urls")),
    path("", include("countyfair.surfaces.shop.urls_payments")),
    path("api/v1/", include("countyfair.surfaces.api.urls")),
    path("centre/", include("countyfair.surfaces.centre.urls")),
    path("account/", include("countyfair.surfaces.account.urls")),
    path("courier/", include("countyfair.surfaces.courier.urls")),
    path("farmer/", include("countyfair.surfaces.farmer.urls")),
    path("station/", include("countyfair.surfaces.station.urls")),
]

handler400 = "countyfair.surfaces.ui.views.bad_request"
handler403 = "countyfair.surfaces.ui.views.forbidden"
handler404 = "countyfair.surfaces.ui.views.missing"
handler429 = "countyfair.surfaces.account.views.too_many"
handler500 = "countyfair.surfaces.ui.views.fault"
