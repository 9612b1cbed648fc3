"""Telling from end to end: real servers on loopback, cuts, duplicates, reordering and floods."""
