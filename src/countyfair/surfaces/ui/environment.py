"""The Jinja environment: what every template can name without importing it."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined
from jinja2.runtime import Macro
from markupsafe import Markup

from countyfair.kernel.ids import uuid7
from countyfair.kernel.remembered import Remembered
from countyfair.surfaces.ui import formats
from countyfair.surfaces.ui.assets import assets
from countyfair.surfaces.ui.translation import Speaking, spoken
from countyfair.surfaces.ui.wording import worded

#: Where the components live; `ui.NAME` in a template finds NAME in one of them.
KIT = ("ui/kit/controls.html", "ui/kit/goods.html", "ui/kit/standing.html", "ui/kit/frame.html")

FORMATS = (
    "clock", "compact", "day", "jin", "kilograms", "local", "machine_time", "mass", "moment", "money",
    "money_compact", "money_parts", "number", "percent", "phone", "quantity", "short_day", "short_moment",
)  # fmt: skip


class Kit:
    """All components under one name: `ui.button`, `ui.field`, `ui.stall` …"""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Macro:
        if not name.startswith("_"):
            for file in KIT:
                macro = getattr(self._environment.get_template(file).module, name, None)
                if isinstance(macro, Macro):
                    if not self._environment.auto_reload:
                        setattr(self, name, macro)
                    return macro
        raise AttributeError(f"no component called {name}; surfaces/ui/README.md lists them")


class Templates(Environment):
    """Jinja's, but for the names that all templates know: one mapping.

    Jinja's own is a chain of mappings, which every rendering copies name by name.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend with its own options (loader, autoescape, auto_reload)."""
    options |= {
        "undefined": StrictUndefined,
        "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        "trim_blocks": True,
        "lstrip_blocks": True,
        "bytecode_cache": None if settings.DEBUG else FileSystemBytecodeCache(),
    }
    env = Templates(autoescape=True, **{key: value for key, value in options.items() if key != "autoescape"})
    i18n: Any = env  # the extension adds what follows
    i18n.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    env.globals |= {
        "_": say,
        "gettext": say,
        "drawn": drawn,
        "kept": kept,
        "new_id": uuid7,
        "ui": Kit(env),
    } | _constants()
    env.filters |= _formats()
    return env


def _formats() -> dict[str, Callable[..., object]]:
    return {name: getattr(formats, name) for name in FORMATS}


def _constants() -> dict[str, Callable[..., object]]:
    """Functions that give the same for the same arguments, within a language."""
    return _formats() | {
        "asset": assets().url,
        "assets": assets().head,
        "food": food,
        "sign": sign,
        "url": url,
    }


def in_language(base: Environment, language: str) -> Environment:
    """`base` with its templates compiled for one language."""

    def sentence(message: str) -> Markup:
        with Speaking(language):
            return _sentence(language, message)

    return worded(
        base,
        language=language,
        tag=html_language(language),
        sentence=sentence,
        constants=_constants(),
        components=Kit,
        written_in=KIT,
    )


def html_language(language: str) -> str:
    """A language of the settings as HTML names it."""
    return "zh-Hans" if language.startswith("zh") else "en"


def say(message: str, **values: object) -> Markup:
    """A sentence of a template in the language of the page; `values` are escaped into it.

    Looked up once a process and language: a page says a hundred, and the way through Jinja's and
    Django's own look-up is long.
    """
    text = _sentence(spoken(), message)
    return text % values if values else _whole(text)


@lru_cache(maxsize=8192)
def _sentence(language: str, message: str) -> Markup:
    return Markup(gettext(message))  # noqa: S704  (our own catalogues)


@lru_cache(maxsize=8192)
def _whole(text: Markup) -> Markup:
    """With no values to put in, only `%%` is undone."""
    return text % {}


def drawn(macro: Macro, *values: object) -> str:
    """What a macro makes of values, remembered: for one that looks at nothing but them and the language.

    Many people see the same stalls; each is drawn once a process, and again when a value of it changes.
    """
    return _drawn(spoken(), macro, values)


_kept: Remembered[tuple[object, ...], str] = Remembered(600, most=1_000)


def kept(part: str, key: tuple[object, ...] | None, draw: Callable[[], str]) -> str:
    """A part of many pages, remembered by all that it shows; drawn each time where `key` is None."""
    return draw() if key is None else _kept.get((spoken(), part, key), draw)


@lru_cache(maxsize=4096)
def _drawn(language: str, macro: Macro, values: tuple[object, ...]) -> str:
    return macro(*values)


def url(name: str, *args: object, **named: object) -> str:
    """The address of a view: `url("shop:product", id)`; keywords become path parameters.

    A list page names dozens of addresses, and Django's own look-up takes 40 µs each. Each is found once; of
    those that name a thing by its id, of which there are too many to keep, the form is.
    """
    moulded = tuple(_stand_in(at, value) for at, value in enumerate(args))
    found = _reverse(settings.ROOT_URLCONF, name, moulded, tuple(named.items()))
    for mould, value in zip(moulded, args, strict=True):
        if mould is not value:
            found = found.replace(str(mould), str(value))
    return found


def absolute(path: str) -> str:
    """An address of the house with its origin, as those need it who are elsewhere."""
    return f"{settings.COUNTYFAIR_ORIGIN}{path}"


_STAND_INS = tuple(UUID(int=0x5AFE_0000_0000_7000_8000_0000_0000_0000 + at) for at in range(8))
_is_token = re.compile(r"[A-Za-z0-9_-]{20,200}").fullmatch


def _stand_in(at: int, value: object) -> object:
    """What holds the place of an id or a token in an address; the value itself where it is neither."""
    if type(value) is UUID:
        return _STAND_INS[at]
    return f"token{_STAND_INS[at].hex}" if type(value) is str and _is_token(value) else value


@lru_cache(maxsize=8192)
def _reverse(urlconf: str, name: str, args: tuple[object, ...], named: tuple[tuple[str, object], ...]) -> str:
    return reverse(name, urlconf, args=args or None, kwargs=dict(named) or None)


def food(name: str) -> str:
    """Address of a food picture; frontend/icons.txt lists the names."""
    return assets().url(f"food/{name}.svg")


@lru_cache(maxsize=512)
def sign(name: str) -> SafeString:
    """A one-coloured sign in the colour of its text.

    It says nothing to a screen reader: a word stands beside it.
    """
    picture = '<svg class="sign" aria-hidden="true"><use href="{}#{}"/></svg>'
    return format_html(picture, assets().url("signs.svg"), name)
