"""What the desk decided, put into reports: which of them, since when, and how they count then."""

from __future__ import annotations

from dataclasses import replace

from tests.store.samples import NOON, at, report, wait
from verst.desk import Act
from verst.fusion.judging import judge, merge, what_of
from verst.fusion.rows import HEARSAY, OFFICIAL, SEEN_TO, WITNESS, tier_of, weight_of
from verst.model import Report

WHAT = what_of(wait())


def act(verb: str, n: int = 1, **more: object) -> Act:
    told: dict[str, object] = {"crossing": "verkhny-lars", "post": "a", "what": WHAT, "since": NOON, "at": at(60)}
    return Act(verb=verb, who="owl", made_at=at(60), n=n, **(told | more))  # type: ignore[arg-type]


def outcome(reports: list[Report], *acts: Act) -> list[str | None]:
    return [each.judged for each in judge(reports, acts)]


SAID = [report("a"), replace(report("b", 5), copy_of="a"), report("c", 10)]


def test_a_copy_group_is_judged_as_one_unless_one_post_alone_is_meant() -> None:
    assert outcome(SAID, act("reject")) == ["rejected", "rejected", None]
    assert outcome(SAID, act("reject", whole=False)) == ["rejected", None, None]
    assert judge(SAID, []) == SAID


def test_another_place_subject_or_time_is_not_judged() -> None:
    for other in ({"crossing": "salla"}, {"what": "passage|GE||car|||"}, {"post": "z"}, {"since": at(1)}):
        assert outcome(SAID[:1], act("reject", **other)) == [None], other
    assert outcome(SAID[:1], act("reject", what=None)) == ["rejected"]


def test_of_two_acts_the_later_counts_and_one_on_the_claim_before_one_on_its_source() -> None:
    mark = act("mark", 3, source="c", value="hostile", crossing=None, post=None, what=None)
    assert outcome(SAID[:1], act("reject"), act("confirm", 2)) == ["confirmed"]
    assert outcome(SAID, act("confirm"), mark) == ["confirmed", "confirmed", "hostile"]
    assert judge(SAID[:1], [replace(mark, value="official")])[0].source == "official"


def test_a_correction_is_a_report_of_its_own_at_the_same_instant() -> None:
    old, new, copy = judge(SAID[:2], [act("correct", 7, value=90.0)])
    assert (old.judged, new.judged, copy.judged) == ("rejected", "corrected", "rejected")
    assert new.claim.value == 90.0 and new.posted_at == old.posted_at and new.copy_of == "desk:7"
    assert new.author == "desk:owl" != old.author


def test_what_was_seen_to_weighs_and_what_was_refused_does_not() -> None:
    one = report("a")
    for judged, tier, weight in (
        (None, WITNESS, 0.8),
        ("confirmed", OFFICIAL, SEEN_TO),
        ("corrected", OFFICIAL, SEEN_TO),
        ("rejected", HEARSAY, 0.0),
        ("hostile", HEARSAY, 0.0),
    ):
        told = replace(one, judged=judged)  # type: ignore[arg-type]
        assert (tier_of(told), weight_of(told, tier_of(told))) == (tier, weight)


def test_rumours_are_merged_by_their_figure() -> None:
    told = act("merge", what="wait|", other=1500.0, value=600.0)
    values = [600.0, 1490.0, 3000.0]
    some = [report(str(n), n, wait(value)) for n, value in enumerate(values)]
    assert [each.claim.value for each in merge(some, [told])] == [600.0, 600.0, 3000.0]
    assert merge(some, [replace(told, crossing="salla")]) == some
