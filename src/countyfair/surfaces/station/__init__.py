"""The station agent's pages."""
