"""What kinds of news there are, how they are worded, and when one is tried again."""

from countyfair.registers.notices.rules.kinds import CHANNELS, KINDS, TOPICS, Kind, Words
from countyfair.registers.notices.rules.sending import LOST_AFTER, TOO_LATE, TRIES, next_try
from countyfair.registers.notices.rules.wording import LONGEST, checked, filled, of_language

__all__ = [
    "CHANNELS",
    "KINDS",
    "LONGEST",
    "LOST_AFTER",
    "TOO_LATE",
    "TOPICS",
    "TRIES",
    "Kind",
    "Words",
    "checked",
    "filled",
    "next_try",
    "of_language",
]
