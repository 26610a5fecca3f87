"""What others may read of baskets and orders, each a statement or two."""
