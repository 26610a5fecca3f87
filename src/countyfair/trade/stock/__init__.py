"""Harvest lots, movements, reservations and caps.

Owns what lies there to be sold. Promises that no more is sold than was harvested, by whatever
path, and that every counter is the sum of its journal.
"""
