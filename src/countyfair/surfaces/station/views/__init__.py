"""The pages, by what an agent does."""
