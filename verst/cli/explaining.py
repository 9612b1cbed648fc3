"""Commands that explain: why an estimate is what it is, which rumours spread, what an attack looks like."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from verst.cli.loading import StoreOption
from verst.cli.looking import newest as newest_kept
from verst.cli.names import check_crossing, check_word
from verst.cli.says import print_line, print_text, read_time, warn, whole
from verst.errors import BadSetting

if TYPE_CHECKING:
    from verst.fusion.verdicts import Rumour
    from verst.model import Estimate, Evidence
    from verst.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]
At = Annotated[str | None, typer.Option(help="what was known then (default: the newest that is kept)")]


def why(
    crossing: Annotated[str, typer.Argument(metavar="CROSSING", help="its id, such as verkhny-lars")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help="such as wait, queue_length, passage")],
    at: At = None,
    toward: Annotated[str | None, typer.Option(help="only into this country, such as GE")] = None,
    mode: Annotated[str | None, typer.Option(help="only by this means, such as car; any: none was named")] = None,
    store: StoreOption = None,
    as_json: AsJson = False,
) -> None:
    """What carried an estimate and with what weight, what was discounted, and why. One block a direction and means."""
    from verst.geography import load_kinds
    from verst.work import open_home_store

    check_crossing(crossing, borders=True)
    check_word(kind, [each.id for each in load_kinds()], "kind")
    opened = open_home_store(store)
    try:
        when = moment(opened, at)
        found = [
            told
            for told in opened.estimates_at(when, crossing)
            if told.kind == kind and toward in (None, told.toward) and mode in (None, told.mode)
        ]
        if not found and not as_json:
            warn(f"nobody has said anything about {kind} at {crossing} by then, which is no all-clear")
        for told in found:
            say_why(told, opened, when, as_json)
    finally:
        opened.close()


def moment(store: Store, at: str | None) -> datetime:
    """The time asked for, else the newest that is kept, as `verst ask` has it."""
    when: datetime = read_time(at, "--at") if at else newest_kept(store)
    return when


def say_why(told: Estimate, store: Store, when: datetime, as_json: bool) -> None:
    """One estimate with its evidence, the heaviest first."""
    posts = store.posts([piece.post for piece in told.evidence])
    rows = [why_row(piece, posts[piece.post].text if piece.post in posts else None) for piece in told.evidence]
    if as_json:
        from verst.web.tables import estimate_row

        print_line(estimate_row(told, when) | {"evidence": rows})
        return
    parts = (told.kind, told.crossing, told.toward and f"toward {told.toward}", told.mode, told.tag, told.service)
    spread = f", 10 to 90 %: {whole(told.p10)} to {whole(told.p90)}" if told.p10 is not None else ""
    odds = f", {', '.join(f'{option} {share:.2f}' for option, share in told.odds)}" if told.odds else ""
    notes = ", derived from other figures" * told.derived + ", disputed" * told.disputed
    print_text(f"{' '.join(part for part in parts if part)}: {whole(told.value)}{spread}{odds}")
    newest = f"newest {told.newest:%d.%m %H:%M} UTC" if told.newest else "never heard"
    print_text(f"  {told.voices} independent voices, {newest}{notes}")
    for row in rows:
        other = f"{row['kind']} " if row["kind"] else ""  # another unit of the same queue
        note = f"  ({row['note']})" if row["note"] else ""
        said = f"{row['source']}, {row['stance']}: {other}{row['value']}{note}"
        print_text(f"  {row['weight']:5.2f}  {row['said_at']}  {said}")
        print_text(f"         {row['words'] or 'its words are no longer kept'}")


def why_row(piece: Evidence, words: str | None) -> dict[str, Any]:
    """One post's part in an estimate. ``weight``: 0 to 1; ``note``: why it is not more."""
    from verst.clock import iso

    row: dict[str, Any] = {"post": piece.post, "weight": round(piece.weight, 4), "value": whole(piece.value)}
    row |= {
        "source": piece.source,
        "stance": piece.stance,
        "said_at": iso(piece.said_at),
        "note": piece.note,
        "kind": piece.kind,
    }
    return row | {"words": " ".join(words.split())[:160] if words is not None else None}


def rumours(
    crossing: Annotated[str | None, typer.Option(help="only at this crossing")] = None,
    at: At = None,
    store: StoreOption = None,
    as_json: AsJson = False,
) -> None:
    """What spread by hearsay: claims, totals, closings to come; what speaks for and against, and when it turned."""
    from verst.geography import load_regions
    from verst.work import open_home_store
    from verst.work.rumoured import find_rumours

    check_crossing(crossing, borders=True)
    opened = open_home_store(store)
    try:
        when = moment(opened, at)
        found = find_rumours(opened, when, crossing, regions=load_regions())
    finally:
        opened.close()
    if not found and not as_json:
        warn("no claim has spread by hearsay by then")
    for rumour in found:
        if as_json:
            from verst.work.rumoured import rumour_row

            print_line(rumour_row(rumour))
        else:
            say_rumour(rumour)


def say_rumour(rumour: Rumour) -> None:
    """One rumour in a few lines; never who."""
    said = " ".join(str(whole(part)) for part in (rumour.kind, rumour.tag, rumour.value) if part is not None)
    said += f" ({rumour.mode})" if rumour.mode != "any" else ""
    said += f" of {rumour.who}" if rumour.who else ""
    said += f" into {rumour.toward}" if rumour.kind == "total" and rumour.toward else ""
    said += f" since {rumour.since:%d.%m.%Y}" if rumour.since else ""
    said += f" from {rumour.due:%d.%m.%Y %H:%M} UTC on" if rumour.due else ""
    print_text(f"{rumour.verdict}: {said} at {rumour.crossing}")
    print_text(
        f"  first {rumour.first_seen:%d.%m %H:%M} UTC ({rumour.first_source}); {rumour.posts} posts, {rumour.roots} of "
        f"their own words, in {rumour.communities} chats; seen there or said by authorities: {rumour.witnesses}"
    )
    for turn in rumour.turns:
        print_text(f"  {turn.at:%d.%m %H:%M} UTC  {turn.verdict}: {turn.why}")


def drill(
    attack: Annotated[list[str] | None, typer.Option(help="only this attack; may be given many times")] = None,
    honest: Annotated[list[float] | None, typer.Option(help="honest posts an hour (default 30 and 5)")] = None,
    seed: Annotated[int, typer.Option(help="another made-up crowd")] = 1,
    as_json: AsJson = False,
) -> None:
    """A hundred fake accounts against a made-up border: how far they move it. Nothing real is touched."""
    from dataclasses import asdict

    from verst.fusion import drill as drills

    try:
        rates = honest or [30.0, 5.0]
        if any(not 0.1 <= rate <= 1_000 for rate in rates):
            raise BadSetting("--honest is a number of posts an hour from 0.1 to 1000")
        lines = drills.run(seed, rates, attack or drills.ATTACKS)
    except ValueError as error:
        raise BadSetting(f"--attack: {error}") from error
    if not as_json:
        print_text("honest/h  attack          wait moved  disputed  range   passage flipped")
    for line in lines:
        if as_json:
            print_line(asdict(line))
        else:
            print_text(
                f"{line.honest_an_hour:8.0f}  {line.attack:<14}  {line.moved:9.0%}  {line.disputed:8.0%}  "
                f"{line.wider:4.1f}x  {'yes' if line.flipped else 'no'}"
            )
