"""What one person asked to be told, and when it is time: changes at a crossing, or a wait that is surely under so much.

Whom to write to has to be known to write: the numbers of private chats lie in a file of their own in ``VERST_HOME``,
sealed and closed to others, in no store, backup, log or export. /stop takes them out at once, and so does who blocks
the bot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, get_args

import msgspec

from verst.bot.sealing import SealedFile
from verst.bot.words import say
from verst.model import Crossing, Estimate, Mode
from verst.notices import Alert
from verst.web.phrases import crossing_zone
from verst.web.texts import choose_tongue

if TYPE_CHECKING:
    from verst.bot.world import World

MOST = 10  # of one person
FRESH = timedelta(hours=3)
_UNDER = re.compile(r"(.+?)\s+(?:under|below|<|меньше|менше|до|أقل من)\s*(\d{1,3})\s*\w{0,6}\.?\Z", re.IGNORECASE)
_QUIET = re.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})\Z")


class Wish(msgspec.Struct, kw_only=True):
    """One thing to be told. ``under``: hours; otherwise alerts, of those who travel by ``mode`` where it is named."""

    crossing: str
    mode: str = "any"
    under: float | None = None
    told: bool = False  # of a wait: already, and not over it since


class Person(msgspec.Struct, kw_only=True):
    """One private chat: its wishes, hours of quiet on the clock of the crossing, and the alerts it was told of."""

    lang: str | None = None
    wishes: list[Wish] = []
    quiet: tuple[int, int] | None = None
    told: list[str] = []


class Wishes:
    """Every private chat that asked for something, in one sealed file."""

    def __init__(self, file: SealedFile) -> None:
        self._file = file
        kept = file.read()
        self.people = msgspec.json.decode(kept, type=dict[int, Person]) if kept else {}

    def save(self) -> None:
        """Write the file anew, all of it or nothing of it."""
        self._file.write(msgspec.json.encode(self.people))

    def forget(self, chat: int) -> None:
        """Nothing is known of a chat any more."""
        if self.people.pop(chat, None) is not None:
            self.save()


def hear_wish(world: World, wishes: Wishes, chat: int, more: str, lang: str | None) -> str:
    """Take a wish down and say which."""
    under = _UNDER.match(more)
    words = (under[1] if under else more).split()
    mode = next((word for word in words if word.lower() in get_args(Mode)), "any").lower()
    crossing = world.find(" ".join(word for word in words if word.lower() != mode))
    if crossing is None:
        how = "no_crossing" if words else "watch_how"
        return say(lang, how, some=world.some_names(lang)) if words else say(lang, how)
    person = wishes.people.setdefault(chat, Person())
    if len(person.wishes) >= MOST:
        return say(lang, "too_many", most=MOST)
    wish = Wish(crossing=crossing.id, mode=mode, under=float(under[2]) if under else None)
    person.lang = lang
    if not any((w.crossing, w.mode, w.under) == (wish.crossing, wish.mode, wish.under) for w in person.wishes):
        person.wishes.append(wish)
    wishes.save()
    return say(lang, "watching", what=say_wish(world, wish, lang))


def say_wish(world: World, wish: Wish, lang: str | None) -> str:
    """A wish in words."""
    crossing = _crossing(world, wish.crossing)
    name = world.name(crossing, lang) if crossing is not None else wish.crossing
    if wish.under is not None:
        return say(lang, "under", name=name, hours=f"{wish.under:g}")
    if wish.mode != "any":
        return say(lang, "changes_for", name=name, means=choose_tongue(lang, None).say(f"mode.{wish.mode}"))
    return say(lang, "every_change", name=name)


def list_wishes(world: World, wishes: Wishes, chat: int, lang: str | None) -> str:
    """All that one person is told of."""
    person = wishes.people.get(chat)
    if person is None or not person.wishes:
        return say(lang, "nothing_watched")
    return "\n".join(f"– {say_wish(world, wish, lang)}" for wish in person.wishes)


def set_quiet(wishes: Wishes, chat: int, more: str, lang: str | None) -> str:
    """Take hours of quiet down."""
    found = _QUIET.match(more)
    if found is None or int(found[1]) > 23 or int(found[2]) > 24:
        return say(lang, "quiet_how")
    first, last = int(found[1]), int(found[2]) % 24
    wishes.people.setdefault(chat, Person(lang=lang)).quiet = (first, last)
    wishes.save()
    return say(lang, "quiet_set", first=first, last=last)


def is_quiet(person: Person, crossing: Crossing | None, at: datetime) -> bool:
    """Whether somebody is not to be disturbed, on the clock of a crossing.

    >>> from datetime import UTC
    >>> [is_quiet(Person(quiet=(23, 7)), None, datetime(2022, 9, 24, hour, tzinfo=UTC)) for hour in (22, 23, 6, 7)]
    [False, True, True, False]
    """
    if person.quiet is None:
        return False
    hour = at.astimezone(crossing_zone(crossing)).hour
    first, last = person.quiet
    return first <= hour < last if first <= last else hour >= first or hour < last


def alerts_for(person: Person, alerts: list[Alert], world: World, at: datetime) -> Iterator[Alert]:
    """Alerts a person asked for, which hold still and were not told yet; what was told is taken back with them."""
    for alert in sorted(alerts, key=lambda each: each.at):
        if alert.id in person.told or alert.expires <= at:
            continue
        wanted = alert.takes_back in person.told if alert.takes_back else any(_wants(w, alert) for w in person.wishes)
        place = _crossing(world, alert.crossings[0]) if alert.crossings else None
        if wanted and not is_quiet(person, place, at):
            yield alert


def _wants(wish: Wish, alert: Alert) -> bool:
    return wish.under is None and wish.crossing in alert.crossings and wish.mode in ("any", alert.mode)


def waits_under(person: Person, world: World, at: datetime) -> Iterator[tuple[Wish, Estimate]]:
    """Wishes whose wait is surely under what was asked, by somebody's fresh word; each once until it is over again."""
    for wish in person.wishes:
        if wish.under is None:
            continue
        told = [each for each in world.store.estimates_at(at, wish.crossing) if _is_wait_by_car(each, at)]
        best = min(told, key=lambda each: each.p90 or 1e9, default=None)
        under = best is not None and best.p90 is not None and best.p90 < 60 * wish.under
        if not under or best is None:
            wish.told = wish.told and best is None
            continue
        if not wish.told and not is_quiet(person, _crossing(world, wish.crossing), at):
            yield wish, best


def _is_wait_by_car(told: Estimate, at: datetime) -> bool:
    fresh = told.newest is not None and at - told.newest <= FRESH
    return told.kind == "wait" and told.mode == "car" and fresh and told.voices > 0


def _crossing(world: World, name: str) -> Crossing | None:
    return next((c for region in world.regions for c in region.crossings if c.id == name), None)
