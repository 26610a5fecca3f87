"""Packed answers: any gzip reader opens them, and who does not take them gets them plain."""

from __future__ import annotations

import gzip
import zlib

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from countyfair.surfaces.ui import packing

LONG = "红茶 & 香菇".encode() * 100


def answer(response: HttpResponseBase, takes: str = "gzip, br") -> HttpResponseBase:
    request: HttpRequest = RequestFactory().get("/", headers={"accept-encoding": takes})
    return packing.Packing(lambda _: response).process_response(request, response)


@given(st.binary(max_size=5000), st.integers(0, 99))
def test_any_reader_of_gzip_opens_it(content: bytes, padding: int) -> None:
    packed = packing.gzip(content, padding)
    assert gzip.decompress(packed) == content
    assert zlib.decompress(packed, 31) == content


def test_its_length_differs_from_answer_to_answer() -> None:
    lengths = {len(packing.gzip(LONG, padding)) for padding in range(100)}
    assert len(lengths) == 100


def test_a_long_answer_is_packed() -> None:
    packed = answer(HttpResponse(LONG, headers={"ETag": '"7"'}))
    assert isinstance(packed, HttpResponse)
    assert gzip.decompress(packed.content) == LONG
    assert packed["Content-Length"] == str(len(packed.content))
    assert packed["Vary"] == "Accept-Encoding"
    assert packed["ETag"] == 'W/"7"'


@pytest.mark.parametrize(
    ("response", "takes"),
    [
        (HttpResponse(b"x" * (packing.LEAST - 1)), "gzip"),
        (HttpResponse(LONG), "br"),
        (HttpResponse(LONG, headers={"Content-Encoding": "br"}), "gzip"),
        (HttpResponse(bytes(range(256))), "gzip"),
    ],
    ids=["short", "not taken", "packed before", "would get longer"],
)
def test_others_stay_as_they_are(response: HttpResponse, takes: str) -> None:
    before = response.content
    same = answer(response, takes)
    assert isinstance(same, HttpResponse)
    assert same.content == before


def test_what_comes_in_pieces_is_packed_too() -> None:
    packed = answer(StreamingHttpResponse(iter([LONG, LONG])))
    assert isinstance(packed, StreamingHttpResponse)
    assert gzip.decompress(b"".join(packed)) == LONG * 2
