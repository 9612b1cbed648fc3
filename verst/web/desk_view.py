"""What the desk shows: claims with their words and effect, acts with what became of them, sources and their silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from verst.desk import Act, in_force
from verst.errors import VerstError
from verst.model import Claim, Crossing, Estimate, Post
from verst.store import Store
from verst.web.evidence import cut_spans, safe_url
from verst.web.page import Page
from verst.web.view import make_fact
from verst.work.configuration import config_file, read_config
from verst.work.deciding import is_overruled
from verst.work.ears import read_ears
from verst.work.listening import recall, silence
from verst.work.queueing import Item

WORDS_SHOWN = 3  # posts of a copy group
ACTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One post of a claim. ``pieces``: its text cut up, True where the words say the claim."""

    post: Post
    pieces: tuple[tuple[str, bool], ...]
    url: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim of the queue as it is shown. ``holder``: who else looks at it."""

    item: Item
    name: str  # what a form calls it
    place: str
    claim: str
    board: str
    without: str
    said: tuple[Said, ...]
    options: tuple[tuple[str, str], ...]  # of a claim about options: each with its words
    holder: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """An act as it is shown."""

    act: Act
    place: str
    what: str
    holds: bool  # not taken back
    overruled: bool
    mine: bool
    last: bool  # the one that the key u takes back: the newest of one's own that holds


@dataclass(frozen=True, slots=True)
class Quiet:
    """Something listened to that is silent for longer than it usually is, or fails."""

    name: str
    lasting: str  # in words; empty where it is not silent
    usual: str
    fault: str | None


def show_items(
    store: Store, page: Page, items: Sequence[Item], holds: Mapping[str, str], who: str
) -> list[Waiting]:  # fmt: skip
    """Claims with the words that say them."""
    ids = [report.post for item in items for report in item.reports[:WORDS_SHOWN]]
    posts, readings = store.posts(ids), store.readings(ids)
    places = crossings(page)
    shown = []
    for item in items:
        said = []
        for name in dict.fromkeys(report.post for report in item.reports[:WORDS_SHOWN]):
            if name in posts:
                claims = readings[name].claims if name in readings else ()
                spans = [claim.span for claim in claims if claim.span and claim.kind == item.claim.kind]
                post = posts[name]
                pieces = cut_spans(post.text, spans)
                said.append(Said(post, pieces, safe_url(post.url)))
        holder = holds.get(item.id)
        shown.append(show_item(page, item, places, tuple(said), holder if holder != who else None))
    return shown


def show_item(
    page: Page, item: Item, places: Mapping[str, Crossing], said: tuple[Said, ...], holder: str | None
) -> Waiting:
    """One claim in the page's language."""
    kind = page.kinds[item.claim.kind]
    place = page.name(places[item.crossing]) if item.crossing in places else item.crossing
    words = {"passage": "passage", "mode_rule": "allowed"}.get(kind.id, "tag")
    options = tuple((option, page.word(words, option, kind.id)) for option in kind.options)
    return Waiting(
        item, item_name(item), place, claim_words(page, item.claim), estimate_words(page, item.told),
        estimate_words(page, item.without), said, options, holder,
    )  # fmt: skip


def item_name(item: Item) -> str:
    """What a form calls a claim."""
    return f"{item.crossing}\t{item.post}\t{item.what}"


def claim_words(page: Page, claim: Claim) -> str:
    """What a claim says, as the board would say it."""
    value, odds = claim.value, None
    if value is None or isinstance(value, str):
        odds = ((value, 1.0),) if value else None
    if value is None:
        return page.word("tag", claim.tag or "other", claim.kind)
    told = Estimate(
        at=page.moment.at, crossing=claim.crossing, kind=claim.kind, mode=claim.mode, toward=claim.toward,
        value=value, p10=claim.low, p90=claim.high, odds=odds, currency=claim.currency, service=claim.service,
    )  # fmt: skip
    return estimate_words(page, told)


def estimate_words(page: Page, told: Estimate | None) -> str:
    """What the board says; that it says nothing, where it does not."""
    if told is None or told.value is None:
        return page.say("silent.unknown")
    return page.value(make_fact(told, page.moment.at, page.kinds))


def crossings(page: Page) -> dict[str, Crossing]:
    """Every crossing by its id."""
    return {crossing.id: crossing for region in page.regions for crossing in region.crossings}


def show_acts(store: Store, page: Page, acts: Sequence[Act], at: datetime, who: str) -> list[Done]:
    """The newest acts, each with what became of it."""
    holding = {act.n for act in in_force(acts, at)}
    undone = {act.undoes for act in acts if act.verb == "undo"}
    mine = [act.n for act in acts if act.who == who and act.n in holding]
    shown = []
    for act in reversed(acts[-ACTS_SHOWN:]):
        holds = act.n in holding or (act.verb == "undo" and act.n not in undone)
        overruled = act.n in holding and is_overruled(store, act, at)
        told = place_of(page, act), what_of(page, act)
        shown.append(Done(act, *told, holds, overruled, act.who == who, act.n == max(mine, default=0)))
    return shown


def place_of(page: Page, act: Act) -> str:
    """Where an act is about."""
    places = crossings(page)
    return page.name(places[act.crossing]) if act.crossing in places else act.crossing or ""


def what_of(page: Page, act: Act) -> str:
    """What an act is about, and what it says instead."""
    if act.what is None:
        return f"#{act.undoes}" if act.undoes is not None else str(act.value or "")
    kind = page.kinds.get(act.what.partition("|")[0])
    word = page.word("kind", kind.id) if kind is not None else act.what
    if act.verb != "correct" or act.value is None or kind is None:
        return word
    claim = Claim(kind=kind.id, crossing=act.crossing or "", value=act.value)
    return f"{word}: {claim_words(page, claim)}"


def find_quiet(store: Store, page: Page, at: datetime) -> list[Quiet]:
    """What is listened to and says nothing, though it usually does by now, or cannot be reached."""
    try:
        file = config_file()
        ears = read_ears(file) if "ear" in read_config(file).table else ()
    except VerstError:  # the doctor says what is wrong with the file
        return []
    found = []
    for ear in ears:
        heard = recall(store, ear)
        quiet = silence(heard, at)
        if quiet is not None or heard.fault is not None:
            lasting, usual = (span_words(page, span) for span in quiet) if quiet is not None else ("", "")
            found.append(Quiet(ear.name, lasting, usual, heard.fault))
    return found


def span_words(page: Page, span: timedelta) -> str:
    """A time in minutes, from two hours on in hours."""
    minutes = max(1, round(span.total_seconds() / 60))
    return page.count("amount.minutes", minutes) if minutes < 120 else page.count("amount.hours", round(minutes / 60))
