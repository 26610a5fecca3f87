"""Signing in and one's own account: phone and one-time code, password, second factor, sign-ins, erasure.

Owns the pages around django-allauth; what they write goes through the verbs of people.
"""
