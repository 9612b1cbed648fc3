"""Until when formal rules hold, as the desk set it: the shelf says what a rule is, an editor from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from verst.desk import Act, in_force
from verst.model import Region
from verst.store import Store
from verst.store.desk import acts_of


def with_rules(region: Region, acts: Sequence[Act], at: datetime) -> Region:
    """The region with its rules as they were set by ``at``; of two acts on one rule the later one counts."""
    told = {str(act.value): act for act in in_force(acts, at) if act.verb == "rule"}
    if not any(rule.id in told for rule in region.rules):
        return region
    rules = (
        replace(rule, starts_at=told[rule.id].starts_at, ends_at=told[rule.id].ends_at) if rule.id in told else rule
        for rule in region.rules
    )
    return replace(region, rules=tuple(rules))


def regions_at(store: Store, regions: Sequence[Region], at: datetime) -> tuple[Region, ...]:
    """The regions with their rules as the desk had set them by ``at``."""
    acts = acts_of(store)
    return tuple(with_rules(region, acts, at) for region in regions)
