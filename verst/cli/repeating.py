"""`verst repeats`: what many ask, and an answer to pin."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from verst.cli.loading import StoreOption
from verst.cli.names import check_crossing, check_word
from verst.cli.says import print_line, print_text, read_time, warn

if TYPE_CHECKING:
    from verst.ask.repeats import Draft, Repeat


def repeats(
    crossing: Annotated[str | None, typer.Option(help="only of that crossing")] = None,
    hours: Annotated[float, typer.Option(min=0.1, max=24 * 60, help="how far back")] = 24.0,
    least: Annotated[int, typer.Option(min=1, help="by at least so many people")] = 2,
    most: Annotated[int, typer.Option(min=1, help="so many questions")] = 10,
    at: Annotated[str | None, typer.Option(help="as of that time, such as 2022-09-24T14:20+03:00")] = None,
    lang: Annotated[str | None, typer.Option(help="drafts in that language (default: the question's)")] = None,
    pin: Annotated[
        bool, typer.Option("--pin", help="remember these drafts as pinned: the next are held against them")
    ] = False,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON lines")] = False,
) -> None:
    """Say which questions many people ask, with an answer to pin and what changed since the last one."""
    from verst.ask.repeats import draft, find_repeats, keep_draft
    from verst.ask.words import load_words
    from verst.clock import now
    from verst.geography import load_kinds, load_regions
    from verst.reading.reader import Reader
    from verst.work import live_until, open_home_store

    check_crossing(crossing)
    check_word(lang, load_words(), "language of answers")
    opened = open_home_store(store)
    try:
        span = opened.span(now())
        until = read_time(at, "--at") if at else live_until(opened, now()) or (span[1] if span else now())
        found = find_repeats(opened, until - timedelta(hours=hours), until, least)
        found = [each for each in found if crossing in (None, each.crossing)][:most]
        regions, kinds, reader = load_regions(), load_kinds(), Reader.load()
        for each in found:
            told = draft(each, until, opened, regions, kinds, reader, lang)
            say_repeat(each, told, as_json)
            if pin:
                keep_draft(opened, each, told.text)
        if not found and not as_json:
            warn("nobody asks the same as another in that time")
    finally:
        opened.close()


def say_repeat(each: Repeat, told: Draft, as_json: bool) -> None:
    """One question, how many ask it, and what to pin; where something was pinned before, what changed."""
    if as_json:
        row = {"crossing": each.crossing, "topic": each.topic, "mode": each.mode, "count": each.count}
        more = {"askers": each.askers, "answered": each.answered, "question": each.typical.text}
        print_line(row | more | {"draft": told.text, "changes": told.changes})
        return
    by = f", {each.mode}" if each.mode != "any" else ""
    how = f"asked {each.count} times by {each.askers} people, answered {each.answered} times"
    print_text(f"{each.crossing}: {each.topic}{by}, {how}. Such as: {each.typical.text}")
    print_text("\n".join(told.changes) if told.before else told.text)
    print_text("")
