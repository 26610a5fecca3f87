"""Outreach: what carries the trade's news out of the house. Knows trade and registers, nothing above."""
