"""Where Django keeps sessions: `SignIn` rows, known by user, so that they can be listed and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.dateparse import parse_datetime

from countyfair.registers.people.models import SignIn

if TYPE_CHECKING:
    Store = DatabaseStore[SignIn]
else:
    Store = DatabaseStore

#: Keys of the session that become columns.
AT = "signed_in_at"
DEVICE = "device"


class SessionStore(Store):
    """Django's database store on our table. A guest who never signs in has no row and costs no statement."""

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        return SignIn

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        row = super().create_model_instance(data)
        user = data.get("_auth_user_id")
        row.user_id = UUID(user) if user else None
        row.device = str(data.get(DEVICE, ""))[:200]
        row.at = parse_datetime(str(data.get(AT, ""))) or row.at
        return row
