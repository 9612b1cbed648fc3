"""Commands from lines to lines, without a store: claims, fuse, replay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verst.cli.says import end_unless_used, print_line, read_step, read_time, warn, warn_skipped, whole
from verst.clock import iso

if TYPE_CHECKING:
    from pathlib import Path

    from verst.model import Claim, Estimate, Post, Reading, Report, Skipped
    from verst.sources import Door, Mark
    from verst.work.home import AboutOf

Inputs = Annotated[list[str], typer.Argument(metavar="FILE…", help="files, folders, or - for standard input")]
Every = Annotated[str | None, typer.Option(help="tell estimates on this grid: 15min, 1h, 1d (default 15min)")]
At = Annotated[list[str] | None, typer.Option(help="tell estimates at this time; may be given many times")]
Since = Annotated[str | None, typer.Option("--from", help="first time of the grid")]
Until = Annotated[str | None, typer.Option("--to", help="last time of the grid")]
Regions = Annotated[list[str] | None, typer.Option(help="a region file beside those of the shelf; may be repeated")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines, which this command prints anyway")]


def claims(
    files: Inputs,
    source: Annotated[str | None, typer.Option()] = None,
    region: Regions = None,
    as_json: AsJson = False,
) -> None:
    """What each post claims, asks and offers: one line of JSON a post, in the order of the posts."""
    from verst.model import Skipped
    from verst.reading.reader import Reader
    from verst.work.caution import CarefulReader
    from verst.work.context import Following
    from verst.work.second import with_second

    reader = Reader.load(region or ())
    careful = CarefulReader(with_second(reader, warn_skipped), warn_skipped)
    following = Following()
    used = skipped = 0
    for item in read_all(files, source, reader.places.about):
        if isinstance(item, Skipped):
            skipped += 1
            if item.line is not None:  # one line out for one line in, so that who counts lines is not put out
                print_line({"id": None, "claims": [], "question": None, "ad": False})
        else:
            used += 1
            print_line(reading_line(item, careful.read(following.follow(item))))
    if skipped:
        warn(f"{used} posts read, {skipped} could not be used")
    end_unless_used(used, skipped)


def fuse(
    files: Annotated[list[str], typer.Argument(metavar="CLAIMS…", help="claim lines (JSON), or -")],
    every: Every = None,
    at: At = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Claims in, estimates out: one line of JSON an estimate, in the order of time."""
    from verst.cli.claim_lines import read_claim_lines

    reports: list[Report] = []
    skipped = 0
    for item in read_claim_lines(files):
        if is_skipped(item):
            skipped += 1
            warn_skipped(item)  # type: ignore[arg-type]
        else:
            reports.append(item)  # type: ignore[arg-type]
    print_estimates(reports, every, at, since, until)
    warn(f"{len(reports)} claims used, {skipped} could not be used")
    end_unless_used(len(reports), skipped)


def replay(
    files: Inputs,
    every: Every = None,
    at: At = None,
    since: Since = None,
    until: Until = None,
    source: Annotated[str | None, typer.Option()] = None,
    as_json: AsJson = False,
) -> None:
    """Posts in, estimates out: `claims` and `fuse` in one. The same posts give the same lines in whatever order."""
    from verst.reading.reader import Reader
    from verst.work.caution import CarefulReader
    from verst.work.replaying import replay_posts
    from verst.work.second import with_second

    counted = {"posts": 0, "skipped": 0}
    reader = Reader.load()

    def posts() -> Iterator[Post]:
        for item in read_all(files, source, reader.places.about):
            counted["skipped" if is_skipped(item) else "posts"] += 1
            if not is_skipped(item):
                yield item  # type: ignore[misc]

    reports = replay_posts(posts(), CarefulReader(with_second(reader, warn_skipped), warn_skipped))
    print_estimates(reports, every, at, since, until)
    warn(f"{counted['posts']} posts read, {counted['skipped']} could not be used, {len(reports)} claims")
    end_unless_used(counted["posts"], counted["skipped"])


def read_all(files: Iterable[str], source: str | None, about_of: AboutOf | None) -> Iterator[Post | Skipped]:
    """Posts of all inputs and what took the place of one; everything skipped is told on standard error."""
    from verst.model import Post, Skipped
    from verst.sources.door import LONGEST_TEXT
    from verst.work.home import passing_door
    from verst.work.inputs import find_inputs

    door = passing_door(about_of)
    for file in (each for name in files for each in find_inputs(name)):
        last: Post | None = None
        for item in read_or_tell(file, door, source):
            if isinstance(item, Skipped):
                warn_skipped(item)
                cut = item.field == "text" and last is not None and len(last.text) >= LONGEST_TEXT // 2
                if not cut:
                    yield item
                last = None
            elif isinstance(item, Post):
                last = item
                yield item


def read_or_tell(file: Path | str, door: Door, source: str | None) -> Iterator[Post | Skipped | Mark]:
    """One input; a file that cannot be read costs no other one."""
    from verst.errors import BadFile
    from verst.sources import read
    from verst.sources.apart import stand_by
    from verst.work.caution import as_skipped

    try:
        yield from read(file, door, source=source, apart=stand_by())
    except BadFile as error:
        yield as_skipped(error, file)


def is_skipped(item: object) -> bool:
    """Whether this is something that could not be used."""
    from verst.model import Skipped

    return isinstance(item, Skipped)


def print_estimates(
    reports: list[Report], every: str | None, at: list[str] | None, since: str | None, until: str | None
) -> None:
    """Fuse reports and print the estimates at the chosen times."""
    from verst.geography import load_kinds, load_regions
    from verst.work.replaying import choose_times, fuse_reports

    step = read_step(every) if every else (None if at else read_step("15min"))
    first = read_time(since, "--from") if since else None
    last = read_time(until, "--to") if until else None
    times = choose_times(reports, step, [read_time(each, "--at") for each in at or []], first, last)
    kinds = {kind.id: kind for kind in load_kinds()}
    for estimate in fuse_reports(reports, times, load_regions(), kinds, on_skip=warn_skipped):
        print_line(estimate_line(estimate))


def reading_line(post: Post, reading: Reading) -> dict[str, Any]:
    """One post's reading as the guide of annotation writes it."""
    asked = reading.question
    return {
        "id": post.id,
        "claims": [claim_line(claim, post) for claim in reading.claims],
        "question": {"topic": asked.topic, "crossing": asked.crossing, "mode": asked.mode} if asked else None,
        "ad": reading.ad,
    }


_FIELDS = ("kind", "crossing", "toward", "mode", "value", "low", "high", "bound", "stance")


def claim_line(claim: Claim, post: Post) -> dict[str, Any]:
    """One claim, every field of the guide; times on the writer's clock, as the guide's labels have them."""
    from verst.clock import in_offset

    line = {field: whole(getattr(claim, field)) for field in _FIELDS}
    held = in_offset(claim.holds_at, post.offset_minutes).isoformat(timespec="seconds") if claim.holds_at else None
    line |= {"holds_at": held, "currency": claim.currency, "service": claim.service, "tag": claim.tag}
    return line | {"side": claim.side, "span": claim.span}


def estimate_line(told: Estimate) -> dict[str, Any]:
    """One estimate as a line."""
    figures: Callable[[Any], Any] = whole
    line: dict[str, Any] = {"at": iso(told.at), "crossing": told.crossing, "toward": told.toward, "side": told.side}
    line |= {"mode": told.mode, "kind": told.kind, "value": figures(told.value)}
    line |= {"p10": figures(told.p10), "p90": figures(told.p90)}
    line["odds"] = {option: round(odds, 4) for option, odds in told.odds} if told.odds else None
    line |= {"voices": told.voices, "newest": iso(told.newest) if told.newest else None}
    extra = {"service": told.service, "currency": told.currency, "tag": told.tag}
    return line | {name: value for name, value in extra.items() if value is not None}
