"""Notices: what people are told by message, e-mail or in the house; once each, and on record.

Owns the kinds of news with their wordings in both languages, who wants which by what way, and a log of
what became of each notice. It keeps keys and figures only: whom a key stands for, and what is secret,
is asked of the room that knows it at the moment of sending, and never kept here.
"""
