"""Harvest lots, movements, reservations and caps.

Owns what lies there to be sold: harvests, and the places of services by day. Promises that no more is
sold than was harvested or opened, by whatever path, and that every counter is the sum of its journal.
"""
