"""Shops, products, photos, packs and offers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Left

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7


class Shop(models.Model):
    """A stall at the fair, run by one operator: an organisation or a household."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    slug = models.SlugField(max_length=60)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    operator_kind = models.CharField(max_length=20)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+", null=True
    )
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+", null=True)
    #: Other names by which buyers know it or its household, with `rules.naming.NAMES_APART` between them.
    known_as = models.CharField(max_length=80, blank=True, default="", db_default="")
    licence_number = models.CharField(max_length=40, blank=True, default="")
    #: What its people did before; shown only while their household's consent to that stands.
    background = models.CharField(max_length=20, blank=True, default="", db_default="")
    #: Whether something that takes off its prices is told on its page and its goods' pages, or was.
    announces = models.BooleanField(default=False, db_default=False)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "slug"], name="shop_slug"),
            models.CheckConstraint(
                name="shop_one_operator",
                condition=Q(organisation__isnull=False, household__isnull=True)
                | Q(organisation__isnull=True, household__isnull=False),
            ),
        ]
        triggers = [Audited(private=("background",))]


_LISTED = Q(listed_at__isnull=False)
_NUMBERED = Q(shelf_no__isnull=False)


class Product(models.Model):
    """What is grown or made, where it comes from, and when it is in season."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shop = models.ForeignKey("catalog.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    kind = models.CharField(max_length=10, default="goods")
    category = models.CharField(max_length=30)
    place = models.CharField(max_length=12)
    season_months = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    story_zh = models.TextField(blank=True, default="")
    story_en = models.TextField(blank=True, default="")
    unit = models.CharField(max_length=5)
    variety_zh = models.CharField(max_length=40, blank=True, default="", db_default="")
    variety_en = models.CharField(max_length=60, blank=True, default="", db_default="")
    icon = models.CharField(max_length=60, blank=True, default="")
    #: Lexemes; see `rules.searching`.
    search_terms = SearchVectorField(null=True)
    #: When its newest offer in the shop was put up; null while nothing of it is on sale there.
    listed_at = models.DateTimeField(null=True)
    #: Grows with each product that comes onto a shelf or has a newer offer there; null with `listed_at`.
    shelf_no = models.BigIntegerField(null=True, editable=False)
    #: Fen for a kilogram in the cheapest offer of the shop; null for pieces and while nothing is on sale.
    kilo_fen = models.BigIntegerField(null=True, editable=False)
    #: What lists can be narrowed to that it bears; `catalog_bear` notes it. Certificates, marks, grades.
    bears = ArrayField(models.TextField(), default=list, db_default=[], blank=True, editable=False)
    #: Since when something is counted in its unit, of its kind: both stay from then on.
    bound_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="product_code"),
            models.CheckConstraint(name="product_unit", condition=Q(unit__in=["g", "piece"])),
            models.CheckConstraint(name="product_kind", condition=Q(kind__in=["goods", "service"])),
            models.CheckConstraint(
                name="product_shelf_no",
                condition=Q(listed_at__isnull=True, shelf_no__isnull=True)
                | Q(listed_at__isnull=False, shelf_no__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "code"], name="product_shop"),
            models.Index(fields=["county", "-listed_at", "-id"], condition=_LISTED, name="product_listed"),
            models.Index(
                fields=["county", "category", "-listed_at", "-id"], condition=_LISTED, name="product_category"
            ),
            models.Index(
                F("county"),
                OpClass(F("place"), "text_pattern_ops"),
                F("listed_at").desc(),
                F("id").desc(),
                condition=_LISTED,
                name="product_place",
            ),
            models.Index(fields=["county", "-shelf_no"], condition=_NUMBERED, name="product_shelf"),
            models.Index(
                fields=["county", "name_zh", "-shelf_no"], condition=_NUMBERED, name="product_called"
            ),
            models.Index(
                fields=["county", "category", "name_zh", "-shelf_no"],
                condition=_NUMBERED,
                name="product_called_in_row",
            ),
            models.Index(
                F("county"),
                Left("place", 9),
                F("listed_at").desc(),
                F("id").desc(),
                condition=_LISTED,
                name="product_township",
            ),
            models.Index(fields=["shop", "-listed_at", "-id"], condition=_LISTED, name="product_stall"),
            GinIndex(
                F("search_terms"),
                Func("county", "category", "shelf_no", function="catalog_stretches"),
                Func(
                    "county",
                    "place",
                    "season_months",
                    Func("kilo_fen", function="catalog_band"),
                    "bears",
                    function="catalog_tags",
                ),
                name="product_found",
            ),
        ]
        triggers = [Audited(private=("search_terms",))]


class Photo(models.Model):
    """A picture of a product, re-encoded by us in several widths; `digest` names its files."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    digest = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    alt_zh = models.CharField(max_length=120, blank=True, default="")
    alt_en = models.CharField(max_length=160, blank=True, default="")
    place_in_row = models.SmallIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["product", "place_in_row"], name="photo_product")]
        triggers = [Audited()]


class Voice(models.Model):
    """Somebody who grows a product tells of it, re-encoded by us; `digest` names its file.

    Buyers hear it from `shown_at` on, until it is withdrawn. `words` is what is said, once written.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    digest = models.CharField(max_length=64)
    #: Whose it is: it is heard while they agree to selling. Null for what belongs to no household.
    household = models.ForeignKey(
        "people.Household", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    length_ms = models.IntegerField()
    words = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="voice_length", condition=Q(length_ms__gt=0))]
        indexes = [
            models.Index(fields=["digest"], name="voice_file"),
            models.Index(
                fields=["product", "-shown_at"],
                condition=Q(shown_at__isnull=False, withdrawn_at__isnull=True),
                name="voice_heard",
            ),
        ]
        triggers = [Audited(private=("words",))]


class Pack(models.Model):
    """How a product is sold: so many base units at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    code = models.CharField(max_length=40)
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=80, blank=True, default="")
    content_amount = models.BigIntegerField()
    sold_by = models.CharField(max_length=6, default="piece")
    tare_g = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="pack_code"),
            models.CheckConstraint(name="pack_content", condition=Q(content_amount__gt=0)),
            models.CheckConstraint(name="pack_sold_by", condition=Q(sold_by__in=["piece", "weight"])),
        ]
        triggers = [Audited()]


class Offer(models.Model):
    """A pack put up for sale at one outlet at a price; `version` grows with each change of terms.

    `expected_on`: it is sold ahead of a harvest that is expected then; null for what lies there.
    `brand` is whose mark it bears while its shop is licensed; stock keeps what feeds it to the
    brand's grades. `most_per_buyer`: so many packs of it go to one buyer in all, while its time lasts; null:
    no such cap. `bundled`: a bundle names it, or did. `least_grade` is the least that it draws on; "" for
    whatever lies there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pack = models.ForeignKey("catalog.Pack", on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    outlet = models.CharField(max_length=20, default="shop")
    price_fen = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="draft")
    version = models.IntegerField(default=1)
    most_per_order = models.IntegerField(default=99)
    most_per_buyer = models.IntegerField(null=True)
    bundled = models.BooleanField(default=False, db_default=False)
    put_up_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)
    brand = models.ForeignKey(
        "catalog.Brand", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    least_grade = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="offer_price", condition=Q(price_fen__gt=0)),
            models.CheckConstraint(
                name="offer_most_per_buyer",
                condition=Q(most_per_buyer__isnull=True) | Q(most_per_buyer__gt=0),
            ),
            models.CheckConstraint(name="offer_state", condition=Q(state__in=["draft", "on", "off"])),
            models.UniqueConstraint(
                fields=["pack", "outlet"], condition=~Q(state="off"), name="offer_one_per_outlet"
            ),
        ]
        indexes = [
            models.Index(
                F("county"),
                F("state"),
                F("put_up_at").desc(nulls_last=True),
                F("id").desc(),
                name="offer_in_state",
            ),
            models.Index(
                F("county"), F("put_up_at").desc(nulls_last=True), F("id").desc(), name="offer_put_up"
            ),
            models.Index(fields=["product"], name="offer_product"),
            models.Index(
                fields=["county"],
                condition=Q(state="on")
                & (Q(expected_on__isnull=False) | Q(opens_at__isnull=False) | Q(closes_at__isnull=False)),
                name="offer_dated",
            ),
        ]
        triggers = [Audited()]


class BulkChange(models.Model):
    """Many offers changed at once; `undoes` is the change that it takes back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    content = models.CharField(max_length=64)
    undoes = models.OneToOneField("catalog.BulkChange", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        triggers = [AppendOnly()]


class BulkRow(models.Model):
    """An offer of a bulk change: its terms before, and the version that the change made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bulk = models.ForeignKey("catalog.BulkChange", on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey("catalog.Offer", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    before = models.JSONField()
    version = models.IntegerField()

    class Meta:
        triggers = [AppendOnly()]
