"""The part of an answer that is the rule: what the authorities set, from when, and where it is written."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from verst.ask.answers import Line
from verst.ask.scope import Scope, host_of
from verst.ask.wish import Wish
from verst.model import Rule

# Topics for which the rule belongs in the answer even when people speak only of what they saw.
RULED = {"mode_rule", "passage", "rule", "other"}
# Who may enter, for how long and with what: asked in one breath, so answered together.
ENTERING = {"rule", "entry_stay", "entry_refusal", "documents"}
MOST_RULES = 5


def find_rules(scope: Scope, wish: Wish, places: tuple[str, ...]) -> list[Rule]:
    """Rules in force that bear on the question at these places (crossings, borders, countries), the nearest first."""
    near = [wider for place in places for wider in widen(scope, place)]
    fitting = [rule for rule in scope.rules() if rule.where in near and bears_on(rule, wish)]
    fitting.sort(key=lambda rule: (near.index(rule.where), rule.mode not in (wish.mode, "any"), rule.id))
    return fitting


def widen(scope: Scope, place: str) -> list[str]:
    """A place and what it belongs to: a crossing, its border (``RU-GE``), its countries; of a country its borders."""
    crossing = scope.crossing(place)
    if crossing is None and len(place) == 2:
        borders = {c.border for region in scope.regions for c in region.crossings if place in c.border.split("-")}
        return [place, *sorted(borders)]
    border = crossing.border if crossing else place
    countries = [country for country in border.split("-") if len(country) == 2]
    return list(dict.fromkeys([place, border, "-".join(reversed(countries)), *countries]))


def bears_on(rule: Rule, wish: Wish) -> bool:
    """Whether a rule is about what was asked."""
    if rule.kind == "rule":
        return rule.tag == wish.topic or (wish.topic in ENTERING and rule.tag in ENTERING)
    if wish.topic not in RULED:
        return False
    return wish.mode == "any" or rule.mode in ("any", wish.mode)


def say_rules(scope: Scope, wish: Wish, places: tuple[str, ...], *, silent: bool = False) -> list[Line]:
    """The rules as sentences; that none is on file when the question asks for one, unless ``silent``."""
    found = find_rules(scope, wish, places)[:MOST_RULES]
    if not found and not silent and asks_for_rule(wish):
        return [Line(what="rule", text=scope.words.say("no_rule"), kind="rule")]
    return [say_rule(scope, rule) for rule in found]


def asks_for_rule(wish: Wish) -> bool:
    """Whether a question cannot be answered in full without the rule."""
    return wish.topic in ("mode_rule", "rule") or wish.topic not in (
        "passage", "wait", "queue_length", "queue_count", "throughput", "flow", "price", "service", "event", "other",
    )  # fmt: skip


def zone_of(scope: Scope, rule: Rule) -> str:
    """The clock of the country entered where the rule says one, else of the first side it holds for."""
    sides = [
        side
        for region in scope.regions
        for crossing in region.crossings
        if rule.where in (crossing.id, crossing.border, *crossing.border.split("-"))
        for side in crossing.sides
    ]
    sides.sort(key=lambda side: side.country not in (rule.toward, rule.where))
    return sides[0].zone if sides else "UTC"


def say_rule(scope: Scope, rule: Rule) -> Line:
    """One rule with its place, source and since when. Its end is not said: at that time nobody may have known it."""
    said = scope.words.pick(rule.text, "")
    if not said:
        value = scope.option(rule.kind, rule.value) if rule.value else scope.words.word("tags", rule.tag or "other")
        said = f"{scope.words.word('modes', rule.mode)}: {value}"
    start = rule.starts_at.astimezone(ZoneInfo(zone_of(scope, rule))) if rule.starts_at else None
    since = scope.words.say("rule_since", date=f"{start:%d.%m.%Y}") if start else ""
    where = f" ({scope.name(rule.where) if scope.crossing(rule.where) else scope.wide_name(rule.where)})"
    text = scope.words.say(
        "rule", where=where, text=said.rstrip("."), source=host_of(rule.source) or "\u2013", since=since
    )
    known = scope.crossing(rule.where)
    return Line(
        what="rule",
        text=text,
        crossing=known.id if known else None,
        kind=rule.kind,
        mode=rule.mode,
        toward=rule.toward,
        newest=rule.starts_at,
        tag=rule.tag,
        link=rule.source if rule.source and "://" in rule.source else None,
    )
