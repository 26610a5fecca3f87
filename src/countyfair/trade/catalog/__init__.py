"""Shops, products, photos, packs and offers.

Owns what can be bought, from whom, and at what price. Promises that a price that was offered
can be told again by the version of its offer.
"""
