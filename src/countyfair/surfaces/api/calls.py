"""One request as an endpoint sees it, and what of it may be wrong before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Forbidden, Missing, Refusal
from countyfair.surfaces.api.callers import Caller
from countyfair.surfaces.centre.desk import kept_by

T = TypeVar("T")

#: What a file is sent as; what kind of file it is, nobody is believed.
FILE = "application/octet-stream"


class BadRequest(Refusal):
    """A header that this needs is missing or cannot be read."""

    status = 400
    code = "bad_request"


class NoVersion(Refusal):
    """A change without saying of which version."""

    status = 428
    code = "precondition_required"


class NotAFile(Refusal):
    """The body is not of the type that this takes."""

    status = 415
    code = "unsupported_media_type"


class TooLarge(Refusal):
    """A file of more bytes than this takes."""

    status = 413
    code = "content_too_large"


@dataclass(frozen=True, slots=True)
class Call:
    """One request as an endpoint sees it."""

    request: HttpRequest
    caller: Caller

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    @property
    def version(self) -> int:
        """The version that If-Match names.

        Raises:
            NoVersion: it names none.
        """
        tag = self.request.headers.get("If-Match", "").removeprefix("W/").strip('"')
        if not tag.startswith("v") or not tag[1:].isascii() or not tag[1:].isdigit() or len(tag) > 10:
            raise NoVersion(_("Send If-Match with the ETag of the version that you change."))
        return int(tag[1:])

    def file(self, most: int) -> bytes:
        """The body as a file of at most so many bytes; what it is, is seen from what it says.

        Raises:
            NotAFile: it is sent as something else.
            TooLarge: it has more bytes.
        """
        if self.request.content_type != FILE:
            raise NotAFile(_("Send the file itself as application/octet-stream."))
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > most:
            raise TooLarge(_("The file is too large."), details={"most_bytes": most})
        return self.request.read()

    def require(self, power: str, county: str) -> None:
        """Raise Forbidden unless the power is held at the county, as its desk's pages do."""
        self.actor.require(power, place=county)

    def require_or_keep(self, power: str, county: str) -> None:
        """The same, and open to who holds the power at an organisation of the county, over what is its own.

        Raises:
            Forbidden: neither.
        """
        if self.actor.may(power, place=county):
            return
        held = self.actor.organisations(power)
        if not any(row.county == county and row.id in held for row in kept_by(self.actor)):
            self.require(power, county)


def belongs(county: str, read: Callable[[], T], whose: Callable[[T], str]) -> T:
    """What `read` finds, when it is this county's.

    Raises:
        Missing: there is no such thing, or it is another county's: one is not told apart from the other.
    """
    try:
        found = read()
    except Forbidden:
        raise Missing(_("There is no such thing in this county.")) from None
    if whose(found) != county:
        raise Missing(_("There is no such thing in this county."))
    return found
