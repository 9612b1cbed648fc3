"""The shelves of regions and kinds: complete, and slips are refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from verst.errors import BadShelf
from verst.geography import load_kinds, load_regions

KIND: dict[str, Any] = {"id": "wait", "shape": "amount", "names": {"en": "Wait", "ru": "Ожидание"}}
SIDE = {"country": "RU", "zone": "Europe/Moscow"}
CROSSING = {"id": "here", "border": "RU-GE", "sides": [SIDE], "names": {"en": "Here", "ru": "Тут"}}
REGION: dict[str, Any] = {"id": "one", "names": {"en": "One", "ru": "Один"}, "crossings": [CROSSING]}


def test_every_kind_is_there_in_four_languages() -> None:
    kinds = {kind.id: kind for kind in load_kinds()}
    expected = "event flow flow_change mode_rule passage price queue_count queue_length rule service throughput wait"
    assert sorted(kinds) == expected.split()
    for kind in kinds.values():
        for names in (kind.names, *(names for _, names in kind.labels)):
            assert {language for language, _ in names} == {"en", "ru", "uk", "ar"}


def test_every_crossing_has_names_in_four_languages_and_sides_of_its_border() -> None:
    for region in load_regions():
        for crossing in region.crossings:
            assert {language for language, _ in crossing.names} == {"en", "ru", "uk", "ar"}, crossing.id
            if crossing.border != "AIR":
                assert "-".join(side.country for side in crossing.sides) == crossing.border


def test_every_rule_is_about_a_known_place() -> None:
    crossings = [crossing for region in load_regions() for crossing in region.crossings]
    known = {c.id for c in crossings} | {c.border for c in crossings}
    rules = [rule for region in load_regions() for rule in region.rules]
    assert rules
    for rule in rules:
        assert rule.where in known and rule.source, rule.id


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "regions/a.toml: region: unknown field 'colour'"),
        ({"crossings": [CROSSING | {"lat": 99.0, "lon": 1.0}]}, "not on the globe"),
        ({"crossings": [CROSSING | {"lanes": 0}]}, "above zero"),
        ({"crossings": [CROSSING | {"modes": ["camel"]}]}, "'camel' is not known"),
        ({"crossings": [CROSSING | {"sides": [SIDE | {"zone": "Mars/Base"}]}]}, "nobody knows 'Mars/Base'"),
        ({"names": {"en": "One"}}, "no name in 'ru'"),
    ],
)
def test_a_slip_in_a_region_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadShelf, match=message.replace(".", r"\.")):
        load_regions({"a": REGION | change})


def test_saying_a_crossing_twice_names_both_files() -> None:
    with pytest.raises(BadShelf, match=r"regions/b\.toml: crossing here is already said in regions/a\.toml"):
        load_regions({"a": REGION, "b": REGION | {"id": "two"}})


def test_saying_a_kind_twice_names_both_files() -> None:
    with pytest.raises(BadShelf, match=r"kinds/b\.toml: kind wait is already said in kinds/a\.toml"):
        load_kinds({"a": KIND, "b": KIND})


def test_an_option_without_a_label_is_refused() -> None:
    with pytest.raises(BadShelf, match="labels: nothing for 'open'"):
        load_kinds({"a": KIND | {"shape": "state", "options": ["open"]}})
