"""One load of two real counties for a module's tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from countyfair.registers.places.actions import load_divisions
from countyfair.registers.places.tests.shipped import LOADER, SAMPLE, SHIPPED
from tests.databases import empty


@pytest.fixture(scope="module")
def sample_counties(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The whole country to the county, and Rongshui and Huixian to the village."""
    with django_db_blocker.unblock():
        load_divisions(LOADER, folder=SHIPPED, counties=SAMPLE)
    yield
    with django_db_blocker.unblock():
        empty()


@pytest.fixture(scope="module")
def whole_country(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Everything that is shipped, with the planner's figures up to date."""
    with django_db_blocker.unblock():
        load_divisions(LOADER, folder=SHIPPED)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE places_division")
    yield
    with django_db_blocker.unblock():
        empty()
