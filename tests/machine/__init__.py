"""Stock, orders, payments, ledger and settlement driven at random as one machine."""
