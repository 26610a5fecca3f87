"""Settings, addresses and wiring of one deployment. Nothing in `countyfair` imports this."""
