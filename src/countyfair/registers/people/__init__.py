"""Users, organisations, households, roles and consent.

Owns who people are and what they may do where. Promises that identity is sealed, that each
reading of a household is logged with its purpose, and that a role reaches down only.
"""
