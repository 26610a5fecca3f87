"""Parcels, scans and freight rules.

Owns how goods travel to the buyer. Promises that a parcel is where its last scan says.
"""
