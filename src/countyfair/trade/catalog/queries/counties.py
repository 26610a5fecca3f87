"""Counties in which somebody sells."""

from __future__ import annotations

from countyfair.kernel.actor import Actor
from countyfair.kernel.rows import column


def counties(actor: Actor) -> list[str]:
    """Codes of the counties with a shop that one of the actor's roles reaches or lies in, by code."""
    held = sorted({grant.place for grant in actor.grants if grant.place is not None})
    return column(
        "SELECT DISTINCT s.county FROM catalog_shop s WHERE %(everything)s::boolean"
        " OR EXISTS (SELECT 1 FROM unnest(%(held)s::text[]) AS h (place)"
        " WHERE starts_with(s.county, h.place))"
        " ORDER BY s.county",
        {"held": held, "everything": actor.everything},
        of=str,
    )
