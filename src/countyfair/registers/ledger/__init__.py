"""Accounts and balanced entries.

Owns money as double entry. Promises that every entry sums to zero, that nothing booked is
edited, and that booking the same source again changes nothing.
"""
