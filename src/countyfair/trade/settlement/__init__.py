"""Release of escrow, statements and payouts.

Owns who is paid what for what was sold. Promises that a payout is claimed once and that a
household's statement re-adds from entries.
"""
