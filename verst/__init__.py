"""Verst: every border crossing as it is now, from what people post."""

__version__ = "0.1.0"
