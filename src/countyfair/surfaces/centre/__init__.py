"""The desk of the county centre's staff: dense pages for a PC, quick by keyboard, whole at 360 px.

Owns: the pages under `/centre/<county>/`, their forms, their sheets for download. Nothing is kept
here: each page asks one room's queries and each form calls one verb.

Promises: every page wants a power at its county (no role: 403, another county's object: 404); filters
stand in the address; a refused form shows what was typed again, with the sentence at its field and
at the top; a form sent twice acts once; a list or a page of one thing takes at most six statements.
"""
