"""Sample counties: their definition in `data/sample`, and how it becomes a county at work."""
