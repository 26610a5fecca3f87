"""Nobody passes a door that is not theirs: one table over all addresses of the deployment."""
