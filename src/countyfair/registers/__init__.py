"""Registers: who, where, by what mandate."""
