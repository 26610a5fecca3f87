"""What a lot went through, from field to parcel, and its recall.

Owns what no other room knows: the numbers that goods bear outside the house, notes of sowing, field
work and tests, recalls and who was told of them. All else it reads from the journals of stock,
orders and logistics, and copies nothing. Promises that a parcel's origin names no buyer and no
household, and that every buyer of a recalled lot is told once.
"""
