"""How the work is done: batches from inputs into the store, and from the store's reports to its estimates."""

from verst.work.home import home_folder, open_home_store
from verst.work.intake import Tally, load_inputs
from verst.work.replaying import fuse_reports, replay_posts
from verst.work.reports import reports_of
from verst.work.settling import settle
from verst.work.watching import keep_current, live_until

__all__ = [
    "Tally",
    "fuse_reports",
    "home_folder",
    "keep_current",
    "live_until",
    "load_inputs",
    "open_home_store",
    "replay_posts",
    "reports_of",
    "settle",
]
