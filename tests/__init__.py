"""What spans rooms: architecture, journeys, concurrency, faults."""
