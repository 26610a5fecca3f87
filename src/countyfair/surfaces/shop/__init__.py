"""The fair: what a buyer sees, from the stalls to the parcel.

Owns no table. Promises that every page works before scripts load and without a session, that a guest
is known by nothing but their basket, and that a form sent twice orders once.
"""
