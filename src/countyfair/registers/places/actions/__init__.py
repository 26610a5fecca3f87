"""Writes of the register: one verb, the load of reference files."""

from countyfair.registers.places.actions.load import Loaded, load_divisions

__all__ = ["Loaded", "load_divisions"]
