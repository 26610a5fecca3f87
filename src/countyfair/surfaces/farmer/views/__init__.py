"""What a household's pages do."""
