"""Messages for the next page: a store that is made when one came with the request, or is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.messages.storage import default_storage
from django.contrib.messages.storage.base import BaseStorage, Message
from django.http import HttpRequest

#: The cookie in which they travel.
COOKIE = "messages"


class LaterMessages:
    """Stands for Django's store until something is asked of it; `made` is the store, where there is one."""

    __slots__ = ("made", "request")

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.made: BaseStorage | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing came and nothing was said."""
        return self.made is None and COOKIE not in self.request.COOKIES

    def store(self) -> BaseStorage:
        """Django's store, made now if it was not before."""
        if self.made is None:
            self.made = default_storage(self.request)
        return self.made

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store(), name)

    def __iter__(self) -> Iterator[Message]:
        return iter(self.store())

    def __len__(self) -> int:
        return len(self.store())
