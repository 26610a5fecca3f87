"""What trace decides: numbers of goods and parcels, documents of events, notes, recalls."""
