"""Texts are found in code and templates, kept with their translations, and missed when they lack one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from django.conf import LazySettings

from countyfair.runtime import catalogues
from countyfair.runtime.messages import compile_stale


@pytest.fixture
def app(tmp_path: Path, settings: LazySettings) -> Path:
    """A small app with one text in code and two in a template."""
    settings.ROOT = tmp_path
    folder = tmp_path / "src" / "orchard"
    (folder / "jinja2" / "orchard").mkdir(parents=True)
    (folder / "rules.py").write_text('REFUSED = _("The ladder is too short.")\n')
    (folder / "jinja2" / "orchard" / "tree.html").write_text(
        '{{ _("Shake gently") }}'
        "{% trans count=n %}{{ count }} pear{% pluralize %}{{ count }} pears{% endtrans %}"
    )
    return folder


def faults(folder: Path) -> list[str]:
    found = catalogues.faults_of(folder, catalogues.extracted(folder))
    return sorted(fault.partition(": ")[2] for fault in found)


def write(folder: Path, translations: dict[str, str]) -> None:
    catalogues.update(folder, catalogues.extracted(folder))
    path = catalogues.catalogue_path(folder)
    text = path.read_text()
    for english, chinese in translations.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{chinese}"')
        text = text.replace(
            f'msgid_plural "{english}"\nmsgstr[0] ""', f'msgid_plural "{english}"\nmsgstr[0] "{chinese}"'
        )
    path.write_text(text)


WHOLE = {
    "The ladder is too short.": "梯子太短。",
    "Shake gently": "轻轻摇",
    "%(count)s pears": "%(count)s 个梨",
}


def test_texts_of_code_and_templates_are_found(app: Path) -> None:
    found = {message.id for message in catalogues.extracted(app) if message.id}
    assert found == {"The ladder is too short.", "Shake gently", ("%(count)s pear", "%(count)s pears")}


def test_a_whole_catalogue_has_no_fault(app: Path) -> None:
    write(app, WHOLE)
    assert faults(app) == []


def test_a_text_without_translation_is_a_fault(app: Path) -> None:
    write(app, {"Shake gently": "轻轻摇"})
    assert faults(app) == [
        "no translation of '%(count)s pear'",
        "no translation of 'The ladder is too short.'",
    ]


def test_a_new_text_keeps_the_old_translations(app: Path) -> None:
    write(app, WHOLE)
    (app / "more.py").write_text('_("Climb down.")\n')
    assert faults(app) == ["no translation of 'Climb down.'"]
    catalogues.update(app, catalogues.extracted(app))
    assert "梯子太短。" in catalogues.catalogue_path(app).read_text()


def test_a_text_that_nobody_asks_for_is_a_fault(app: Path) -> None:
    write(app, WHOLE)
    (app / "rules.py").write_text("")
    assert faults(app) == ["nobody asks for 'The ladder is too short.' any more"]


def test_updating_twice_changes_nothing(app: Path) -> None:
    write(app, WHOLE)
    path = catalogues.catalogue_path(app)
    catalogues.update(app, catalogues.extracted(app))
    once = path.read_bytes()
    catalogues.update(app, catalogues.extracted(app))
    assert path.read_bytes() == once


def test_only_what_is_newer_is_compiled(app: Path, tmp_path: Path) -> None:
    write(app, WHOLE)
    assert compile_stale(tmp_path) == 1
    assert compile_stale(tmp_path) == 0
    compiled = catalogues.catalogue_path(app).with_suffix(".mo")
    with compiled.open("rb") as binary:
        assert read_mo(binary)["Shake gently"].string == "轻轻摇"
    os.utime(catalogues.catalogue_path(app), (compiled.stat().st_mtime + 5,) * 2)
    assert compile_stale(tmp_path) == 1
