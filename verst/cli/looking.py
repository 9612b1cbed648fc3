"""Commands that look and change nothing: ask, follow, shelves, doctor."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from verst.cli.loading import StoreOption
from verst.cli.names import check_word
from verst.cli.says import print_line, print_text, read_time, warn
from verst.errors import BadInput

if TYPE_CHECKING:
    from verst.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
Words = Annotated[str, typer.Argument(metavar="TEXT", help="words, or - for standard input")]


def read_words(text: str) -> str:
    """The words given, or standard input. Raises BadInput when there are none."""
    said = sys.stdin.buffer.read(1 << 20).decode("utf-8", "replace") if text == "-" else text
    if not said.strip():
        raise BadInput("no words were given", do="write them in quotes, or give - and send them to standard input")
    return said.strip()


def ask(
    text: Words,
    at: Annotated[str | None, typer.Option(help="what was known then (default: the newest that is kept)")] = None,
    lang: Annotated[str | None, typer.Option(help="answer in this language (default: the question's)")] = None,
    store: StoreOption = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from what is kept, in its language, with the posts it rests on."""
    from verst.ask import answer, as_data
    from verst.ask.words import load_words
    from verst.geography import load_kinds, load_regions
    from verst.work import open_home_store

    check_word(lang, load_words(), "language of answers")
    question = read_words(text)
    opened = open_home_store(store)
    try:
        span = opened.span()
        if span is None:
            warn("nothing is kept yet: load posts with verst load FILE…, or the bundled archive with verst up")
        when = read_time(at, "--at") if at else newest(opened)
        told = answer(question, when, opened, load_regions(), load_kinds(), lang=lang)
    finally:
        opened.close()
    if as_json:
        print_line(as_data(told))
    else:
        print_text(told.text)


def search(
    text: Words,
    at: Annotated[str | None, typer.Option(help="only what was posted by then")] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="so many at most")] = 20,
    store: StoreOption = None,
    as_json: AsJson = False,
) -> None:
    """Posts that hold these words, or say the same in another language, newest first."""
    from verst.clock import iso, now
    from verst.reading.reader import Reader
    from verst.work import open_home_store

    wanted = Reader.load().terms(read_words(text))
    opened = open_home_store(store)
    try:
        posts = opened.search(wanted, read_time(at, "--at") if at else now(), most)
    finally:
        opened.close()
    for post in posts:
        if as_json:
            print_line({"id": post.id, "posted_at": iso(post.posted_at), "chat": post.chat.title, "text": post.text})
        else:
            print_text(f"{iso(post.posted_at)}  {post.chat.title}\n  {' '.join(post.text.split())}")
    if not posts:
        warn("nothing that is kept holds all of these words")


def newest(store: Store) -> datetime:
    """Now; or, when the last post is days old, the time of that post, as the board has it."""
    from datetime import timedelta

    from verst.clock import now

    present = now()
    span = store.span(present)
    return span[1] if span is not None and present - span[1] > timedelta(days=3) else present


def follow(
    text: Words,
    chat: Annotated[str, typer.Option(help="title of the chat it stands in")] = "a group",
    about: Annotated[str | None, typer.Option(help="crossing the chat is about")] = None,
    at: Annotated[str, typer.Option(help="when it was posted")] = "2022-09-24T14:20+03:00",
    as_json: AsJson = False,
) -> None:
    """One post's way, step by step, each with the file it happens in. Nothing is kept."""
    from verst.cli.following import follow_post

    steps = follow_post(read_words(text), chat, about, at)
    for number, step in enumerate(steps, 1):
        if as_json:
            print_line(step)
            continue
        print_text(f"{number}. {step['step']}  ({step['file']})")
        for line in step["lines"]:
            print_text(f"   {line}")


def shelves(as_json: AsJson = False) -> None:
    """What stands on the shelves: sources, languages, kinds, regions, stores, buses."""
    import verst.bus
    import verst.outputs
    from verst.geography import load_kinds, load_regions
    from verst.shelves import code_shelf, data_shelf
    from verst.sources import sources
    from verst.store import engines

    found: dict[str, list[str]] = {
        "sources": list(sources()),
        "languages": list(data_shelf("languages")),
        "kinds": [kind.id for kind in load_kinds()],
        "regions": [region.id for region in load_regions()],
        "stores": list(engines()),
        "outputs": list(code_shelf(verst.outputs, "OUTPUT")),
        "buses": list(code_shelf(verst.bus, "BUS")),
    }
    folders = {"stores": "store", "buses": "bus"}
    if as_json:
        print_line(found)
        return
    for name, items in found.items():
        print_text(f"{name} (verst/{folders.get(name, name)}/): {', '.join(items) or 'none yet'}")


def doctor(port: Annotated[int, typer.Option(help="the board's port")] = 8080, as_json: AsJson = False) -> None:
    """Is all well here? If not, what to do, in words."""
    from verst.doctor import check
    from verst.work import home_folder

    checks = check(home_folder(), port)
    for each in checks:
        if as_json:
            print_line({"name": each.name, "ok": each.ok, "found": each.found, "do": "" if each.ok else each.do})
        else:
            print_text(f"{'well ' if each.ok else 'WRONG'}  {each.name}: {each.found}")
            if not each.ok:
                print_text(f"       do: {each.do}")
    if not all(each.ok for each in checks):
        raise typer.Exit(1)
