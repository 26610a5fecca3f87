"""What settlement does: release escrow, prepare, send and withdraw payouts, hear the bank."""

from countyfair.trade.settlement.actions.banking import BankFile, BankSaid, bank_file, record_results
from countyfair.trade.settlement.actions.paying import prepare, send, withdraw
from countyfair.trade.settlement.actions.releasing import release

__all__ = ["BankFile", "BankSaid", "bank_file", "prepare", "record_results", "release", "send", "withdraw"]
