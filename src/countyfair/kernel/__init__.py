"""The grammar of the house: what every room speaks and none may redefine.

Owns money, quantity, period, place codes, ids, the clock, refusals, actors, verbs, the outbox
of events and the log of changes. Promises that money and quantity are whole numbers of their
smallest unit, that every write happens in one transaction under a named actor, and that every
change to a row is recorded by the database itself.
"""
