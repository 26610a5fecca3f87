"""`countyfair messages`: keep the catalogues of text whole.

Texts are English in code and templates; each app with text keeps their Chinese under its
`locale`. Extraction is Babel's, so that templates and Python are read alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.template.backends.jinja2 import Jinja2

from countyfair.kernel.refusal import Refusal
from countyfair.runtime.messages import LANGUAGE, compile_stale

METHODS = [("**/tests/**", "ignore"), ("**/migrations/**", "ignore"), ("**.py", "python")]
METHODS += [
    (f"**/{folder}/**.{kind}", "jinja2")
    for folder in ("jinja2", "templates")
    for kind in ("html", "txt", "xml")
]
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@click.command("messages")
@click.option("--check", is_flag=True, help="Change nothing; fail where a text is missing or untranslated.")
def command(check: bool) -> None:
    """Collect the texts of every app, and compile their translations."""
    faults: list[str] = []
    for folder in app_folders():
        whole = extracted(folder)
        if check:
            faults += faults_of(folder, whole)
        else:
            update(folder, whole)
    if faults:
        advice = "Run `make messages`, then translate what is empty."
        raise Refusal("\n".join([*faults, advice]))
    compile_stale(settings.ROOT / "src")
    click.echo("Every text is translated." if check else "The catalogues are up to date.")


def app_folders() -> Iterator[Path]:
    """The folders of our own apps."""
    for app in apps.get_app_configs():
        folder = Path(app.path)
        if folder.is_relative_to(settings.ROOT / "src"):
            yield folder


def extracted(folder: Path) -> Catalog:
    """The texts that an app's code and templates ask for, not translated yet."""
    found = Catalog(locale=LANGUAGE, project="CountyFair", fuzzy=False)
    for name, _line, text, comments, context in extract_from_dir(
        folder, METHODS, options_map=_jinja_options(), keywords=KEYWORDS, comment_tags=["Translators:"]
    ):
        found.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def faults_of(folder: Path, whole: Catalog) -> list[str]:
    """What an app's catalogue lacks or has too much, a line each."""
    path, kept = catalogue_path(folder), kept_catalogue(folder)
    lines = []
    for message in whole:
        known = kept.get(message.id, message.context)
        if message.id and (known is None or not _is_translated(known)):
            lines.append(f"{path.relative_to(settings.ROOT)}: no translation of {_shown(message)!r}")
    for message in kept:
        if message.id and whole.get(message.id, message.context) is None:
            lines.append(f"{path.relative_to(settings.ROOT)}: nobody asks for {_shown(message)!r} any more")
    return lines


def update(folder: Path, whole: Catalog) -> None:
    """Bring an app's catalogue to what is asked for, with the translations it has."""
    path, kept = catalogue_path(folder), kept_catalogue(folder)
    if not len(whole) and not path.exists():
        return
    moment = kept.creation_date
    kept.update(whole, no_fuzzy_matching=True)
    kept.obsolete.clear()
    kept.creation_date = kept.revision_date = moment
    kept.header_comment = "# Simplified Chinese texts of CountyFair, under its licence."
    kept.version, kept.msgid_bugs_address = "1", "see SECURITY.md and the issues of the repository"
    kept.last_translator, kept.language_team = "CountyFair", "zh_Hans"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = BytesIO()
    write_po(text, kept, width=100, include_lineno=False, sort_output=True)
    if not path.exists() or path.read_bytes() != text.getvalue():
        path.write_bytes(text.getvalue())


def catalogue_path(folder: Path) -> Path:
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def kept_catalogue(folder: Path) -> Catalog:
    """The catalogue as it is on disk; an empty one where there is none."""
    path = catalogue_path(folder)
    if not path.exists():
        return Catalog(locale=LANGUAGE, project="CountyFair", fuzzy=False)
    with path.open("rb") as text:
        return read_po(text, locale=LANGUAGE)


def _jinja_options() -> dict[str, dict[str, str]]:
    """Templates are read with the extensions that they are rendered with; a broken one is an error."""
    extensions = {
        name for engine in engines.all() if isinstance(engine, Jinja2) for name in engine.env.extensions
    }
    options = {"silent": "false", "extensions": ",".join(sorted(extensions))}
    return {pattern: options for pattern, method in METHODS if method == "jinja2"}


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return not message.fuzzy and all(strings)


def _shown(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
