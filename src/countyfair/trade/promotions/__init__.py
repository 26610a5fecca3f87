"""Coupons, bundles and groups: what is taken off a price, under which terms, and who bears it.

Owns promotions with their terms and the journal of their use. Promises that a promotion is never used
more often than its limits say, however many come at once, and that what was taken off once is told
the same way for ever.
"""
