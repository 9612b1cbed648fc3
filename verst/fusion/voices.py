"""Who counts how much: one root once, repeated values little, communities, tiers and unknown people capped.

The budgets are per tier of standing (a budget shared by all would let fakes starve honest people) and per quantity.
Nothing here looks at how something is written, and nobody gains standing by agreeing with a majority: standing is
earned by time alone, the one thing that cannot be bought in a burst.
"""

from __future__ import annotations

from typing import Any

import numpy as np

RING = 256  # claims remembered per crossing; the oldest goes first
PEOPLE = 256  # people whose first appearance is remembered per crossing
HOUR = 60.0
COMMUNITY_CAP = 8.0  # units an hour
OPINION = 0.35  # figures closer than that (log units) draw on one budget
TIER_CAPS = (4.0, 8.0, 1.5, 0.5)  # units an hour: authorities, witnesses of standing, press, hearsay
UNPROVEN_CAP = 0.5  # units in two hours for all newcomers together while others of standing speak otherwise
UNPROVEN_TURN = 0.3  # … in a day, where it is about options such as open and closed
LEAST = 0.01  # weights below count as nothing
CONFIRMED = 1.5  # … and so much more for each unit an hour of people of standing who say the same
UNPROVEN_ALONE = 2.0  # … and while nobody of standing does: there is nobody else to ask
COMPANY = 4.0  # claims in two hours that make an opinion more than a stray figure
LONE_AT_LEAST = 0.3  # where budgets cut what many say, stray figures are cut alike, but never below this
HEARD_A_DAY = 0.5  # what is only heard, per figure and day, however many repeat it; the press double
PROVEN_AFTER = 24 * HOUR  # known that long, and heard at least PROVEN_CLAIMS times
PROVEN_CLAIMS = 3

NOTES = (
    None,
    "a copy of a post already counted",
    "the same figure was said before",
    "the same person said it before",
    "its chat has said enough this hour",
    "too many newcomers at once",
    "only heard, and heard before",
    "others speak against this figure",
    "its kind of source has said enough this hour",
    "nobody else says so while many speak",
)


class Voices:
    """What was said lately at one crossing, and by whom: three flat arrays, copied whole for a checkpoint."""

    __slots__ = ("figures", "next", "people", "who")

    def __init__(self) -> None:
        self.who = np.zeros((RING, 4), np.int64)  # slot, root, author, community
        self.figures = np.zeros((RING, 4), np.float64)  # minute, log value, weight, tier (+8 new, +16 denial)
        self.figures[:, 0] = -1e18
        self.people = np.zeros((PEOPLE, 4), np.int64)  # author, first minute, last minute, claims
        self.next = np.zeros(1, np.int64)

    def copy(self) -> Voices:
        """A checkpoint: shares nothing with this one."""
        twin = Voices.__new__(Voices)
        twin.who, twin.figures = self.who.copy(), self.figures.copy()
        twin.people, twin.next = self.people.copy(), self.next.copy()
        return twin

    def parts(self) -> tuple[Any, ...]:
        """The arrays, in the order that `verst.fusion.kernels.weigh` takes them."""
        return self.who, self.figures, self.people, self.next
