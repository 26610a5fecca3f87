"""Platforms' open APIs on loopback, written from what the platforms say, with signing of their own."""
