"""Trade: goods and money change hands."""
