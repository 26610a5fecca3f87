"""The fair's look and manners, shared by every surface.

Owns: the Jinja environment, the layouts and components (`jinja2/ui`), how money, quantities, dates
and large numbers are written in each language, language and colour preferences, the pages that
refuse, and the catalogue of all components at `/design`.

Promises: `render` makes a page without touching the database or the session; every component works
before scripts load; whatever a verb refuses becomes a page with its sentence and its status.
README.md in this folder shows each component with an example.
"""

from countyfair.surfaces.ui.page import Page, flash, once, part, render

__all__ = ["Page", "flash", "once", "part", "render"]
