"""Addresses of a household's own pages."""

from __future__ import annotations

from django.urls import path

from countyfair.surfaces.farmer.views import (
    agreeing,
    bringing,
    entering,
    guests,
    home,
    money,
    offering,
    packing,
)

app_name = "farmer"
urlpatterns = [
    path("", home.choose, name="choose"),
    path("worker.js", guests.worker, name="worker"),
    path("guests/", guests.choose, name="my_guests"),
    path("<uuid:household>/guests/", guests.guests, name="guests"),
    path("<uuid:household>/services/<uuid:product>/", guests.days, name="days"),
    path("<uuid:household>/services/<uuid:product>/rule/", guests.rule, name="rule"),
    path("<uuid:household>/", home.home, name="home"),
    path("<uuid:household>/agree/", agreeing.agree, name="agree"),
    path("<uuid:household>/agree/<uuid:consent>/", agreeing.evidence, name="evidence"),
    path("<uuid:household>/phone/", entering.phone, name="phone"),
    path("<uuid:household>/station/", home.station, name="station"),
    path("<uuid:household>/pack/", packing.pack, name="pack"),
    path("<uuid:household>/bring/", bringing.bring, name="bring"),
    path("<uuid:household>/bring.pdf", bringing.bring_paper, name="bring_paper"),
    path("<uuid:household>/money/", money.money, name="money"),
    path("<uuid:household>/goods/", offering.goods, name="goods"),
    path("<uuid:household>/goods/<uuid:product>/", offering.begin, name="begin"),
    path("<uuid:household>/harvests/<uuid:harvest>/", offering.harvest, name="harvest"),
    path("<uuid:household>/harvests/<uuid:harvest>/amount/", offering.amount, name="amount"),
    path("<uuid:household>/harvests/<uuid:harvest>/price/", offering.price, name="price"),
    path("<uuid:household>/harvests/<uuid:harvest>/voice/", offering.voice, name="voice"),
    path("<uuid:household>/harvests/<uuid:harvest>/withdraw/", offering.withdraw, name="withdraw"),
]
