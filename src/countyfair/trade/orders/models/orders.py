"""Baskets, orders with frozen lines and shares, and the journal of their life."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.trade.orders.rules.life import STATES


class Basket(models.Model):
    """What somebody means to buy: a guest's, known by its id in a cookie, or a member's."""

    #: Nothing is promised by a basket, and what was in it is nobody's business afterwards.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField("people.User", on_delete=models.CASCADE, related_name="+", null=True)
    touched_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["touched_at"], name="basket_touched")]


class BasketLine(models.Model):
    """So many packs of one offer. Nothing is promised before the order is placed."""

    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    basket = models.ForeignKey("orders.Basket", on_delete=models.CASCADE, related_name="+", db_index=False)
    offer = models.ForeignKey("catalog.Offer", on_delete=models.CASCADE, related_name="+")
    quantity = models.IntegerField()
    added_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["basket", "offer"], name="basket_offer_once"),
            models.CheckConstraint(name="basket_quantity", condition=Q(quantity__gt=0, quantity__lte=999)),
        ]


class ShareTerms(models.Model):
    """How a county's sales are split, by version: exact rates that sum to one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    version = models.IntegerField()
    household_rate = models.DecimalField(max_digits=7, decimal_places=6)
    station_rate = models.DecimalField(max_digits=7, decimal_places=6)
    centre_rate = models.DecimalField(max_digits=7, decimal_places=6)
    platform_rate = models.DecimalField(max_digits=7, decimal_places=6)
    return_window_days = models.IntegerField(default=7)
    claim_window_days = models.IntegerField(default=14, db_default=14)
    #: How far the packed weight may be from the ordered one: the buyer accepts it with the order.
    weight_tolerance = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.1"))
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "version"], name="share_terms_version"),
            models.CheckConstraint(
                name="share_terms_whole",
                condition=Q(
                    household_rate__gte=0,
                    station_rate__gte=0,
                    centre_rate__gte=0,
                    platform_rate=1 - F("household_rate") - F("station_rate") - F("centre_rate"),
                )
                & Q(platform_rate__gte=0),
            ),
            models.CheckConstraint(
                name="share_terms_tolerance",
                condition=Q(weight_tolerance__gte=0, weight_tolerance__lte=Decimal("0.5")),
            ),
        ]
        triggers = [Audited()]


class Order(models.Model):
    """One purchase from one county. What it says was frozen when it was placed.

    `station` is where the buyer picks it up; `origin` is the station that packs it (null: the
    county centre) and `origin_place` its place. `intent` is the key of the payment asked for.
    `goods_fen` is what promotions left to pay for the goods; `discount_fen` is what they took off.
    `gift`: it goes to somebody else, without prices; who that is stands in its sealed contact.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    number = models.CharField(max_length=20)
    buyer = models.ForeignKey(
        "people.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    outlet = models.CharField(max_length=20, default="shop")
    state = models.CharField(max_length=12, default="placed")
    goods_fen = models.BigIntegerField()
    freight_fen = models.BigIntegerField()
    total_fen = models.BigIntegerField()
    discount_fen = models.BigIntegerField(default=0, db_default=0)
    group = models.ForeignKey(
        "promotions.Promotion", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    gift = models.BooleanField(default=False, db_default=False)
    currency = models.CharField(max_length=3, default="CNY")
    fulfilment = models.CharField(max_length=10)
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="+", null=True)
    destination = models.CharField(max_length=12, blank=True, default="")
    origin = models.ForeignKey(
        "stations.Station", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    origin_place = models.CharField(max_length=12)
    gateway = models.CharField(max_length=20)
    intent = models.UUIDField()
    freight_version = models.IntegerField()
    return_window_days = models.IntegerField()
    content = models.CharField(max_length=64)
    placed_at = models.DateTimeField()
    pay_before = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="order_number"),
            models.CheckConstraint(
                name="order_total", condition=Q(total_fen=F("goods_fen") + F("freight_fen"))
            ),
            models.CheckConstraint(
                name="order_state",
                condition=Q(state__in=list(STATES)),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "state", "-placed_at"], name="order_county_state"),
            models.Index(fields=["county", "-placed_at"], name="order_county_placed"),
            models.Index(
                fields=["buyer", "-placed_at"], condition=Q(buyer__isnull=False), name="order_buyer"
            ),
            models.Index(fields=["county", "origin", "-placed_at"], name="order_origin"),
            models.Index(fields=["pay_before"], condition=Q(state="placed"), name="order_unpaid"),
            models.Index(fields=["delivered_at"], condition=Q(state="delivered"), name="order_in_window"),
            models.Index(fields=["number"], name="order_by_number"),
            models.Index(fields=["group"], condition=Q(group__isnull=False), name="order_group"),
        ]
        triggers = [Audited(image=False)]


class Contact(models.Model):
    """Who receives an order and where: sealed, apart from the order, erasable."""

    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="+", primary_key=True)
    county = models.CharField(max_length=6)
    sealed = models.TextField(blank=True, default="")
    phone_blind = models.CharField(max_length=64, blank=True, default="")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_blind"], name="contact_phone")]
        triggers = [Audited(private=("sealed", "phone_blind"), image=False)]


class ContactRead(models.Model):
    """Who opened the contact of an order, for which purpose, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    purpose = models.CharField(max_length=20)
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        indexes = [models.Index(fields=["county", "-at"], name="contact_read_at")]
        triggers = [AppendOnly()]


class Line(models.Model):
    """One kind of pack in an order, frozen as it was offered. Only the packed weight is added later.

    `amount_fen` is what the buyer pays for it: `quantity` times `price_fen` less `discount_fen`.
    `expected_on`: it was sold ahead of a harvest of that day; what it got of it is its Allotment.
    `brand` is whose mark it bore when it was ordered, as of `brand_version`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    position = models.SmallIntegerField()
    offer = models.ForeignKey("catalog.Offer", on_delete=models.PROTECT, related_name="+", db_index=False)
    offer_version = models.IntegerField()
    shop = models.ForeignKey("catalog.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    shop_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    label_zh = models.CharField(max_length=90)
    label_en = models.CharField(max_length=120, blank=True, default="")
    category = models.CharField(max_length=30)
    place = models.CharField(max_length=12)
    quantity = models.IntegerField()
    content_amount = models.BigIntegerField()
    unit = models.CharField(max_length=5)
    sold_by = models.CharField(max_length=6)
    price_fen = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    discount_fen = models.BigIntegerField(default=0, db_default=0)
    terms_version = models.IntegerField()
    expected_on = models.DateField(null=True)
    brand = models.ForeignKey(
        "catalog.Brand", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    brand_version = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_position"),
            models.CheckConstraint(
                name="line_brand",
                condition=Q(brand__isnull=True, brand_version__isnull=True)
                | Q(brand__isnull=False, brand_version__isnull=False),
            ),
            models.CheckConstraint(
                name="line_amount",
                condition=Q(amount_fen=F("price_fen") * F("quantity") - F("discount_fen")),
            ),
            models.CheckConstraint(
                name="line_discount",
                condition=Q(discount_fen__gte=0)
                & (Q(amount_fen__gte=F("quantity")) | Q(price_fen=0, discount_fen=0)),
            ),
        ]
        indexes = [models.Index(fields=["shop", "order"], name="line_shop")]
        triggers = [AppendOnly()]


class Share(models.Model):
    """Who is owed what of a line, frozen when it was placed. A correction is a further row.

    `beneficiary` is household, station, centre, courier, platform or channel; `owner` is its key. The
    shares of an order sum to what it was billed less what was refunded; a refund's own rows are
    negative, those of a bill make the line what it weighed, those of a discount say who bears it
    (negative), those with a claim who bears what is sent instead of what was claimed (negative), those with
    a fee what an outside platform kept for itself: its row, and what each other gives of theirs for it.
    A household's row keeps the lot's grade, its factor and the version of the standard they come from.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey(
        "orders.Line", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    county = models.CharField(max_length=6)
    beneficiary = models.CharField(max_length=10)
    owner = models.TextField()
    lot = models.ForeignKey(
        "stock.Lot", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    lot_amount = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField()
    terms_version = models.IntegerField()
    grade = models.CharField(max_length=20, blank=True, default="", db_default="")
    factor_milli = models.IntegerField(default=1000, db_default=1000)
    standard_version = models.IntegerField(default=0, db_default=0)
    refund = models.ForeignKey(
        "orders.Refund", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    bill = models.ForeignKey(
        "orders.Bill", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    discount = models.ForeignKey(
        "orders.LineDiscount", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    claim = models.ForeignKey(
        "orders.Claim", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    fee = models.ForeignKey(
        "orders.ChannelFee", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="share_beneficiary",
                condition=Q(
                    beneficiary__in=["household", "station", "centre", "courier", "platform", "channel"]
                ),
            )
        ]
        indexes = [models.Index(fields=["order"], name="share_order")]
        triggers = [AppendOnly()]


class Refund(models.Model):
    """What goes back to the buyer, of one order, for one reason: asked once under this id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    content = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [models.CheckConstraint(name="order_refund_amount", condition=Q(amount_fen__gt=0))]
        indexes = [models.Index(fields=["order"], name="order_refund_order")]
        triggers = [AppendOnly()]


class RefundLine(models.Model):
    """What of a line a refund gives back: its money, how many packs came back, and to which shelf."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    refund = models.ForeignKey("orders.Refund", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(
        "orders.Line", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    county = models.CharField(max_length=6)
    amount_fen = models.BigIntegerField()
    quantity = models.IntegerField(default=0)
    restocked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_line_amounts", condition=Q(amount_fen__gt=0, quantity__gte=0))
        ]
        indexes = [models.Index(fields=["line"], name="refund_line_line")]
        triggers = [AppendOnly()]


class Tick(models.Model):
    """A household says that its part of a line stands ready; taking it back deletes the row, on record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey("orders.Line", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    household = models.ForeignKey(
        "people.Household", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "household"], name="tick_once")]
        triggers = [Audited()]


class Step(models.Model):
    """One step in the life of an order: which verb, from which state to which, by whom, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    position = models.SmallIntegerField()
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=12, blank=True, default="")
    after = models.CharField(max_length=12)
    reason = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="step_position")]
        triggers = [AppendOnly()]
