"""The sandbox's provider: pay pages, signed notifications that come late, twice or never, refunds.

A process of its own, on loopback only, that shares nothing with the shop but the key and
`signing`. What it holds lies in one SQLite file of its state folder, so that it survives a
restart as a real provider does.
"""
