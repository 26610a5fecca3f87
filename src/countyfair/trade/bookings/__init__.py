"""Services booked for days: farm-stay nights, picking days, meals.

Owns what only a booking has: the days it is for, the rule by which it may be called off, the code that
its host redeems on the spot, and redemptions. Places are stock's, money and lines are orders'. Promises that
a booking is redeemed once, on however many phones and however late they send, and that what comes back
to who calls off is what was agreed when it was booked.
"""
