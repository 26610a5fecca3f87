"""The yardstick beside our pages: an empty page of a new Django project, served like the house.

The middleware that `django-admin startproject` writes down, one address, a template of two lines; no
database, no session. What it costs is what a request costs on this machine at this moment, before
anything is sold: a busy neighbour takes the caches within milliseconds, and a request after a pause
costs three times what it costs back to back. The module is settings, addresses and application in one.
"""

from __future__ import annotations

from secrets import token_urlsafe

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

ALLOWED_HOSTS = ["127.0.0.1"]
SECRET_KEY = token_urlsafe()
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "benchmarks.bare"
_PAGE = {"page.html": "<!doctype html><title>{{ title }}</title>\n<h1>{{ title }}</h1>"}
_KEPT = ("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", _PAGE)])
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": [_KEPT]}}]


def page(request: HttpRequest) -> HttpResponse:
    """The one page there is."""
    return render(request, "page.html", {"title": "Nothing is sold here"})


urlpatterns = [path("", page)]
application = get_wsgi_application()
