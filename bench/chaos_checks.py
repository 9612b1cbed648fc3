"""Nothing by itself: what must hold after `bench.chaos`, and the calm run that its board is compared with."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bench.chaos_posts import as_lines
from bench.chaos_sites import POLLED, Sites, show
from bench.chaos_storm import Storm
from bench.chaos_world import SOURCES, World
from verst.geography import load_kinds, load_regions
from verst.model import Post
from verst.reading.reader import Reader
from verst.sources import Door, read_bytes
from verst.store import Store, open_store, outbox_of
from verst.work import settle
from verst.work.intake import Tally, keep_posts

NAMED = {
    "hang": r"no answer \(|did not come to its end", "cut": r"no answer \(|broke off|ended the stream",
    "busy": "HTTP 429", "broken": "HTTP 503|ended the stream", "megabytes": "longer than|is no RSS|not JSON|no RSS",
    "flood": "more than 8 MB", "noise": "not JSON|not UTF-8|no RSS|so broken", "fill_disk": "room|disk did not let",
    "crash_database": "cannot be reached|server",
    "load_useless": "(cut|noise|one-line|deep|entities|nothing|no-times|zeros)[.]",
}  # fmt: skip
SAME = (
    "where kind mode toward side tag reason follows takes_back who due since".split()
)  # of an alert: what it is about
ENDS = {"load": {0, 3, 6}, "tell": {0, 6}, "up": {6}, "listen": {6}}  # codes with which each may end by itself


def all_said(storm: Storm, home: Path) -> list[Post]:
    """Everything that was said, as the door lets it in: each way as its places show it, and the forms as kept."""
    sayings, reader = storm.sayings, Reader.load()
    door = Door.from_key_file(home / "key", about_of=reader.places.about)
    given = [(show(way, sayings.said[way]), SOURCES[way]) for way in POLLED.values()]
    given.append((as_lines(sayings.said["events"]), "posts"))
    given += [(file.read_bytes(), "posts") for file in storm.files]
    posts = [item for data, source in given for item in read_bytes(data, "calm", door, source=source)]
    return [item for item in posts if isinstance(item, Post)]


def latest(posts: list[Post]) -> dict[str, Post]:
    """Of each post the last edit."""
    found: dict[str, Post] = {}
    for post in sorted(posts, key=lambda post: (post.edited_at is not None, post.edited_at or post.posted_at)):
        found[post.id] = post
    return found


def run_calmly(file: Path, posts: list[Post], at: datetime) -> Store:
    """The same posts in the order of time, kept and fused once, in one process."""
    store = open_store(f"sqlite:///{file}")
    with store.sole():
        keep_posts(sorted(posts, key=lambda post: (post.posted_at, post.id)), store, Reader.load(), Tally(), [])
        settle_at(store, at)
    return store


def settle_at(store: Store, at: datetime) -> None:
    settle(store, load_regions(), {kind.id: kind for kind in load_kinds()}, now=at)


def compare(one: Store, other: Store, at: datetime) -> tuple[int, list[str]]:
    """How many estimates there are, and what differs between two boards: reports, sayings, estimates."""
    wrong = []
    if list(one.reports()) != list(other.reports()):
        pairs = {r.post: r for r in other.reports()}
        odd = [r.post for r in one.reports() if pairs.get(r.post) is None]
        wrong.append(
            f"the reports differ ({len(list(one.reports()))} and {len(list(other.reports()))}; only here {odd[:3]})"
        )
    if list(one.heard()) != list(other.heard()):
        wrong.append("what was said besides differs")
    count, long_ago, far = 0, datetime.fromisoformat("2000-01-01T00:00Z"), datetime.fromisoformat("2101-01-01T00:00Z")
    for crossing in sorted({c.id for region in load_regions() for c in region.crossings} | {"RU-GE", "RU-KZ", "RU-FI"}):
        mine, theirs = one.estimates_between(crossing, long_ago, far), other.estimates_between(crossing, long_ago, far)
        count += len(mine)
        if mine != theirs:
            first = next((a for a, b in zip(mine, theirs, strict=False) if a != b), None)
            when = f", first at {first.at:%Y-%m-%dT%H:%M} ({first.kind})" if first else ""
            wrong.append(f"estimates of {crossing} differ ({len(mine)} and {len(theirs)}{when})")
    return count, wrong


def check_told(world: World, sites: Sites) -> tuple[str, list[str]]:
    """What was told, by key: nothing lost, nothing twice to who looks at the key, no change under two keys."""
    with world.opened() as store:
        deliveries = outbox_of(store).deliveries()
    told, wrong = defaultdict(list), []
    for path, key, body in sites.told:
        told[path, key].append(body)
    keys = Counter(key for _, key in told)
    done = {f"{each.alert}-{each.subscriber}": each for each in deliveries}
    states = Counter(each.state for each in deliveries)
    wrong += [f"{key} was told to two people" for key, count in keys.items() if count > 1]
    wrong += [f"{key} came with two bodies" for (_, key), bodies in told.items() if len(set(bodies)) > 1]
    wrong += [f"{key} is said to be told and was not" for key, each in done.items()
              if each.state == "delivered" and key not in keys]  # fmt: skip
    wrong += [f"{key} was told and nobody accepted it" for key in keys if key not in done]
    if states["waiting"] or states["refused"]:
        faults = Counter(each.fault for each in deliveries if each.state in ("waiting", "refused"))
        wrong.append(f"{states['waiting']} wait and {states['refused']} were refused: {dict(faults)}")
    wrong += list(_twice(told))
    doubles = len(sites.told) - len(told)
    return f"{len(told):,} by key, {doubles} came twice with the same key, {dict(states)}", wrong


def _twice(told: dict[tuple[str, str], list[bytes]]) -> Iterator[str]:
    """Changes that were told under two keys: the same news of the same thing after the same alert."""
    seen: dict[tuple[object, ...], str] = {}
    for (path, key), (body, *_) in told.items():
        alert = json.loads(body)["alert"]
        about = [alert.get(name) for name in SAME]
        rumoured = alert["was"] if alert["reason"] == "rumour_contradicted" else None
        what = (path, *about, str(rumoured), alert["at"] if alert["follows"] is None else "")
        if seen.setdefault(what, key) != key:
            yield f"{alert['reason']} at {alert['where']} was told under two keys"


def check_words(world: World, sites: Sites, storm: Storm) -> tuple[str, list[str]]:
    """Whether every sort of trouble that was met was named, and nothing else was said that names no cause."""
    said = [line for running in world.all for line in running.lines]
    met = {**sites.made, **{name: storm.done[name] for name in ("fill_disk", "crash_database")}}
    met["load_useless"] = sum(code == 3 for running in world.once for code, _ in running.ends)
    unnamed = [kind for kind, times in met.items() if times > 2 and not any(re.search(NAMED[kind], s) for s in said)]
    wrong = [f"nobody named the cause: {kind} ({met[kind]} times)" for kind in unnamed]
    wrong += [f"{running.name} said: {line[:200]}" for running in world.all for line in running.lines
              if line.startswith(("Traceback", "Exception")) or "went wrong" in line]  # fmt: skip
    ends = [(running.name, *end) for running in world.all for end in running.ends]
    wrong += [f"{name} ended with {code}: {line[:200]}" for name, code, line in ends if code not in ENDS[name]]
    tried = sum(1 for times in met.values() if times > 2)
    return f"{tried - len(unnamed)} of {tried} sorts named in {len(said):,} lines", wrong
