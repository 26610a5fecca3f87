"""Tokens of programs that act for people, the first answers of their writes, and how much they may ask.

Owns: tokens (only their digest is kept), what a scope lets a token do, answers by idempotency key, and
counted requests.

Promises: a token never does more than its person may, nor more than its scopes say; its text is shown
once; a write under one key happens once and is answered alike; a limit holds over all processes together.
"""
