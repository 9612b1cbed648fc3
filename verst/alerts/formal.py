"""Formal rules that begin or end; practice never makes one, and none makes a practice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from verst.alerts.keys import make_key
from verst.clock import iso
from verst.model import Estimate, Region, Rule
from verst.notices import Alert, Figure

NEWS = timedelta(hours=24)  # a rule that changed longer ago is no news


def find_rule_changes(regions: Sequence[Region], at: datetime) -> Iterator[Alert]:
    """One alert for each rule that began or ended within a day before ``at``."""
    for region in regions:
        for rule in region.rules:
            for starts, instant in turns(rule):
                places = crossings_of(region, rule.where)
                if at - NEWS < instant <= at and places:
                    yield make_alert(rule, starts, instant, places, at)


def turns(rule: Rule) -> Iterator[tuple[bool, datetime]]:
    """When a rule begins (True) and when it ends (False), where either is known."""
    if rule.starts_at is not None:
        yield True, rule.starts_at
    if rule.ends_at is not None:
        yield False, rule.ends_at


def make_alert(rule: Rule, starts: bool, instant: datetime, places: tuple[str, ...], at: datetime) -> Alert:
    """A rule that begins or ends, in the words it is written in."""
    return Alert(
        id=key_of(rule, starts, instant),
        at=at,
        expires=instant + 2 * NEWS,
        reason="rule_changed",
        where=rule.where,
        crossings=places,
        kind=rule.kind,
        mode=rule.mode,
        toward=rule.toward,
        tag=rule.tag,
        now=Figure(value=rule.value) if rule.value is not None and starts else None,
        newest=instant,
        text=rule.text,
        source=rule.source,
        starts=starts,
    )


def key_of(rule: Rule, starts: bool, instant: datetime) -> str:
    """The name of one change of one rule."""
    return make_key("rule", rule.id, starts, iso(instant))


def where_rules(regions: Sequence[Region]) -> dict[str, frozenset[str]]:
    """The names of all changes of rules that are written down, by the place they are for."""
    found: dict[str, set[str]] = {}
    for region in regions:
        for crossing in region.crossings:
            for place in (crossing.id, crossing.border, *crossing.border.split("-")):
                found.setdefault(place, set())
        for rule in region.rules:
            found.setdefault(rule.where, set()).update(key_of(rule, *turn) for turn in turns(rule))
    return {place: frozenset(keys) for place, keys in found.items()}


def crossings_of(region: Region, where: str) -> tuple[str, ...]:
    """The crossings of a region that a place names: one of them, a border or a country."""
    return tuple(
        crossing.id
        for crossing in region.crossings
        if where in (crossing.id, crossing.border) or where in crossing.border.split("-")
    )


def forbidden_by_rule(regions: Sequence[Region], told: Estimate, at: datetime) -> bool:
    """Whether a formal rule that holds says no to what an estimate is of."""
    return any(
        rule.kind == told.kind and rule.mode == told.mode and rule.value in ("refused", "closed")
        and (rule.toward is None or rule.toward == told.toward)
        and told.crossing in crossings_of(region, rule.where)
        and (rule.starts_at is None or rule.starts_at <= at) and (rule.ends_at is None or at < rule.ends_at)
        for region in regions for rule in region.rules
    )  # fmt: skip
