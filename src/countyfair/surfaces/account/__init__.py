"""Pages to sign in, for a second factor, and for one's own details."""
