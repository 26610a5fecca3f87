"""Answers packed with gzip, at a sixth of what zlib takes for it."""

from __future__ import annotations

import os

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from isal import isal_zlib

from countyfair.surfaces.ui.headers import vary

#: Shorter ones go in one packet either way.
LEAST = 1_000
#: A gzip member that bears a name, of no time, from no known system (RFC 1952); a raw stream follows.
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"
RAW = -15
LEVEL = 1


class Packing(GZipMiddleware):
    """Django's, with a faster way for answers that are whole; what comes in pieces goes Django's own."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Pack the answer, where the browser takes it and it gets shorter."""
        if not isinstance(response, HttpResponse) or response.streaming:
            return super().process_response(request, response)
        content = response.content
        if len(content) < LEAST or "Content-Encoding" in response.headers:
            return response
        vary(response, "Accept-Encoding")
        if "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
            return response
        packed = gzip(content, os.urandom(1)[0] * self.max_random_bytes >> 8)
        if len(packed) >= len(content):
            return response
        response.content = packed
        response.headers["Content-Length"] = str(len(packed))
        response.headers["Content-Encoding"] = "gzip"
        tag = response.headers.get("ETag", "")
        if tag.startswith('"'):
            response.headers["ETag"] = f"W/{tag}"
        return response


def gzip(content: bytes, padding: int) -> bytes:
    """`content` as a gzip member that a name of `padding` letters makes longer.

    A length that differs from answer to answer hides how well a guess beside a secret packs (BREACH).
    """
    tail = isal_zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFF_FFFF).to_bytes(4, "little")
    return b"".join((HEAD, b"a" * padding, b"\0", isal_zlib.compress(content, LEVEL, RAW), tail))
