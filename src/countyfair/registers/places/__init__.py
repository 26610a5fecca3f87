"""Administrative divisions.

Owns divisions with their dates of validity and successors, and the list of 832 counties.
Promises that a code is found by codebook and year, and a subtree by its prefix.
"""
