"""`verst backup`, `restore`, `migrate`, `forget` and `rotate`: the store copied, moved, and what it forgets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verst.cli.loading import StoreOption, settle_all
from verst.cli.says import print_line, read_time, warn
from verst.errors import BadSetting

if TYPE_CHECKING:
    from verst.store import Store

JsonOption = Annotated[bool, typer.Option("--json", help="print JSON")]


def backup(
    file: Annotated[Path, typer.Argument(help="the file to write; it must not be there yet")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole store into one file while the board goes on. Keep the key of VERST_HOME with it."""
    if file.exists():
        raise BadSetting(f"{file} is there already and was left as it is; name another file")
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with both(store, f"sqlite:///{part.absolute()}") as (source, target):
            counts = copied(source, target)
        make_one_file(part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    say_copied(counts, str(file), as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="what verst backup wrote")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring back what a backup holds, into an empty store."""
    if not file.is_file():
        raise BadSetting(f"{file} is no file; name what verst backup wrote")
    with both(f"sqlite:///{file.absolute()}", store) as (source, target):
        counts = copied(source, target)
    say_copied(counts, "the store", as_json)


def migrate(
    to: Annotated[str | None, typer.Option(help="copy everything into this empty store, and compare")] = None,
    schema: Annotated[int | None, typer.Option(help="bring the schema of a PostgreSQL store forward or back")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move everything from one store into another of whichever kind, or a PostgreSQL store to another schema."""
    if (to is None) == (schema is None):
        raise BadSetting("write --to postgresql://… to move a store, or --schema N to bring its schema forward or back")
    if to is not None:
        with both(store, to) as (source, target):
            counts = copied(source, target)
        say_copied(counts, "the new store", as_json)
        return
    if not store or not store.startswith("postgresql://"):
        raise BadSetting("only a PostgreSQL store goes to another schema; name it: --store postgresql://…")
    from verst.store.postgres.opening import connect
    from verst.store.postgres.opening import migrate as move

    connection = connect(store)
    try:
        before, after = move(connection, schema or 0)
    finally:
        connection.close()
    if as_json:
        print_line({"from": before, "to": after})
    else:
        warn(f"schema {before} is schema {after} now")


def forget(
    author: Annotated[str | None, typer.Option(help="the hash of an author, as the evidence shows it")] = None,
    chat: Annotated[str | None, typer.Option(help="the title of a chat, channel or site")] = None,
    post: Annotated[list[str] | None, typer.Option(help="the id of a post; may be given again")] = None,
    before: Annotated[
        str | None, typer.Option(help="the words of all posts before that time; their reports stay")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Forget what came from one author, chat or post, and make the board anew without it; or the words of old posts."""
    from verst.work import open_home_store
    from verst.work.forgetting import expire_before, forget_posts, posts_of

    if not (author or chat or post or before):
        raise BadSetting("nothing to forget is named; write --author, --chat, --post or --before")
    opened = open_home_store(store)
    try:
        expired = expire_before(opened, read_time(before, "--before")) if before else 0
        ids = posts_of(opened, author=author, chat=chat, ids=post or ()) if author or chat or post else []
        with opened.sole():
            gone = forget_posts(opened, ids)
            if gone:
                settle_all(opened)
    finally:
        opened.close()
    if as_json:
        print_line({"forgotten": gone, "expired": expired})
    else:
        warn(f"{gone:,} posts forgotten with all they said" + (f", the words of {expired:,} expired" if before else ""))
        warn("a backup made before still holds them: make a new one and destroy the old")


def rotate(as_json: JsonOption = False) -> None:
    """Give authors a new key: whoever takes this machine later joins no old voice with a new one, nor finds either."""
    from verst.work.home import renew_authors_key

    was = renew_authors_key()
    if as_json:
        print_line({"replaced": was})
        return
    warn("authors have a new key; the old one is gone" if was else "there was no key yet; one was made")
    warn("restart what runs (up, listen, bot): each goes on with the key it has read; forget copies of the old one")


def make_one_file(file: Path) -> None:
    """Let a SQLite store be one file, with nothing beside it."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    for rest in ("-wal", "-shm", ".lock", ".steps"):
        file.with_name(file.name + rest).unlink(missing_ok=True)


@contextmanager
def both(source: str | None, target: str | None) -> Iterator[tuple[Store, Store]]:
    """Two stores, opened one after the other."""
    from verst.work import open_home_store

    opened = open_home_store(source)
    try:
        other = open_home_store(target)
        try:
            yield opened, other
        finally:
            other.close()
    finally:
        opened.close()


def copied(source: Store, target: Store) -> dict[str, int]:
    """Everything of the one in the other, compared."""
    from verst.work.moving import copy_store

    return copy_store(source, target)


def say_copied(counts: dict[str, int], where: str, as_json: bool) -> None:
    """How many of each were copied and found the same."""
    if as_json:
        print_line(counts)
    else:
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing"
        warn(f"{told}: copied into {where}, counted and compared")


__all__ = ["backup", "forget", "migrate", "restore"]
