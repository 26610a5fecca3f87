"""The courier's pages: what is out, whom to call, delivered or not, on a phone in the hand.

Owns: the round as a list, one parcel as a page, and the reasons why it could not be given.

Promises: nothing but what delivery needs is shown; a list names places and waybills and nobody, a
receiver is opened one parcel at a time and each opening is on record; what is not on the courier's
round is not there.
"""
