"""6. What people open: the board, a page per crossing, the same as data, and live updates."""

from verst.web.app import make_app

__all__ = ["make_app"]
