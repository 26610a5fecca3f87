"""Intents, captures, refunds and notices; a folder per gateway.

Owns the asking for and the receiving of money. Promises that a payment is taken once however
often its notice comes, and that a notice is never lost.
"""
