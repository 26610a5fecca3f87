"""Who acts: the key that the log of changes keeps, and what roles let them do where."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Forbidden


@dataclass(frozen=True, slots=True)
class Grant:
    """A role resolved to its powers, held at a place (trimmed code, "" is the nation) or an organisation."""

    role: str
    powers: frozenset[str]
    place: str | None = None
    organisation: UUID | None = None

    def reaches(self, place: str | None, organisation: UUID | None) -> bool:
        """Down the subtree of its place, or exactly its organisation; never up, never sideways."""
        if self.place is not None and place is not None and place.startswith(self.place):
            return True
        return self.organisation is not None and self.organisation == organisation


@dataclass(frozen=True, slots=True)
class Actor:
    """`key` is `user:<id>`, `guest:<key>`, `system:<name>`; it holds no name and no phone."""

    key: str
    user_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    everything: bool = False

    @classmethod
    def system(cls, name: str) -> Actor:
        """The house itself at work, in a job named `name`; it may do everything."""
        return cls(f"system:{name}", everything=True)

    @classmethod
    def guest(cls, key: str) -> Actor:
        """A person without log-in, known by the key of their basket."""
        return cls(f"guest:{key}")

    def may(self, power: str, *, place: str | None = None, organisation: UUID | None = None) -> bool:
        return self.everything or any(
            power in grant.powers and grant.reaches(place, organisation) for grant in self.grants
        )

    def holds(self, power: str) -> bool:
        """Whether the power is held anywhere at all (for menus, never for access)."""
        return self.everything or any(power in grant.powers for grant in self.grants)

    def require(self, power: str, *, place: str | None = None, organisation: UUID | None = None) -> None:
        """Raise Forbidden unless `may`."""
        if not self.may(power, place=place, organisation=organisation):
            raise Forbidden(_("Your role does not allow this here."), details={"power": power})

    def places(self, power: str) -> tuple[str, ...]:
        """Prefixes of the places where the power is held, none inside another; ("",) is the nation."""
        if self.everything:
            return ("",)
        held = sorted({g.place for g in self.grants if power in g.powers and g.place is not None})
        return tuple(p for p in held if not any(p != q and p.startswith(q) for q in held))

    def organisations(self, power: str) -> tuple[UUID, ...]:
        """Organisations at which the power is held."""
        return tuple(
            {g.organisation for g in self.grants if power in g.powers and g.organisation is not None}
        )
