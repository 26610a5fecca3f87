"""Channels: shops on outside platforms: offers out, orders and statements in, waybills back.

Owns which shop stands on which platform, what their goods are here, every order and settlement row that came
from there, and what was found wrong with it. Promises: the same file, page or push twice doubles
nothing; what cannot be taken in stands in a queue with a reason. Nobody's name, phone or address is kept.
"""
