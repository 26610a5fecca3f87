"""What a product is, goods or a service and in which unit, stays once something rests on it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.refusal import Missing, Stale
from countyfair.kernel.verbs import verb
from countyfair.trade.catalog.models import Product


@verb
def bind_product(actor: Actor, *, product: UUID, kind: str = "") -> None:
    """Keep a product what it is from now on. For rooms above, which count in its unit; again is nothing.

    Args:
        kind: what the caller takes it for, `goods` or `service`; "" for whatever it is.

    Raises:
        Missing: no such product.
        Stale: it was made something else meanwhile.
    """
    row = Product.objects.select_for_update(no_key=True).only("kind", "bound_at").filter(pk=product).first()
    if row is None:
        raise Missing(_("There is no such product."))
    if kind and row.kind != kind:
        raise Stale(_("The product was changed meanwhile. Open the page again."))
    if row.bound_at is None:
        row.bound_at = now()
        row.save(update_fields=["bound_at"])
