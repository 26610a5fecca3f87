"""The pages of the county centre's staff."""
