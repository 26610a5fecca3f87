from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from countyfair.surfaces.ui.translation import Speaking, Words, gettext, spoken

TAKEN = Words({"basket": _("Basket")})


def test_what_is_spoken_is_what_django_speaks_and_is_over_afterwards() -> None:
    with translation.override("en"):
        with Speaking("zh-hans"):
            assert (spoken(), translation.get_language(), gettext("Basket")) == ("zh-hans", "zh-hans", "篮子")
            with Speaking("en"):
                assert (spoken(), gettext("Basket")) == ("en", "Basket")
            assert spoken() == "zh-hans"
        assert (spoken(), gettext("Basket")) == ("en", "Basket")


def test_a_language_that_somebody_else_chose_is_spoken_too() -> None:
    with translation.override("zh-hans"):
        assert (spoken(), gettext("Basket")) == ("zh-hans", "篮子")
    with translation.override(None):
        assert spoken() == ""


def test_words_are_those_of_the_language_that_is_spoken() -> None:
    for language, word in (("en", "Basket"), ("zh-hans", "篮子"), ("en", "Basket")):
        with Speaking(language):
            assert (TAKEN["basket"], TAKEN.get("sack", "?"), dict(TAKEN)) == (word, "?", {"basket": word})
