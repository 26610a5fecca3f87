"""Tokens of forms: Django takes them, and no two are the same."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CsrfViewMiddleware
from django.test import Client, RequestFactory

from countyfair.surfaces.ui.form_token import form_token, masked

SECRET = "".join(CSRF_ALLOWED_CHARS[at * 7 % 62] for at in range(32))


def refused(token: str, cookie: str = SECRET) -> HttpResponse | None:
    """Django's answer to a form with this token; None where it lets the form through."""
    guard = CsrfViewMiddleware(lambda _: HttpResponse())
    request = RequestFactory(enforce_csrf_checks=True).post("/", {"csrfmiddlewaretoken": token})
    request.COOKIES["csrftoken"] = cookie
    guard.process_request(request)
    answer = guard.process_view(request, lambda _: HttpResponse(), (), {})
    assert answer is None or isinstance(answer, HttpResponse)
    return answer


def test_django_takes_what_is_masked_here() -> None:
    assert all(refused(masked(SECRET)) is None for _ in range(200))


def test_one_letter_off_is_refused() -> None:
    token = masked(SECRET)
    other = CSRF_ALLOWED_CHARS[(CSRF_ALLOWED_CHARS.index(token[40]) + 1) % 62]
    assert refused(token[:40] + other + token[41:]) is not None
    assert refused(masked(SECRET), cookie=SECRET[::-1]) is not None


def test_masks_are_even() -> None:
    """62 letters, 64,000 drawn: each stands 1,032 times, give or take six standard deviations."""
    drawn = Counter("".join(masked(SECRET)[:32] for _ in range(2000)))
    assert set(drawn) == set(CSRF_ALLOWED_CHARS)
    assert all(abs(count - 1032) < 200 for count in drawn.values())


def test_a_first_form_brings_the_cookie_and_later_ones_leave_it() -> None:
    request = HttpRequest()
    first = form_token(request)
    assert request.META.pop("CSRF_COOKIE_NEEDS_UPDATE")
    assert len(first) == len(form_token(request)) == 64
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
    assert first != form_token(request)


def test_a_form_of_a_real_page_is_taken() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/account/sign-in/")
    assert page.status_code == 200
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    again = client.get("/account/sign-in/").content.decode()
    later = again.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert later != token
    for each in (token, later):
        answer = client.post("/account/sign-in/", {"csrfmiddlewaretoken": each, "phone": ""})
        assert answer.status_code != 403
    assert client.post("/account/sign-in/", {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
