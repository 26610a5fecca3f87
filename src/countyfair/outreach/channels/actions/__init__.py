"""Every write of channels. A batch of orders is one transaction; orders are locked before all else."""

from countyfair.outreach.channels.actions.arriving import BATCH, bring
from countyfair.outreach.channels.actions.booking import accept_difference, book_order, book_settled
from countyfair.outreach.channels.actions.connecting import (
    change_connection,
    connect,
    end_connection,
    grant,
)
from countyfair.outreach.channels.actions.detailing import detail
from countyfair.outreach.channels.actions.differing import end_difference
from countyfair.outreach.channels.actions.intake import forget_files, open_file, start_intake, stop_intake
from countyfair.outreach.channels.actions.mapping import ignore_listing, map_listing, place_mapped
from countyfair.outreach.channels.actions.placing import place_waiting
from countyfair.outreach.channels.actions.pushing import note_stock_told
from countyfair.outreach.channels.actions.reading import read_intakes
from countyfair.outreach.channels.actions.settling import charge
from countyfair.outreach.channels.actions.shipping import note_told, waybill_sheet
from countyfair.outreach.channels.actions.short import call_off_short, send_another, send_part
from countyfair.outreach.channels.actions.syncing import sync, sync_shop

__all__ = [
    "BATCH",
    "accept_difference",
    "book_order",
    "book_settled",
    "bring",
    "call_off_short",
    "change_connection",
    "charge",
    "connect",
    "detail",
    "end_connection",
    "end_difference",
    "forget_files",
    "grant",
    "ignore_listing",
    "map_listing",
    "note_stock_told",
    "note_told",
    "open_file",
    "place_mapped",
    "place_waiting",
    "read_intakes",
    "send_another",
    "send_part",
    "start_intake",
    "stop_intake",
    "sync",
    "sync_shop",
    "waybill_sheet",
]
