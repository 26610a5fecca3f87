"""Shops on outside platforms, and what came from there."""

from __future__ import annotations
