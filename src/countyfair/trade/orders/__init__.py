"""Basket, checkout, packing, hand-over and cancellation.

Owns the promise between buyer and seller. Promises that an order is placed once however often
the button is pressed, and that what it says never changes with later edits.
"""
