"""One person's message split over posts: «На Ларсе», «машин», «двести» within a minute.

The words are laid end to end and read as one; what that says beyond the earlier words is what the last post adds. Where
the last post and the ones before it each say something whole, each is left to itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from verst.model import Claim, Post, Reading, Saying

_RUNS_ON = 6  # words: a longer line is a sentence of its own
_FRAGMENT = 3  # words: «на Маштаково» says where what follows is
_ENDED = (".", "!", "?", "…", ":", ";")


def read_on(read: Callable[[Post], Reading], supposes: Callable[[Post], bool], post: Post) -> Reading:
    """The reading of a post that goes on from ``post.before``.

    ``read`` reads a post that stands alone; ``supposes`` says whether one asks, wishes, fears or supposes something.
    """
    alone = read(replace(post, before=()))
    first, _ = lay_end_to_end(post.before)
    earlier = read(replace(post, before=(), text=first))
    asked = earlier.question is not None or first.endswith("?")
    if alone.claims and (earlier.claims or asked):
        return alone
    text, at = lay_end_to_end((*post.before, post.text))
    whole = read(replace(post, before=(), text=text))
    unsure = _runs_on(post.before[-1]) and supposes(replace(post, before=(), text=post.before[-1]))
    if alone.claims:
        claims = _placed(alone.claims, whole.claims, unsure=unsure, moves=len(first.split()) <= _FRAGMENT)
    else:
        claims = _new(whole.claims, earlier.claims)
    return replace(
        alone,
        claims=tuple(_moved(claim, at, taken=claim in alone.claims) for claim in claims),
        denials=alone.denials or tuple(_moved(claim, at) for claim in _new(whole.denials, earlier.denials)),
        question=alone.question or (None if asked else whole.question),
        ad=alone.ad or (whole.ad and not earlier.ad),
        sayings=alone.sayings or tuple(replace(each, span=None) for each in whole.sayings if not _told(each, earlier)),
    )


def lay_end_to_end(parts: Sequence[str]) -> tuple[str, int]:
    """The parts as one text, and where in it the last of them begins. A short line runs on into the next.

    >>> lay_end_to_end(("На Ларсе", "машин", "двести"))
    ('На Ларсе машин двести', 15)
    """
    text = parts[0].strip()
    at = 0
    for before, part in pairwise(parts):
        text += " " if _runs_on(before) else "\n"
        at = len(text)
        text += part
    return text, at


def _runs_on(part: str) -> bool:
    return len(part.split()) <= _RUNS_ON and not part.rstrip().endswith(_ENDED) and "\n" not in part


def _new(claims: Iterable[Claim], known: Iterable[Claim]) -> list[Claim]:
    """The claims that say something else than those known, whatever their words."""
    said = {_plain(claim) for claim in known}
    return [claim for claim in claims if _plain(claim) not in said]


def _told(saying: Saying, earlier: Reading) -> bool:
    return replace(saying, span=None) in [replace(other, span=None) for other in earlier.sayings]


def _plain(claim: Claim) -> Claim:
    return replace(claim, span=None, rule=None)


def _placed(alone: Iterable[Claim], whole: Sequence[Claim], *, unsure: bool, moves: bool) -> list[Claim]:
    """The claims of the last post, each as it reads with the words before it: there they may name where and whither.

    ``unsure``: what the words before make a question or a wish is no claim. ``moves``: they may name another crossing.
    """
    placed = []
    for claim in alone:
        same = [
            other for other in whole if (other.kind, other.value, other.tag) == (claim.kind, claim.value, claim.tag)
        ]
        if same or not unsure:
            better = len(same) == 1 and (moves or same[0].crossing == claim.crossing)
            placed.append(same[0] if better else claim)
    return placed


def _moved(claim: Claim, at: int, *, taken: bool = False) -> Claim:
    """The claim with its span in the last post; None where its words stand before it."""
    if taken or claim.span is None:
        return claim
    first, last = claim.span
    return replace(claim, span=(max(0, first - at), last - at) if last > at else None)
