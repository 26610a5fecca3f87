"""What the visitor without a browser reads on a page."""

from __future__ import annotations

import pytest

from benchmarks.web import Answer, resources

PAGE = """
<link rel="stylesheet" href="/static/a/shop-1.css"><link rel=icon href="/static/a/tent.svg">
<script type="module" src="/static/a/shop-1.js"></script><link rel="modulepreload" href="/static/a/base-1.js">
<form action="/basket/change/" method="post"><input name="quantity" value="9"></form>
<form method="post" action="/basket/add/">
  <input type="hidden" name="csrfmiddlewaretoken" value="t">
  <input type="radio" name="offer" value="a"><input type="radio" name="offer" value="b" checked>
  <input type="radio" name="offer" value="c" disabled checked>
  <select name="place_1"><option value="">-</option><option value="45" selected>广西</option></select>
  <textarea name="note"></textarea>
</form>
"""


def _page() -> Answer:
    return Answer(200, {}, PAGE.encode(), 0, "/goods/1/")


def test_a_form_is_sent_as_it_stands_on_the_page() -> None:
    assert _page().form("/basket/add/") == {
        "csrfmiddlewaretoken": "t", "offer": "b", "place_1": "45", "note": "",
    }  # fmt: skip


def test_a_page_without_the_form_is_told_of() -> None:
    with pytest.raises(LookupError, match="no form"):
        _page().form("/checkout/")


def test_styles_and_scripts_are_weighed_and_pictures_not() -> None:
    assert resources(PAGE) == ["/static/a/shop-1.css", "/static/a/shop-1.js", "/static/a/base-1.js"]
