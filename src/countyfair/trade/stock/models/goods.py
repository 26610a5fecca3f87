"""Pools, lots, supplies, reservations, and the journal of movements that moves all counters."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Pool(models.Model):
    """One physical stock of one product: every outlet draws on the same lots."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="pool_name")]
        triggers = [Audited()]


class Lot(models.Model):
    """What one household delivered at one weigh-in. The counters follow the movements.

    An `expected` lot is a harvest sold ahead: promised of, never sent, and emptied when it is allotted.
    Of a service: the places that one household has open on one day, `service_on`; it is "harvested" on it.

    A lot that a standard graded keeps that standard, its version, what was measured and the factor of
    its grade; `graded_by` is `measured` or `picture`. Without one, `grade` is a word of whoever weighed.
    `blocked_by` is the key of who keeps it from being sold, e.g. a recall; "" for nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    pool = models.ForeignKey("stock.Pool", on_delete=models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(
        "people.Household", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    station = models.ForeignKey(
        "stations.Station", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    #: The announcement that this is the harvest of, or part of it.
    harvest = models.ForeignKey("stock.Harvest", on_delete=models.PROTECT, related_name="+", null=True)
    number = models.CharField(max_length=20)
    place = models.CharField(max_length=12)
    field = models.CharField(max_length=60, blank=True, default="")
    harvested_on = models.DateField()
    service_on = models.DateField(null=True)
    weighed_at = models.DateTimeField()
    unit = models.CharField(max_length=5)
    grade = models.CharField(max_length=20, blank=True, default="")
    standard = models.ForeignKey(
        "catalog.Standard", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    standard_version = models.IntegerField(default=0, db_default=0)
    factor_milli = models.IntegerField(default=1000, db_default=1000)
    graded_by = models.CharField(max_length=10, blank=True, default="", db_default="")
    measured = models.JSONField(default=dict, db_default={})
    on_hand = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    blocked_by = models.TextField(blank=True, default="", db_default="")
    #: An index may ask for lots that still have something to sell without being touched by every movement.
    has_free = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(on_hand__gt=F("reserved")) & Q(blocked_by=""), models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    content = models.CharField(max_length=64)
    expected = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lot_expected",
                condition=Q(expected=False) | Q(harvest__isnull=False, standard__isnull=True),
            ),
            models.CheckConstraint(
                name="lot_never_oversold", condition=Q(reserved__gte=0, on_hand__gte=F("reserved"))
            ),
            models.UniqueConstraint(fields=["county", "number"], name="lot_number"),
            models.UniqueConstraint(
                fields=["pool", "service_on"],
                condition=Q(service_on__isnull=False),
                name="lot_day_of_service",
            ),
            models.CheckConstraint(
                name="lot_service",
                condition=Q(service_on__isnull=True)
                | Q(service_on=F("harvested_on"), unit="piece", standard__isnull=True),
            ),
            models.CheckConstraint(
                name="lot_graded",
                condition=Q(standard__isnull=True, standard_version=0, factor_milli=1000, graded_by="")
                | (
                    Q(standard__isnull=False, standard_version__gt=0, factor_milli__gt=0)
                    & Q(graded_by__in=["measured", "picture"])
                    & ~Q(grade="")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["pool", "harvested_on", "id"], name="lot_in_pool"),
            models.Index(fields=["pool", "harvested_on", "id"], condition=Q(has_free=True), name="lot_free"),
            models.Index(fields=["station", "-weighed_at"], name="lot_station"),
            models.Index(fields=["county", "-weighed_at"], name="lot_county"),
            models.Index(fields=["household", "-weighed_at"], name="lot_household"),
        ]
        triggers = [Audited(counters=True)]


class Harvest(models.Model):
    """A harvest that a household announced before it is weighed, with the price it wishes for.

    state: draft → announced → weighed, or draft or announced → withdrawn. `wished_fen` is for 500 g, or
    for a piece. What was brought of it are the lots that name it. `pool_name`: sold ahead through this pool,
    until what was brought is allotted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    household = models.ForeignKey(
        "people.Household", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=12)
    unit = models.CharField(max_length=5)
    amount = models.BigIntegerField(default=0)
    wished_fen = models.BigIntegerField(default=0)
    expected_on = models.DateField()
    photo = models.CharField(max_length=64, blank=True, default="")
    photo_width = models.IntegerField(default=0)
    voice = models.ForeignKey("catalog.Voice", on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, default="draft")
    begun_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    announced_by = models.TextField(db_default=CurrentActor())
    pool_name = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="harvest_state", condition=Q(state__in=["draft", "announced", "weighed", "withdrawn"])
            ),
            models.CheckConstraint(
                name="harvest_announced",
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(amount__gt=0, wished_fen__gt=0, announced_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-begun_at"], name="harvest_household"),
            models.Index(fields=["product", "expected_on"], name="harvest_product"),
            models.Index(
                F("county"),
                OpClass(F("place"), "text_pattern_ops"),
                F("expected_on"),
                condition=Q(state="announced"),
                name="harvest_coming",
            ),
        ]
        triggers = [Audited()]


class Supply(models.Model):
    """An offer fed from a pool, with its own cap in base units; `used` follows the movements.

    With a `standard` it draws only on lots that this one graded, of a grade in `takes`; of each
    purchase `blend_percent` per cent at least are of the grades in `blend_of`. Of an offer that bears
    a `brand` it takes no grade outside `brand_grades`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    offer = models.OneToOneField("catalog.Offer", on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey("stock.Pool", on_delete=models.PROTECT, related_name="+", db_index=False)
    cap_amount = models.BigIntegerField(null=True)
    used = models.BigIntegerField(default=0)
    standard = models.ForeignKey(
        "catalog.Standard", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    takes = ArrayField(models.TextField(), default=list, db_default=[])
    blend_of = ArrayField(models.TextField(), default=list, db_default=[])
    blend_percent = models.SmallIntegerField(default=0, db_default=0)
    brand = models.ForeignKey(
        "catalog.Brand", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    brand_grades = ArrayField(models.TextField(), default=list, db_default=[])

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="supply_takes",
                condition=Q(standard__isnull=True, takes=[], blend_percent=0)
                | (Q(standard__isnull=False, blend_percent__range=(0, 100)) & ~Q(takes=[])),
            ),
            models.CheckConstraint(
                name="supply_blend",
                condition=Q(blend_percent=0, blend_of=[])
                | (Q(blend_percent__gt=0, takes__contains=F("blend_of")) & ~Q(blend_of=[])),
            ),
            models.CheckConstraint(
                name="supply_brand",
                condition=Q(brand__isnull=True, brand_grades=[])
                | (
                    Q(brand__isnull=False, standard__isnull=False, brand_grades__contains=F("takes"))
                    & ~Q(takes=[])
                    & ~Q(brand_grades__contains=["off"])
                ),
            ),
            models.CheckConstraint(
                name="supply_within_cap",
                condition=Q(used__gte=0) & (Q(cap_amount__isnull=True) | Q(used__lte=F("cap_amount"))),
            ),
        ]
        indexes = [models.Index(fields=["pool"], name="supply_pool")]
        triggers = [Audited(counters=True)]


class Reservation(models.Model):
    """Base units of one lot held for one holder. `holder` is the key of who asked, e.g. an order's line.

    state: held → dispatched, or held → released, or held → expired → held again (a late payment).
    What was held of an expected lot is `moved` onto weighed ones, or falls, when it is allotted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    supply = models.ForeignKey("stock.Supply", on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey("stock.Lot", on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField()
    holder = models.TextField()
    state = models.CharField(max_length=10, default="held")
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    #: How often it was taken: once, and once more for each payment that came after it expired.
    takes = models.SmallIntegerField(default=1)
    taken_back = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="reservation_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="reservation_taken_back", condition=Q(taken_back__gte=0, taken_back__lte=F("amount"))
            ),
            models.CheckConstraint(
                name="reservation_state",
                condition=Q(state__in=["held", "dispatched", "released", "expired", "moved"]),
            ),
        ]
        indexes = [
            models.Index(fields=["holder"], name="reservation_holder"),
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="reservation_expiring"),
            models.Index(fields=["lot"], condition=Q(state="held"), name="reservation_on_lot"),
        ]
        triggers = [Audited(image=False)]


#: What each kind of movement may move; see the table in `Movement`.
_SHAPES = (
    Q(kind="take_in", on_hand_delta__gt=0, reserved_delta=0, used_delta=0)
    | (Q(kind="correct", reserved_delta=0, used_delta=0) & ~Q(on_hand_delta=0))
    | (Q(kind="expect", reserved_delta=0, used_delta=0) & ~Q(on_hand_delta=0))
    | Q(kind="write_off", on_hand_delta__lt=0, reserved_delta=0, used_delta=0)
    | Q(kind="reserve", on_hand_delta=0, reserved_delta__gt=0, used_delta=F("reserved_delta"))
    | Q(kind="release", on_hand_delta=0, reserved_delta__lt=0, used_delta=F("reserved_delta"))
    | Q(kind="dispatch", on_hand_delta__lt=0, reserved_delta=F("on_hand_delta"), used_delta=0)
    | (Q(kind="take_back", on_hand_delta__gt=0, reserved_delta=0) & Q(used_delta=-1 * F("on_hand_delta")))
)


class Movement(models.Model):
    """One change of a lot, append only. Inserting it moves the counters of its lot and its supply.

    kind        on_hand  reserved  used (of the supply)
    take_in       +
    correct       ±
    expect        ±                  (of an expected lot)
    reserve                 +        +
    release                 −        −
    dispatch      −         −
    take_back     +                  −
    write_off     −
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    lot = models.ForeignKey("stock.Lot", on_delete=models.PROTECT, related_name="+", db_index=False)
    supply = models.ForeignKey(
        "stock.Supply", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    reservation = models.ForeignKey(
        "stock.Reservation", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    kind = models.CharField(max_length=10)
    on_hand_delta = models.BigIntegerField()
    reserved_delta = models.BigIntegerField()
    used_delta = models.BigIntegerField()
    source = models.TextField()
    reason = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.CheckConstraint(name="movement_shape", condition=_SHAPES),
            models.UniqueConstraint(fields=["source"], name="movement_source"),
        ]
        indexes = [
            models.Index(fields=["lot", "at"], name="movement_lot"),
            models.Index(fields=["county", "at"], name="movement_county"),
        ]
        triggers = [AppendOnly()]
