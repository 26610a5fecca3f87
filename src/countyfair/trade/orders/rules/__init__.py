"""What may happen to an order, what it costs, and whose the money is: pure decisions on values."""
