"""Every page as bytes, from a store at one moment: the live server and `publish` write the same ones with these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jinja2 import Environment

from verst import clock
from verst.model import Crossing, Kind, Region
from verst.store import Store
from verst.web.answer import write_answer
from verst.web.board import Board, choose_region, find_crossing, join_regions, make_board
from verst.web.crossing import Crossed, make_crossed
from verst.web.digest import digest_lines, join_lines
from verst.web.evidence import find_label
from verst.web.maps import draw_map
from verst.web.memo import Memo
from verst.web.moment import Moment, choose_moment
from verst.web.page import EVERYWHERE, Page
from verst.web.templates import make_templates


@dataclass(frozen=True, slots=True)
class Site:
    """What pages are made from."""

    store: Store
    regions: tuple[Region, ...]
    kinds: Mapping[str, Kind]
    memo: Memo
    templates: Environment
    clock: Callable[[], datetime]
    label: str | None = None
    address: str | None = None  # where the public finds the board, without a slash at its end

    def now(self) -> Moment:
        """The present of the board."""
        now = self.clock()
        return choose_moment(None, None, self.memo.span(self.store.revision(), now), now)

    def region(self, name: str | None, moment: Moment) -> Region | None:
        """The region of that name; without a name, the one most is said about. None: there is none.

        Where nobody has said anything, no region comes before another: all of them together.
        """
        if name is None:
            groups = self.memo.groups(self.store.revision(), moment)
            heard = any(groups.values()) or len(self.regions) < 2
            return choose_region(self.regions, groups) if heard else self.region(EVERYWHERE, moment)
        if name == EVERYWHERE:
            return join_regions(self.regions, EVERYWHERE)
        return next((region for region in self.regions if region.id == name), None)

    def crossing(self, name: str) -> tuple[Region, Crossing] | None:
        """A crossing and its region."""
        return find_crossing(self.regions, name)


def make_site(
    store: Store,
    regions: Iterable[Region] | Mapping[str, Region],
    kinds: Iterable[Kind] | Mapping[str, Kind],
    *,
    clock: Callable[[], datetime] = clock.now,
    label: str | None = None,
    address: str | None = None,
) -> Site:
    """A site over a store. ``clock`` gives the present in UTC; ``label`` stands on every page; ``address``: its own."""
    return Site(
        store=store,
        regions=tuple(regions.values() if isinstance(regions, Mapping) else regions),
        kinds=dict(kinds) if isinstance(kinds, Mapping) else {kind.id: kind for kind in kinds},
        memo=Memo(store),
        templates=make_templates(),
        clock=clock,
        label=label,
        address=address.rstrip("/") if address else None,
    )


def see_board(site: Site, page: Page, region: Region) -> Board:
    """A region at the page's moment."""
    groups = site.memo.groups(page.revision, page.moment)
    return make_board(groups, region, page.moment.at, site.kinds)


def see_crossing(site: Site, page: Page, region: Region, crossing: Crossing) -> Crossed:
    """A crossing at the page's moment, kept for its other languages."""
    at = page.moment.at
    return site.memo.recall(
        page.revision,
        ("crossed", crossing.id, at),
        lambda: make_crossed(site.store, site.regions, region, crossing, at, site.kinds),
    )


def fill(site: Site, template: str, page: Page, **values: Any) -> bytes:
    """One template as bytes."""
    return site.templates.get_template(template).render(page=page, **values).encode()


def write_board(site: Site, page: Page, region: Region) -> bytes:
    """The board of a region."""
    board = see_board(site, page, region)
    return fill(site, "board.html", with_label(site, page, board), board=board)


def write_map(site: Site, page: Page, region: Region) -> bytes:
    """The map of a region with its list."""
    board = see_board(site, page, region)
    return fill(site, "map.html", with_label(site, page, board), board=board, map=draw_map(board))


def write_single(site: Site, page: Page, region: Region) -> bytes:
    """The board and the digest of each crossing as one file that needs nothing else."""
    page = replace(page, saved=True)
    board = see_board(site, page, region)
    digests = {
        now.crossing.id: write_digest(site, page, *found)
        for now in board.known
        if (found := site.crossing(now.crossing.id))
    }
    page = with_label(site, page, board)
    return fill(site, "single.html", page, board=board, digests=digests, made=find_made(site, page))


def find_made(site: Site, page: Page) -> datetime | None:
    """When one file was made, for its age; None for the published file of an archive, which does not grow old."""
    if page.file is None:
        return site.clock()
    return None if page.moment.archive else page.moment.at


def with_label(site: Site, page: Page, board: Board) -> Page:
    """The page with the label of the posts it rests on."""
    nows = (*board.known, *board.silent)
    shown = [fact.estimate for now in nows for lane in now.lanes for fact in lane.facts.values()]
    return replace(page, label=page.label or find_label(site.store, shown))


def write_crossing(site: Site, page: Page, region: Region, crossing: Crossing) -> bytes:
    """The page of one crossing."""
    it = see_crossing(site, page, region, crossing)
    labels = [shown.post.label for shown in it.evidence if shown.post and shown.post.label]
    page = replace(page, label=page.label or (labels[0] if labels else None))
    answer = write_answer(page, it.now, it.rules, it.since)
    digest = join_lines(digest_lines(page, it, answer))
    return fill(site, "crossing.html", page, region=region, crossing=crossing, it=it, answer=answer, digest=digest)


def write_digest(site: Site, page: Page, region: Region, crossing: Crossing) -> str:
    """One crossing in at most 1,000 characters."""
    it = see_crossing(site, page, region, crossing)
    labels = [shown.post.label for shown in it.evidence if shown.post and shown.post.label]
    page = replace(page, label=page.label or (labels[0] if labels else None))
    return join_lines(digest_lines(page, it, write_answer(page, it.now, it.rules, it.since)))
