"""Every write of channels. A batch of orders is one transaction; orders are locked before all else."""

from countyfair.outreach.channels.actions.arriving import BATCH, bring
from countyfair.outreach.channels.actions.differing import end_difference
from countyfair.outreach.channels.actions.placing import place_waiting

__all__ = ["BATCH", "bring", "end_difference", "place_waiting"]
