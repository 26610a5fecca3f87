"""Addresses for payment providers."""

from __future__ import annotations

from django.urls import path

from countyfair.surfaces.shop import payments

app_name = "payments"

urlpatterns = [path("pay/<slug:gateway>/notify/", payments.notify, name="notify")]
