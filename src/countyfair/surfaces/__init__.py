"""Surfaces: translate between people or programs and the verbs; decide nothing."""
