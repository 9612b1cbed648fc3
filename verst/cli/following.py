"""One post's way, for `verst follow`: what each step made of it, and the file in which."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from verst.cli.names import check_crossing
from verst.errors import BadInput

if TYPE_CHECKING:
    from verst.model import Estimate, Post, Reading, Report


def follow_post(text: str, chat: str, about: str | None, at: str) -> list[dict[str, Any]]:
    """The steps, each with ``step``, ``file`` and ``lines``. Nothing is kept, nothing is made up."""
    from verst.fusion import fuse
    from verst.geography import load_kinds, load_regions
    from verst.reading.reader import Reader
    from verst.sources.door import Door
    from verst.work.reports import reports_of

    check_crossing(about)
    post = arrive(text, chat, about, at)
    reading = Reader.load().read(post)
    reports = reports_of(post, reading)
    kinds = {kind.id: kind for kind in load_kinds()}
    estimates = list(fuse(reports, [post.posted_at], load_regions(), kinds))
    return [
        step("through the door: names out, times UTC", Door.admit, say_post(post)),
        step("read: words become claims", Reader.read, say_reading(post, reading)),
        step("told as reports: who speaks", reports_of, say_reports(reports)),
        step("fused: estimates, from this one post alone", fuse, say_estimates(estimates)),
    ]


def step(name: str, where: Callable[..., Any], lines: list[str]) -> dict[str, Any]:
    """One step; the file is asked of the function itself."""
    import verst

    root = Path(inspect.getfile(verst)).parent.parent
    return {"step": name, "file": Path(inspect.getfile(where)).relative_to(root).as_posix(), "lines": lines}


def arrive(text: str, chat: str, about: str | None, at: str) -> Post:
    """The words as a post, through the same source and door as any other."""
    from io import BytesIO

    from verst.model import Skipped
    from verst.sources import sources
    from verst.sources.marks import Given
    from verst.work.home import passing_door

    line = {"id": "this-post", "chat": {"title": chat, "kind": "group", "about": about}, "posted_at": at, "text": text}
    given = Given(stream=BytesIO(msgspec.json.encode(line) + b"\n"), file="the text given")
    raw = next(iter(sources()["posts"].items(given)))
    if isinstance(raw, Skipped):
        raise BadInput(raw.what, field=raw.field)
    post = passing_door().admit(raw)[0]
    if isinstance(post, Skipped):
        raise BadInput(post.what, field=post.field)
    return post


def say_post(post: Post) -> list[str]:
    """The post as it would be kept."""
    from verst.clock import iso

    return [f"posted at {iso(post.posted_at)} in {post.chat.title}", f"text: {post.text}"]


def say_reading(post: Post, reading: Reading) -> list[str]:
    """Each claim and denial with its words and the rule that read it."""
    from verst.cli.lines import claim_line
    from verst.reading.examples import describe_saying

    lines = []
    for claim in (*reading.claims, *reading.denials):
        told = {name: value for name, value in claim_line(claim, post).items() if value is not None and name != "span"}
        words = f"«{post.text[claim.span[0] : claim.span[1]]}» " if claim.span else ""
        rule = f" (rule: {claim.rule})" if claim.rule else ""
        speaks = "speaks against " if claim in reading.denials else ""
        lines.append(f"{words}-> {speaks}{' '.join(f'{name}={value}' for name, value in told.items())}{rule}")
    for saying in reading.sayings:
        lines.append(f"no claim, but for the ledger of rumours: {describe_saying(saying)}")
    if reading.question is not None:
        asked = reading.question
        lines.append(f"asks: {asked.topic} at {asked.crossing or 'no named crossing'}, mode={asked.mode}")
    if reading.ad:
        lines.append("is an advertisement")
    return lines or ["claims nothing, asks nothing, sells nothing"]


def say_reports(reports: list[Report]) -> list[str]:
    """Each report: source, stance, whether an advertisement or a denial."""
    lines = []
    for report in reports:
        more = "".join((", sells" if report.ad else "", ", speaks against it" if report.denies else ""))
        lines.append(
            f"{report.claim.kind} at {report.claim.crossing}: source {report.source}, {report.claim.stance}{more}"
        )
    return lines or ["nothing to report"]


def say_estimates(estimates: list[Estimate]) -> list[str]:
    """Each estimate in a line."""
    from verst.cli.says import whole

    lines = []
    for told in estimates:
        where = " ".join(part for part in (told.crossing, told.toward and f"toward {told.toward}", told.mode) if part)
        spread = f" (10 to 90 %: {whole(told.p10)} to {whole(told.p90)})" if told.p10 is not None else ""
        odds = f" ({', '.join(f'{option} {share:.2f}' for option, share in told.odds)})" if told.odds else ""
        lines.append(f"{told.kind} {where}: {whole(told.value)}{spread}{odds}, voices {told.voices}")
    return lines or ["nothing to estimate: nobody has said, which is no all-clear"]
