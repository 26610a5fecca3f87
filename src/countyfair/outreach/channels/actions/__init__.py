"""Every write of channels. A batch of orders is one transaction; orders are locked before all else."""

from countyfair.outreach.channels.actions.arriving import BATCH, bring
from countyfair.outreach.channels.actions.detailing import detail
from countyfair.outreach.channels.actions.differing import end_difference
from countyfair.outreach.channels.actions.intake import forget_files, open_file, start_intake, stop_intake
from countyfair.outreach.channels.actions.placing import place_waiting
from countyfair.outreach.channels.actions.reading import read_intakes
from countyfair.outreach.channels.actions.settling import charge

__all__ = [
    "BATCH",
    "bring",
    "charge",
    "detail",
    "end_difference",
    "forget_files",
    "open_file",
    "place_waiting",
    "read_intakes",
    "start_intake",
    "stop_intake",
]
