"""Service points, their agents and their tills.

Owns the county centre, township and village stations, who works there, and the counting of
the till at the end of a day.
"""
