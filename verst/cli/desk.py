"""`verst desk`: who may work at the desk, and whether its trail is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from verst.cli.loading import StoreOption
from verst.cli.says import print_line, print_text, warn
from verst.errors import NotAllowed

if TYPE_CHECKING:
    from verst.desk import Account
    from verst.store.desk import Desk

JsonOption = Annotated[bool, typer.Option("--json", help="print as JSON")]
BOARD = "http://127.0.0.1:8080"

desk = typer.Typer(
    name="desk",
    help="Who may work at the desk (/desk of the board; there is none until somebody has an account), and its trail.",
    no_args_is_help=True,
)


@contextmanager
def open_desk(store: str | None) -> Iterator[Desk]:
    """The desk of the store, while this lasts."""
    from verst.store.desk import desk_of
    from verst.work import open_home_store

    opened = open_home_store(store)
    try:
        yield desk_of(opened)
    finally:
        opened.close()


@desk.command()
def add(
    name: Annotated[str, typer.Argument(help="a pseudonym: 2 to 24 of a-z, 0-9 and -; nobody's real name")],
    role: Annotated[str, typer.Option(help="viewer, moderator, editor or admin")] = "moderator",
    board: Annotated[str, typer.Option(help="where the board is found, for the link")] = BOARD,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make an account, or let one choose password and factor anew; prints a link that is good once, for two days."""
    from typing import cast
    from urllib.parse import urlencode

    from verst.clock import now
    from verst.desk import Role
    from verst.work.accounts import invite

    with open_desk(store) as opened:
        key = invite(opened, name, cast(Role, role), now())
    link = f"{board.rstrip('/')}/desk/join?{urlencode({'name': name, 'key': key})}"
    if as_json:
        print_line({"name": name, "role": role, "link": link})
    else:
        warn(f"for {name} alone, over a way that nobody else reads; who has it can take the account:")
        print_text(link)


@desk.command("list")
def list_accounts(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Every account, its role, and whether it has joined."""
    with open_desk(store) as opened:
        accounts = opened.accounts()
    for each in accounts:
        row = {"name": each.name, "role": each.role, "state": state_of(each), "recovery_codes": len(each.spare)}
        if as_json:
            print_line(row)
        else:
            print_text(f"{each.name}: {each.role}, {row['state']}, {row['recovery_codes']} recovery codes left")
    if not accounts and not as_json:
        warn("nobody has an account, so there is no desk: verst desk add NAME")


def state_of(account: Account) -> str:
    """Whether an account can be used."""
    if account.closed:
        return "closed"
    return "joined" if account.password else "invited"


@desk.command()
def close(name: Annotated[str, typer.Argument(help="whose account")], store: StoreOption = None) -> None:
    """Close an account and end its sessions; what was decided stays. `verst desk add` opens it again."""
    from verst.work.accounts import close as close_account

    with open_desk(store) as opened:
        close_account(opened, name)
    warn(f"{name} is closed")


@desk.command()
def audit(
    head: Annotated[str | None, typer.Option(help="a last link that was noted before: it must still be there")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the chain of every act; prints the last link, to be noted elsewhere. Ends with code 7 if it is broken."""
    from verst.desk import broken_at

    with open_desk(store) as opened:
        rows = list(opened.trail())
    broken = broken_at(rows)
    links = [seal for _, _, seal in rows]
    if as_json:
        print_line({"acts": len(rows), "broken_at": broken, "head": links[-1] if links else None})
    if broken is not None:
        raise NotAllowed(f"the trail was changed at act {broken}; restore a backup, and see who could write to it")
    if head is not None and head not in links:
        raise NotAllowed(f"the link {head[:16]}… is not in the trail; acts were removed from its end, or all replaced")
    if not as_json:
        print_text(f"{len(rows)} acts, each as it was made; the last link: {links[-1] if links else 'none'}")
